//! The shipped workflows on the core's world: what the language lowers is what the step carries out.

use std::{collections::BTreeMap, path::Path};

use countersign_core::{
    case::{
        Actor, CaseId, Doer, File, FileId, GroupId, LinkId, Partner, PartnerId, Person, PersonId,
        ServiceId,
    },
    command::{Act, Code, Command, NewComment, Opening},
    name::Name,
    outcome::Refusal,
    text::Language,
    time,
    world::{Request, Stub, World},
};
use countersign_language::load_folder;
use serde_json::{Value as Json, json};

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

struct Town {
    world: World,
    case: CaseId,
}

fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}

fn object(json: Json) -> serde_json::Map<String, Json> {
    match json {
        Json::Object(object) => object,
        other => panic!("{other} is no object"),
    }
}

fn town() -> Town {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../workflows");
    let checked = load_folder(&folder).expect("the folder is there");
    assert!(!checked.has_errors(), "{:#?}", checked.findings);
    let mut world = World::new(time::from_text("2026-11-23T01:00:00Z").expect("a moment"));
    for workflow in checked.workflows {
        world.publish(workflow);
    }
    for list in checked.lists {
        world.put_list(&list.name, list.entries.into_values());
    }
    let people: [(&str, Option<&str>, &[&str]); 14] = [
        ("pat", Some("acme"), &["partner_users"]),
        ("nina", Some("nordwind"), &["partner_users"]),
        ("rita", None, &["deal_reviewers"]),
        ("omar", None, &["deal_reviewers", "acceptance_reviewers"]),
        ("amy", None, &["acceptance_reviewers"]),
        ("ed", None, &["sow_experts"]),
        ("eva", None, &["sow_experts", "sow_managers"]),
        ("eli", None, &["sow_experts"]),
        ("mia", None, &["sow_managers"]),
        ("wei", None, &["psa"]),
        ("fin", None, &["finance"]),
        ("fay", None, &["finance"]),
        ("ada", None, &["administrators"]),
        ("bob", None, &[]),
    ];
    for (id, partner, groups) in people {
        world.put_person(Person {
            id: PersonId::new(id),
            name: id.to_owned(),
            email: format!("{id}@example.com"),
            language: if id == "wei" {
                Language::Zh
            } else {
                Language::En
            },
            timezone: None,
            partner: partner.map(PartnerId::new),
            groups: groups.iter().map(|group| GroupId::new(*group)).collect(),
            attributes: serde_json::Map::new(),
            away: None,
            stands_in: Vec::new(),
            mail: countersign_core::case::MailHabits::default(),
            disabled: false,
        });
    }
    world.put_partner(Partner {
        id: PartnerId::new("acme"),
        name: "Acme".into(),
    });
    Town {
        world,
        case: CaseId(uuid::Uuid::nil()),
    }
}

impl Town {
    fn of(&self, who: &str) -> Request {
        Request::of(match who {
            "erp" => Actor::Service(ServiceId::new(who)),
            who => Actor::Person(self.world.person(who).expect("somebody").clone()),
        })
    }

    fn open(
        &mut self,
        who: &str,
        workflow: &str,
        data: Json,
        links: &[(&str, CaseId)],
    ) -> Result<(), Refusal> {
        let links: BTreeMap<_, _> = links.iter().map(|(link, id)| (name(link), *id)).collect();
        let opening = Opening {
            data: object(data),
            links,
            ..Opening::default()
        };
        self.case = self.world.open(&self.of(who), workflow, &opening)?;
        Ok(())
    }

    fn act(&mut self, who: &str, action: &str, data: Json) -> Result<(), Refusal> {
        self.world.act(
            &self.of(who),
            self.case,
            Act {
                data: object(data),
                ..Act::new(action)
            },
        )
    }

    fn sure(&mut self, who: &str, action: &str) -> Result<(), Refusal> {
        let act = Act {
            confirm: true,
            ..Act::new(action)
        };
        self.world
            .act(&self.of(who).with_code(Code::Good), self.case, act)
    }

    fn saying(&mut self, who: &str, action: &str, at: &str) -> Result<(), Refusal> {
        let comment = NewComment {
            at: Some(at.into()),
            text: "Please look again.".into(),
            internal: false,
        };
        self.world.act(
            &self.of(who),
            self.case,
            Act {
                comments: vec![comment],
                ..Act::new(action)
            },
        )
    }

    fn edit(&mut self, who: &str, data: Json) {
        let command = Command::Edit { data: object(data) };
        self.world
            .command(&self.of(who), self.case, &command)
            .expect("may be edited");
    }

    fn attach(&mut self, who: &str, material: &str, file: &str) {
        let count = self.world.history(self.case).len() as u128;
        let file = File {
            id: FileId(uuid::Uuid::from_u128(count)),
            name: file.into(),
            size: 10,
            media_type: if file.ends_with("pdf") {
                "application/pdf"
            } else {
                DOCX
            }
            .into(),
            sha256: format!("{count:064x}"),
            uploaded_by: Doer::Person(PersonId::new(who)),
            uploaded_at: self.world.now(),
        };
        let command = Command::Attach {
            material: name(material),
            file,
        };
        self.world
            .command(&self.of(who), self.case, &command)
            .expect("may be attached");
    }

    fn state(&self) -> &str {
        self.world.case(self.case).expect("a case").state.as_str()
    }

    fn round(&self) -> u32 {
        self.world.case(self.case).expect("a case").round
    }

    fn mailed(&self, message: &str) -> Vec<String> {
        let mail = self
            .world
            .mail()
            .iter()
            .filter(|sent| sent.case == self.case && sent.mail.message == *message);
        mail.map(|sent| sent.mail.email.trim_end_matches("@example.com").to_owned())
            .collect()
    }

    fn no_incidents(&self) {
        assert_eq!(self.world.incidents(), []);
    }
}

fn missing(result: Result<(), Refusal>) -> Vec<String> {
    match result {
        Err(Refusal::Missing(missing)) => missing.into_iter().map(|missing| missing.name).collect(),
        other => panic!("{other:?} is not missing"),
    }
}

#[test]
fn a_large_deal_is_returned_approved_by_two_and_accepted_by_a_third() {
    let mut town = town();
    let deal = json!({ "deal": { "customer": "Northwind", "amount": "2000000", "close_date": "2026-12-20" } });
    town.open("pat", "deal_registration", deal, &[])
        .expect("a partner user may");
    town.act("pat", "submit", json!({})).expect("complete");
    town.saying("rita", "request_changes", "deal.amount")
        .expect("a reviewer may");
    assert_eq!(missing(town.act("pat", "resubmit", json!({}))), ["replies"]);
    town.edit("pat", json!({ "deal": { "amount": "2100000" } }));
    town.act("pat", "resubmit", json!({})).expect("answered");
    assert_eq!((town.state(), town.round()), ("review", 2));
    let grade = json!({ "evaluation": { "grade": "A", "summary": "Strong case" } });
    town.act("rita", "approve", grade.clone())
        .expect("one of two");
    assert_eq!(
        town.act("rita", "approve", grade.clone()),
        Err(Refusal::Voted)
    );
    town.act("omar", "approve", grade).expect("the second");
    assert_eq!(town.state(), "approved.result_ready");
    town.edit(
        "pat",
        json!({ "delivery": { "delivered_on": "2026-11-23", "statement": "Done" } }),
    );
    town.attach("pat", "acceptance_report", "report.pdf");
    town.act("pat", "apply_for_acceptance", json!({}))
        .expect("complete");
    assert_eq!(town.act("omar", "accept", json!({})), Err(Refusal::Except));
    town.act("amy", "accept", json!({}))
        .expect("an acceptance reviewer may");
    assert_eq!(town.state(), "approved.accepted");
    assert_eq!(
        town.mailed("review_wanted"),
        ["omar", "rita", "omar", "rita", "amy"]
    );
    assert_eq!(town.mailed("outcome"), ["pat", "pat"]);
    assert_eq!(
        town.world.case(town.case).expect("a case").title,
        "Northwind"
    );
    town.no_incidents();
}

#[test]
fn a_statement_of_work_is_checked_scored_returned_and_signed() {
    let mut town = town();
    let sow =
        |services: &[&str]| json!({ "sow": { "project": "Smart port", "services": services } });
    town.open(
        "pat",
        "sow_evaluation",
        sow(&["gaussdb", "cce", "ecs"]),
        &[],
    )
    .expect("a partner user may");
    town.attach("pat", "solution_plan", "plan.pdf");
    town.attach("pat", "self_check", "check.pdf");
    let lacking = missing(town.act("pat", "submit", json!({})));
    assert_eq!(
        lacking,
        [
            "agree_workload",
            "enough_advanced_services",
            "expert_feedback"
        ]
    );
    town.edit("wei", json!({ "workload": { "person_days": 40 } }));
    town.act("wei", "agree_workload", json!({}))
        .expect("agreed");
    town.edit("pat", sow(&["gaussdb", "cce", "dli"]));
    town.world.put_list(&name("cloud_services"), []);
    town.attach("pat", "expert_feedback", "feedback.docx");
    town.act("pat", "submit", json!({}))
        .expect("the list's change leaves the case alone");
    assert_eq!(
        town.mailed("review_wanted"),
        ["ed", "eli", "eva"].map(str::to_owned).to_vec()
    );
    let score = |points: i64| json!({ "score": { "points": points, "opinion": "Fine" } });
    town.act("ed", "approve", score(80)).expect("assigned");
    town.act("eva", "approve", score(70)).expect("assigned");
    assert_eq!(town.state(), "evaluation.sign_off");
    assert_eq!(town.sure("eva", "approve"), Err(Refusal::Except));
    town.saying("mia", "request_changes", "solution_plan")
        .expect("a manager may");
    assert_eq!(missing(town.act("pat", "resubmit", json!({}))), ["replies"]);
    town.attach("pat", "solution_plan", "better.pdf");
    town.act("pat", "resubmit", json!({}))
        .expect("the file changed");
    assert_eq!((town.state(), town.round()), ("evaluation.sign_off", 2));
    assert_eq!(
        town.act("mia", "approve", json!({})),
        Err(Refusal::CodeNeeded)
    );
    town.sure("mia", "approve").expect("a manager may");
    assert_eq!(town.state(), "passed");
    town.no_incidents();
}

#[test]
fn late_experts_are_told_to_their_manager_in_words() {
    let mut town = town();
    let sow = json!({ "sow": { "project": "Late", "services": ["gaussdb", "cce", "dli"] } });
    town.open("pat", "sow_evaluation", sow, &[])
        .expect("a partner user may");
    for material in ["solution_plan", "self_check", "expert_feedback"] {
        let file = if material == "expert_feedback" {
            "a.docx"
        } else {
            "a.pdf"
        };
        town.attach("pat", material, file);
    }
    town.edit("wei", json!({ "workload": { "person_days": 5 } }));
    town.act("wei", "agree_workload", json!({}))
        .expect("agreed");
    town.act("pat", "submit", json!({})).expect("complete");
    town.world
        .advance_to(time::from_text("2026-12-03T01:00:00Z").expect("a moment"));
    assert_eq!(town.mailed("experts_late"), ["eva", "mia"]);
    let sent = town
        .world
        .mail()
        .iter()
        .find(|sent| sent.mail.message == *"experts_late")
        .expect("a mail");
    assert!(
        sent.mail.subject.starts_with("SOW-2026-00001"),
        "{:?}",
        sent.mail
    );
    assert!(
        format!("{:?}", sent.mail.body).contains("Expert"),
        "{:?}",
        sent.mail.body
    );
    town.no_incidents();
}

#[test]
fn a_payment_is_refused_until_all_is_in_order_and_then_paid_once() {
    let mut town = town();
    let stub = Stub {
        workflow: "incentive_application".into(),
        partner: Some(PartnerId::new("acme")),
        starter: None,
        state: "review".into(),
        data: object(json!({ "application": { "programme": "Growth", "ceiling": "50000" } })),
    };
    let ia = town.world.put_case(&stub).expect("a sound stub");
    let payment = |quarter: &str, amount: &str| json!({ "payment": { "quarter": quarter, "amount": amount, "account": "6222 0000 1111" } });
    let open =
        |town: &mut Town, data| town.open("pat", "incentive_payment", data, &[("incentive", ia)]);
    assert_eq!(
        missing(open(&mut town, json!({}))),
        ["incentive", "commercially_certified"]
    );
    town.world.place_case(ia, "approved").expect("a state");
    town.world.set_fact(
        &name("partner"),
        "acme",
        "commercial_certified",
        json!(true),
    );
    open(&mut town, payment("2026q4", "60000")).expect("approved and certified");
    assert_eq!(
        missing(town.act("pat", "next", json!({}))),
        ["quarter_is_over", "within_ceiling"]
    );
    open(&mut town, payment("2026q3", "40000")).expect("another quarter");
    town.attach("pat", "invoice", "i.pdf");
    town.act("pat", "next", json!({})).expect("complete");
    assert_eq!(
        missing(town.act("pat", "submit", json!({}))),
        ["confirm", "code"]
    );
    town.sure("pat", "submit").expect("confirmed");
    let (first, again) = (town.case, open(&mut town, payment("2026q3", "1")));
    assert_eq!(missing(again), ["one_request_a_quarter"]);
    town.case = first;
    town.act("fin", "approve", json!({})).expect("one of two");
    town.act("fay", "approve", json!({})).expect("the second");
    assert_eq!((town.state(), town.world.calls().len()), ("paying", 1));
    let call = &town.world.calls()[0];
    assert_eq!(
        (&*call.hook.hook, call.hook.state.as_str()),
        ("pay_partner", "paying")
    );
    let act = Act {
        delivery: Some(call.id),
        ..Act::new("paid")
    };
    town.world
        .act(&town.of("erp"), town.case, act)
        .expect("the answer");
    assert_eq!(town.state(), "paid");
    town.no_incidents();
}

#[test]
fn a_draft_payment_is_cancelled_when_its_claim_period_ends() {
    let mut town = town();
    town.world.set_fact(
        &name("partner"),
        "acme",
        "commercial_certified",
        json!(true),
    );
    let stub = Stub {
        workflow: "incentive_application".into(),
        partner: Some(PartnerId::new("acme")),
        starter: None,
        state: "approved".into(),
        data: object(json!({ "application": { "programme": "Growth", "ceiling": "50000" } })),
    };
    let ia = town.world.put_case(&stub).expect("a sound stub");
    let data =
        json!({ "payment": { "quarter": "2026q3", "amount": "1", "account": "6222 0000 1111" } });
    town.open("pat", "incentive_payment", data, &[("incentive", ia)])
        .expect("approved and certified");
    town.world
        .advance_to(time::from_text("2026-12-31T15:59:59Z").expect("a moment"));
    assert_eq!(town.state(), "filling");
    town.world
        .advance_to(time::from_text("2026-12-31T16:00:00Z").expect("a moment"));
    assert_eq!(town.state(), "cancelled");
}

#[test]
fn an_invitation_is_accepted_by_its_link_in_time() {
    let mut town = town();
    let data = json!({ "invitation": { "email": "bob@example.com", "name": "Bob", "role": "partner_user" } });
    town.open("ada", "invitation", data, &[])
        .expect("an administrator may");
    let link = |town: &Town, action: &str| -> LinkId {
        let sent = town.world.mail().last().expect("a mail");
        let found = sent
            .links()
            .find(|(known, _)| **known == *action)
            .map(|(_, link)| link);
        found.expect("a button")
    };
    let first = link(&town, "accept");
    town.world
        .advance_to(time::from_text("2026-11-30T01:00:00Z").expect("a moment"));
    assert_eq!(town.state(), "expired");
    let accept = |town: &mut Town, link| {
        let holder = town
            .world
            .link_holder(link)
            .expect("a link that was mailed");
        town.world.act(
            &Request::of(holder).with_code(Code::Good),
            town.case,
            Act::new("accept"),
        )
    };
    assert_eq!(accept(&mut town, first), Err(Refusal::DeadLink));
    town.act("ada", "resend", json!({}))
        .expect("may be sent again");
    assert_eq!(accept(&mut town, first), Err(Refusal::DeadLink));
    let second = link(&town, "accept");
    accept(&mut town, second).expect("in time");
    assert_eq!(town.state(), "accepted");
    let subject = &town.world.mail()[0].mail.subject;
    assert!(
        subject.contains("join as Partner user; answer by "),
        "{subject}"
    );
    town.no_incidents();
}

//! What answers look like, byte for byte where the API says so, and what is kept from whom.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use serde_json::{Value as Json, json};

use super::*;
use crate::{
    case::{Case, Channel},
    history::{Change, Entry, Hash, Personal, SealedEntry, What},
    outcome::{Last, Missing, Refusal},
    sample::{self, actor, at, name},
    text::Text,
    workflow::{Place, StatePath, Workflow},
};

fn case(workflow: &Workflow, state: &str, visited: &[&str]) -> Case {
    let mut case = sample::case(workflow, state, visited);
    case.content = serde_json::from_value(json!({
        "forms": {
            "deal": {
                "customer": "Northwind", "amount": "330000.00", "account": "1234567890",
                "service": { "id": "ecs", "name": { "en": "Servers", "zh": "服务器" }, "advanced": false },
            },
            "evaluation": { "grade": "A" },
        },
        "copies": { "score": [
            { "by": { "person": "rita" }, "state": "review", "visit": 1, "values": { "points": 80 } },
            { "by": { "person": "omar" }, "state": "review", "visit": 1, "values": { "points": 10 } },
        ] },
        "materials": { "report": [{
            "id": uuid::Uuid::from_u128(3), "name": "r.pdf", "size": 9, "type": "application/pdf",
            "sha256": "00", "uploaded_by": { "person": "pat" }, "uploaded_at": "2026-11-23T00:30:00Z",
        }] },
        "links": {},
        "comments": [
            comment(1, "deal.amount", "Please add the tax.", false),
            comment(2, "deal", "Between us.", true),
            comment(3, "evaluation.grade", "On the grade.", false),
        ],
    }))
    .unwrap();
    case
}

fn comment(id: u128, at: &str, text: &str, internal: bool) -> Json {
    json!({
        "id": uuid::Uuid::from_u128(id), "at": at, "text": text, "by": { "person": "rita" },
        "recorded_at": "2026-11-23T01:30:00Z", "internal": internal, "round": 1, "by_starter_side": false,
        "replies": [{ "text": "Done.", "by": { "person": "pat" }, "recorded_at": "2026-11-23T01:40:00Z", "by_starter_side": true }],
        "open": true, "changed_since": false,
    })
}

fn in_review(workflow: &Workflow) -> Case {
    let mut case = case(workflow, "review", &["draft"]);
    let ballot = json!({
        "state": "review", "visit": 1, "opened_at": "2026-11-23T01:00:00Z", "assigned": null, "decided": null,
        "votes": [{ "by": "rita", "decision": "approve", "at": "2026-11-23T02:00:00Z", "round": 1, "fallen": null }],
    });
    case.ballots.push(serde_json::from_value(ballot).unwrap());
    case.due = serde_json::from_value(json!({ "review": "2026-11-26T01:00:00Z" })).unwrap();
    case.timers = serde_json::from_value(json!([
        { "state": "review", "timer": "late", "due": "2026-11-27T01:00:00Z", "fired": 0, "fired_for": null },
        { "state": "review", "timer": "remind", "due": "2026-11-26T01:00:00Z", "fired": 1, "fired_for": null },
        { "state": "review", "timer": "rests", "due": null, "fired": 0, "fired_for": null },
    ]))
    .unwrap();
    case
}

fn tally() -> Tally {
    Tally {
        state: crate::workflow::StatePath::new("review"),
        votes: vec![
            TallyOf {
                decision: name("approve"),
                have: 1,
                need: Some(2),
            },
            TallyOf {
                decision: name("reject"),
                have: 0,
                need: None,
            },
        ],
        mine: None,
        may_vote: vec![crate::case::PersonId::new("omar")],
        panels: Vec::new(),
    }
}

fn look(who: &str, case: &Case, now: &str, language: Language) -> Json {
    let (workflow, inputs, actor) = (sample::workflow(), sample::inputs(), actor(who));
    let reading = Reading::new(&inputs, &actor);
    let viewer = Viewer {
        actor: &actor,
        language,
        now: at(now),
        reading: &reading,
    };
    let tally = case
        .ballots
        .iter()
        .any(|ballot| ballot.decided.is_none())
        .then(tally);
    let view = case_view(&viewer, &workflow, case, &[], tally.as_slice());
    assert!(reading.is_complete(), "{:?}", reading.missing());
    serde_json::to_value(view).unwrap()
}

#[test]
fn a_case_serialises_as_the_api_says() {
    let (workflow, inputs, pat) = (sample::workflow(), sample::inputs(), actor("pat"));
    let reading = Reading::new(&inputs, &pat);
    let viewer = Viewer {
        actor: &pat,
        language: Language::En,
        now: at("2026-11-23T05:00:00Z"),
        reading: &reading,
    };
    let offer = Offer {
        id: name("apply"),
        title: Text::new("Apply", "申请"),
        kind: OfferKind::Action,
        allowed: false,
        missing: vec![Missing {
            name: "deal".into(),
            message: Text::new("Fill in: Date.", "请填写：日期。"),
            at: Some(Place::Field(name("deal"), name("close_date"))),
        }],
        confirm: None,
        forms: vec![],
        comment: false,
        code: false,
    };
    let case = case(&workflow, "approved.ready", &["draft", "review"]);
    let view = case_view(&viewer, &workflow, &case, &[offer], &[]);
    let text = serde_json::to_string(&view).unwrap();
    let expected = concat!(
        r#"{"id":"00000000-0000-0000-0000-000000000007","number":"DR-2026-00042","workflow":"deal_registration","version":1,"#,
        r#""title":"Northwind","state":"approved.ready","state_title":"approved.ready","lifecycle":"running","end":null,"#,
        r#""round":1,"revision":2,"since":"2026-11-23T02:00:00Z","etag":3,"partner":"acme","opened_by":"pat","#,
        r#""opened_at":"2026-11-23T00:00:00Z","#,
        r#""due_at":null,"overdue":false,"data":{"deal":{"customer":"Northwind","amount":"330000.00","#,
        r#""service":{"id":"ecs","name":"Servers","advanced":false},"account":"1234567890"},"evaluation":{"grade":"A"}},"#,
        r#""edit":["deal.note"],"materials":{"report":[{"id":"00000000-0000-0000-0000-000000000003","name":"r.pdf","size":9,"#,
        r#""type":"application/pdf","sha256":"00","uploaded_by":"pat","uploaded_at":"2026-11-23T00:30:00Z"}]},"#,
    );
    assert!(text.starts_with(expected), "{text}");
    let json: Json = serde_json::from_str(&text).unwrap();
    let members: Vec<_> = json
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        members[18..],
        [
            "data",
            "edit",
            "materials",
            "comments",
            "waiting_for",
            "review",
            "actions",
            "timers"
        ]
    );
    assert_eq!(
        json["waiting_for"][0],
        json!({ "role": "applicant", "people": ["pat"] })
    );
    assert_eq!(
        json["actions"],
        json!([{
            "id": "apply", "title": "Apply", "kind": "action", "allowed": false,
            "missing": [{ "name": "deal", "message": "Fill in: Date.", "at": "deal.close_date" }],
        }])
    );
}

#[test]
fn rule_18_private_values_and_reviewers_are_kept_from_the_partners_side() {
    let workflow = sample::workflow();
    let case = in_review(&workflow);
    let pats = look("pat", &case, "2026-11-23T05:00:00Z", Language::Zh);
    assert_eq!(pats["data"]["deal"]["service"]["name"], "服务器");
    assert!(pats["data"].get("evaluation").is_none() && pats["data"].get("score").is_none());
    let comments = pats["comments"].as_array().unwrap();
    assert_eq!(
        comments.len(),
        1,
        "neither the internal one nor the one on a hidden place: {comments:?}"
    );
    assert!(comments[0].get("by").is_none());
    assert_eq!(comments[0]["replies"][0]["by"], "pat");
    assert_eq!(
        pats["review"],
        json!({ "state": "review", "votes": { "approve": { "have": 1, "need": 2 }, "reject": { "have": 0, "need": null } } })
    );
    assert_eq!(pats["waiting_for"], json!([{ "role": "reviewer" }]));
    assert!(
        !pats.to_string().contains("rita") && !pats.to_string().contains("omar"),
        "{pats}"
    );

    let ritas = look("rita", &case, "2026-11-23T05:00:00Z", Language::En);
    assert!(
        ritas["data"]["deal"].get("account").is_none(),
        "private to others"
    );
    assert_eq!(ritas["comments"].as_array().unwrap().len(), 3);
    assert_eq!(ritas["review"]["may_vote"], json!(["omar"]));
    assert_eq!(
        ritas["waiting_for"],
        json!([{ "role": "reviewer", "people": ["omar"] }])
    );
}

#[test]
fn a_claimed_turn_waits_for_who_claimed_it_and_a_delegated_one_for_who_got_it() {
    let workflow = sample::workflow();
    let waiting = |case: &Case| {
        let shown = look("rita", case, "2026-11-23T05:00:00Z", Language::En);
        shown["waiting_for"][0]["people"].clone()
    };
    let mut case = in_review(&workflow);
    case.claim = serde_json::from_value(json!({
        "state": "review", "by": "omar", "role": "reviewer",
        "at": "2026-11-23T03:00:00Z", "until": "2026-11-23T07:00:00Z",
    }))
    .unwrap();
    assert_eq!(waiting(&case), json!(["omar"]));

    let mut ready = sample::case(&workflow, "approved.ready", &["draft", "review"]);
    ready.mandates = serde_json::from_value(json!([{
        "state": "approved.ready", "from": "fin", "to": "rita", "by": "fin", "at": "2026-11-23T03:00:00Z",
    }]))
    .unwrap();
    let shown = look("rita", &ready, "2026-11-23T05:00:00Z", Language::En);
    let finance = shown["waiting_for"].as_array().unwrap();
    let finance = finance.iter().find(|turn| turn["role"] == "finance");
    assert_eq!(finance.unwrap()["people"], json!(["rita"]));
}

#[test]
fn rule_6_copies_are_those_of_standing_votes_and_ones_own() {
    let workflow = sample::workflow();
    let case = in_review(&workflow);
    let ritas = look("rita", &case, "2026-11-23T05:00:00Z", Language::En);
    assert_eq!(
        ritas["data"]["score"],
        json!([{ "by": "rita", "points": 80 }])
    );
    let omars = look("omar", &case, "2026-11-23T05:00:00Z", Language::En);
    assert_eq!(omars["data"]["score"].as_array().unwrap().len(), 2);
}

#[test]
fn a_case_is_overdue_from_its_due_moment_on() {
    let workflow = sample::workflow();
    let case = in_review(&workflow);
    let overdue = |now: &str| look("rita", &case, now, Language::En)["overdue"].clone();
    assert_eq!(overdue("2026-11-26T00:59:59.999Z"), false);
    assert_eq!(overdue("2026-11-26T01:00:00Z"), true);
}

#[test]
fn timers_are_those_that_will_fire_earliest_first() {
    let workflow = sample::workflow();
    let view = look(
        "pat",
        &in_review(&workflow),
        "2026-11-23T05:00:00Z",
        Language::En,
    );
    let timers: Vec<_> = view["timers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|timer| timer["timer"].clone())
        .collect();
    assert_eq!(timers, ["remind", "late"]);
    assert_eq!(
        view["timers"][0],
        json!({ "timer": "remind", "state": "review", "due": "2026-11-26T01:00:00Z" })
    );
}

fn entry(number: u64, what: What, by: Json, role: &str, personal: Personal) -> SealedEntry {
    let entry = Entry {
        entry: number,
        recorded_at: at("2026-11-23T01:30:00Z"),
        actor: serde_json::from_value(by).unwrap(),
        role: Some(name(role)),
        channel: Channel::Api,
        what,
        action: None,
        from: Some(StatePath::new("review")),
        to: None,
        round: 1,
        revision: 2,
        etag: 3,
        digest: Hash::of(&[]),
    };
    SealedEntry::seal(entry, personal, [1; 16], None)
}

fn change(at: &str, now: Json) -> Change {
    Change {
        at: at.into(),
        was: Json::Null,
        now,
    }
}

/// An edit, a vote, an internal and an open comment, an erased edit, a timer.
fn entries() -> [SealedEntry; 6] {
    let pats = json!({ "person": "pat" });
    let ritas = json!({ "person": "rita" });
    let edit = Personal {
        changes: vec![
            change("deal.customer", json!("Northwind")),
            change("deal.account", json!("12")),
            change("evaluation.grade", json!("A")),
        ],
        ..Personal::default()
    };
    let says = |text: &str, detail: Json| Personal {
        text: Some(text.into()),
        detail,
        ..Personal::default()
    };
    let mut erased = entry(5, What::Edit, pats.clone(), "applicant", edit.clone());
    erased.personal = Personal::default();
    let fine = says("Fine.", Json::Null);
    let internal = says("Between us.", json!({ "internal": true }));
    let open = says("Add the tax.", json!({ "at": "deal.amount" }));
    let timer = json!({ "timer": "remind" });
    [
        entry(1, What::Edit, pats, "applicant", edit),
        entry(2, What::Vote, ritas.clone(), "reviewer", fine),
        entry(3, What::Comment, ritas.clone(), "reviewer", internal),
        entry(4, What::Comment, ritas, "reviewer", open),
        erased,
        entry(6, What::Timer, timer, "reviewer", Personal::default()),
    ]
}

/// The history as somebody reads it.
fn read(who: &str) -> Vec<Json> {
    let (workflow, inputs, actor) = (sample::workflow(), sample::inputs(), actor(who));
    let reading = Reading::new(&inputs, &actor);
    let viewer = Viewer {
        actor: &actor,
        language: Language::En,
        now: at("2026-11-23T05:00:00Z"),
        reading: &reading,
    };
    let view = history_view(&viewer, &workflow, &in_review(&workflow), &entries());
    let view = view.iter().map(serde_json::to_value);
    view.collect::<Result<_, _>>().unwrap()
}

fn changed_places(entry: &Json) -> Vec<&Json> {
    let changes = entry["changes"].as_array().unwrap();
    changes.iter().map(|change| &change["at"]).collect()
}

#[test]
fn history_is_masked_for_the_partners_side() {
    let pats = read("pat");
    let numbers: Vec<_> = pats.iter().map(|entry| &entry["entry"]).collect();
    assert_eq!(numbers, [1, 2, 4, 5, 6]);
    assert_eq!(changed_places(&pats[0]), ["deal.customer", "deal.account"]);
    let actors = [0, 1, 4].map(|at: usize| &pats[at]["actor"]);
    assert_eq!(actors, [&json!("pat"), &Json::Null, &json!("timer:remind")]);
    let told = pats[1].get("text");
    assert_eq!(told, None, "the comment's own entry tells it");
    assert_eq!(pats[2]["text"], "Add the tax.");
    assert_eq!(pats[2]["at"], "deal.amount");
    assert_eq!(pats[3]["changes"], Json::Null, "erased");
}

#[test]
fn history_tells_reviewers_what_is_not_private() {
    let ritas = read("rita");
    assert_eq!(ritas.len(), 6);
    assert_eq!(ritas[1]["actor"], "rita");
    assert_eq!(ritas[2]["text"], "Between us.");
    assert_eq!(
        changed_places(&ritas[0]),
        ["deal.customer", "evaluation.grade"]
    );
}

#[test]
fn a_summary_says_where_it_is_and_whose_turn() {
    let workflow = sample::workflow();
    let row = summary(
        &workflow,
        &in_review(&workflow),
        at("2026-11-26T01:00:00Z"),
        Language::Zh,
        Some(&tally()),
    );
    let row = serde_json::to_value(row).unwrap();
    assert_eq!(
        (&row["state_title"], &row["overdue"], &row["waiting_for"]),
        (&json!("<review>"), &json!(true), &json!(["reviewer"]))
    );
    assert_eq!(row["votes"]["approve"], json!({ "have": 1, "need": 2 }));
}

#[test]
fn every_refusal_has_words_in_both_languages() {
    let workflow = sample::workflow();
    let last = Some(Last {
        what: name("approve"),
        by: Some(crate::case::Doer::Person(crate::case::PersonId::new(
            "rita",
        ))),
        when: at("2026-11-23T05:00:00Z"),
    });
    let refusals = [
        Refusal::NotFound,
        Refusal::UnknownAction {
            nearest: Some(name("approve")),
        },
        Refusal::Stale { etag: 3 },
        Refusal::DeadLink,
        Refusal::Who {
            at: Some(Place::Whole(name("deal"))),
        },
        Refusal::NotHere {
            state: StatePath::new("review"),
            last,
        },
        Refusal::When,
        Refusal::Except,
        Refusal::Voted,
        Refusal::Invalid(vec![]),
        Refusal::Missing(vec![]),
        Refusal::CodeNeeded,
        Refusal::OnHold,
    ];
    for refusal in refusals {
        let (title, detail) = refusal_text(&refusal, Some(&workflow));
        for text in [title, detail] {
            assert!(
                !text.en.is_empty() && text.zh.chars().any(|c| c > '\u{2fff}'),
                "{refusal:?}: {text:?}"
            );
            assert!(
                !text.en.contains("rita"),
                "a reviewer's name is told to those who may know it"
            );
        }
    }
}

#[test]
fn what_happened_last_is_called_by_its_title() {
    let workflow = sample::workflow();
    let told = |what: &str| {
        let refusal = Refusal::NotHere {
            state: StatePath::new("review"),
            last: Some(Last {
                what: name(what),
                by: None,
                when: at("2026-11-23T05:00:00Z"),
            }),
        };
        refusal_text(&refusal, Some(&workflow)).1.zh
    };
    assert!(
        told("approve").ends_with("最近的操作：“<approve>”。"),
        "{}",
        told("approve")
    );
    assert!(told("lapse").ends_with("最近的操作：lapse。"), "a timer");
}

#[test]
fn needs_name_the_groups_and_people_that_a_view_reads() {
    let workflow = sample::workflow();
    let needed = needs(&workflow, &in_review(&workflow));
    assert!(needed.groups.contains("deal_reviewers"));
    let people: Vec<_> = needed.people.iter().map(ToString::to_string).collect();
    assert_eq!(people, ["omar", "pat", "rita"]);
}

//! The workflows that are shipped, drawn in both languages: whole, legible, and as in `golden/`. Tests only.
//!
//! `COUNTERSIGN_WRITE_GOLDEN=1 cargo test -p countersign-diagram` writes the files of `golden/` anew, and
//! `COUNTERSIGN_WRITE_PICTURES=folder` all drawings into that folder, to be looked at.

use crate::quality::faults;
use crate::text::escape;
use crate::{CaseMark, in_words, layout, mermaid, read, svg};
use countersign_core::{
    case::{Actor, CaseId, GroupId, Partner, PartnerId, Person, PersonId},
    command::{Act, NewComment, Opening},
    text::Language,
    time,
    workflow::Workflow,
    world::{Request, World},
};
use serde_json::{Value as Json, json};
use std::{env, fs, path::Path, sync::Arc};

const HERE: &str = env!("CARGO_MANIFEST_DIR");

fn shipped() -> Vec<Arc<Workflow>> {
    let checked = countersign_language::load_folder(&Path::new(HERE).join("../../workflows"))
        .expect("a folder of workflows");
    assert!(!checked.has_errors(), "{:?}", checked.findings);
    assert!(
        checked.workflows.len() >= 4,
        "only {} workflows",
        checked.workflows.len()
    );
    checked.workflows
}

#[test]
fn every_state_stands_once_and_every_label_is_there() {
    for workflow in shipped() {
        for language in Language::ALL {
            let svg = svg(&workflow, language, None);
            if let Some(folder) = env::var_os("COUNTERSIGN_WRITE_PICTURES") {
                let name = format!("{}.{language}.svg", workflow.id);
                fs::write(Path::new(&folder).join(name), &svg).expect("a writable folder");
            }
            for state in workflow.states.iter() {
                let drawn = svg
                    .matches(&format!("data-state=\"{}\"", state.path))
                    .count();
                assert_eq!(drawn, 1, "{} of {} in {language}", state.path, workflow.id);
            }
            let picture = read::read(&workflow, language, None);
            let plan = layout::lay_out(&picture);
            let lines = plan
                .arrows
                .iter()
                .flat_map(|arrow| &arrow.lines)
                .map(|line| &line.text);
            for line in lines.chain(plan.states.iter().flat_map(|state| &state.title)) {
                assert!(
                    svg.contains(&format!(">{}</text>", escape(line))),
                    "{line} of {} in {language}",
                    workflow.id
                );
            }
            assert!(
                svg.starts_with("<svg ")
                    && svg.contains("role=\"img\"")
                    && svg.contains("<title>")
                    && svg.contains("<desc>")
            );
        }
    }
}

#[test]
fn nothing_overlaps_and_nothing_leaves_the_page() {
    for workflow in shipped() {
        for language in Language::ALL {
            let picture = read::read(&workflow, language, None);
            assert!(
                layout::woven(&picture).is_some(),
                "{} is a list",
                workflow.id
            );
            assert_eq!(
                faults(&picture, &layout::lay_out(&picture)),
                Vec::<String>::new(),
                "{} in {language}",
                workflow.id
            );
        }
    }
}

#[test]
fn golden_mermaid_files_are_current() {
    let golden = Path::new(HERE).join("golden");
    let write = env::var_os("COUNTERSIGN_WRITE_GOLDEN").is_some();
    let mut wanted = vec![];
    for workflow in shipped() {
        for language in Language::ALL {
            let name = format!("{}.{language}.mmd", workflow.id);
            let chart = mermaid(&workflow, language);
            if write {
                fs::create_dir_all(&golden).expect("a writable folder");
                fs::write(golden.join(&name), &chart).expect("a writable folder");
            }
            let kept = fs::read_to_string(golden.join(&name)).unwrap_or_default();
            assert_eq!(
                kept, chart,
                "golden/{name} is out of date: see the head of shipped.rs"
            );
            wanted.push(name);
        }
    }
    let kept = fs::read_dir(&golden).expect("the folder of golden files");
    for file in kept {
        let name = file
            .expect("a readable folder")
            .file_name()
            .to_string_lossy()
            .into_owned();
        assert!(
            wanted.contains(&name),
            "golden/{name} belongs to no workflow"
        );
    }
}

#[test]
fn a_deal_is_marked_by_its_own_history() {
    let (world, case) = approved_at_second_try();
    let workflow = world
        .workflow("deal_registration")
        .expect("it was published");
    let history = world.history(case).iter().map(|sealed| &sealed.entry);
    let mark = CaseMark::of(world.case(case).expect("it was opened"), history);
    let picture = read::read(&workflow, Language::En, Some(&mark));
    let id = |state: usize| picture.states[state].id.as_str();
    let taken = picture
        .arrows
        .iter()
        .filter(|arrow| arrow.taken)
        .map(|arrow| (id(arrow.from), id(arrow.to)));
    assert_eq!(
        taken.collect::<Vec<_>>(),
        [
            ("draft", "review"),
            ("review", "approved"),
            ("review", "changes_requested"),
            ("changes_requested", "review")
        ]
    );
    let view = picture.case.as_ref().expect("a case was given");
    let ids = |states: &[usize]| states.iter().map(|at| id(*at)).collect::<Vec<_>>();
    assert_eq!(ids(&view.current), ["approved.result_ready"]);
    assert_eq!(ids(&view.started), ["approved"]);
    assert_eq!(
        faults(&picture, &layout::lay_out(&picture)),
        Vec::<String>::new()
    );
    assert_eq!(
        in_words(&workflow, Language::Zh, Some(&mark)),
        "草稿 → 评审中 (提交) → 待修改 (退回修改) → 评审中 (重新提交) → 已批准（可查看评估结果） (批准)。当前：已批准（可查看评估结果）。"
    );
}

/// A deal that is sent back once and then approved, in the world that `step` runs in.
fn approved_at_second_try() -> (World, CaseId) {
    let (pat, rita) = (
        person("pat", Some("acme"), "partner_users"),
        person("rita", None, "deal_reviewers"),
    );
    let mut world = world_of(&[&pat, &rita]);
    let by = |person: &Person| Request::of(Actor::Person(person.clone()));
    let deal = json!({ "deal": { "customer": "Northwind", "amount": "330000.00", "close_date": "2026-12-31" } });
    let opening = Opening {
        data: object(deal),
        ..Opening::default()
    };
    let case = world
        .open(&by(&pat), "deal_registration", &opening)
        .expect("pat may open it");
    let steps = [
        (&pat, Act::new("submit")),
        (&rita, sent_back()),
        (
            &pat,
            with_data("resubmit", json!({ "deal": { "amount": "300000.00" } })),
        ),
        (
            &rita,
            with_data(
                "approve",
                json!({ "evaluation": { "grade": "A", "summary": "Sound" } }),
            ),
        ),
    ];
    for (person, act) in steps {
        let name = act.action.clone();
        world
            .act(&by(person), case, act)
            .unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"));
    }
    (world, case)
}

fn world_of(people: &[&Person]) -> World {
    let mut world = World::new(time::from_text("2026-11-23T01:00:00Z").expect("a moment"));
    for workflow in shipped() {
        world.publish(workflow);
    }
    world.put_partner(Partner {
        id: PartnerId::new("acme"),
        name: "Acme".into(),
    });
    for person in people {
        world.put_person((*person).clone());
    }
    world
}

fn sent_back() -> Act {
    let comment = NewComment {
        at: Some("deal.amount".into()),
        text: "Too high".into(),
        internal: false,
    };
    Act {
        comments: vec![comment],
        ..Act::new("request_changes")
    }
}

fn with_data(action: &str, data: Json) -> Act {
    Act {
        data: object(data),
        ..Act::new(action)
    }
}

fn person(id: &str, partner: Option<&str>, group: &str) -> Person {
    Person {
        id: PersonId::new(id),
        name: id.to_owned(),
        email: format!("{id}@example.com"),
        language: Language::En,
        timezone: None,
        partner: partner.map(PartnerId::new),
        groups: vec![GroupId::new(group)].into_iter().collect(),
        attributes: serde_json::Map::new(),
        away: None,
        stands_in: Vec::new(),
        mail: countersign_core::case::MailHabits::default(),
        disabled: false,
    }
}

fn object(json: Json) -> serde_json::Map<String, Json> {
    match json {
        Json::Object(object) => object,
        other => panic!("{other} is not an object"),
    }
}

//! The pure world as the model of both stores: random turns are played in a `World` and in an engine over a real store
//! whose clock stands at the same moments. Each turn has the same outcome, after each the case is the same, and in the
//! end all cases and histories are. Nothing is drawn by lot here, nobody answers from outside, and no facts change.

mod both;
mod real;
mod same;
mod stage;

use countersign_core::{
    explore::{Chance, Explorer, Known, Turn},
    name::Name,
    workflow::Workflow,
};
use countersign_tests::postgres;
use serde_json::{Value as Json, json};
use stage::Stage;

use both::Both;

/// How many turns are played of each workflow, in one world and one store.
const TURNS: usize = 200;
/// What is made up follows from it.
const SEED: u64 = 1;

/// Workflows, and forms as people fill them in.
fn workflows() -> [(&'static str, Json); 5] {
    let deal = json!({
        "deal": [
            { "customer": "Northwind", "amount": "300000", "close_date": "2026-12-20" },
            { "customer": "Contoso", "amount": "2000000", "close_date": "2026-12-20" },
        ],
        "evaluation": [{ "grade": "A", "summary": "Strong case" }],
        "delivery": [{ "delivered_on": "2026-11-23", "statement": "Done" }],
    });
    let sow = json!({
        "sow": [{ "project": "Smart port", "services": ["gaussdb", "cce", "dli"] }],
        "workload": [{ "person_days": 12 }],
        "score": [{ "points": 80, "opinion": "Good" }],
    });
    let application = json!({ "application": [{ "programme": "Growth", "ceiling": "50000" }] });
    let fund = json!({
        "event": [{ "name": "Cloud day", "held_on": "2026-12-10", "budget": "5000", "plan": "A day." }],
        "approval": [{ "amount": "2000" }],
        "claim": [
            { "amount": "100", "invoices": [{ "number": "I1", "face_value": "1500" }] },
            { "amount": "100", "invoices": [{ "number": "I2", "face_value": "499.99" }] },
        ],
    });
    let solution = json!({
        "solution": [
            { "id": "s1", "name": "Port", "kind": "cloud_software", "contact": "Lin", "shared_with": [] },
            { "id": "s2", "name": "Dock", "kind": "cloud_software", "contact": "Lin", "shared_with": [] },
        ],
    });
    [
        ("deal_registration", deal),
        ("sow_evaluation", sow),
        ("incentive_application", application),
        // Places in limits that outlast a case.
        ("market_fund", fund),
        // Tracks.
        ("solution_certification", solution),
    ]
}

/// What is known of good values.
fn known(forms: &Json) -> Known {
    let forms = forms.as_object().expect("forms by name").iter();
    let filled = forms.flat_map(|(form, filled)| {
        let filled = filled.as_array().expect("each as it was filled in");
        let name = Name::parse(form).expect("a form's name");
        filled
            .iter()
            .map(move |values| (name.clone(), values.as_object().expect("a form").clone()))
    });
    Known {
        forms: filled.collect(),
        numbers: vec![1_000_000],
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_world_and_sqlite_tell_the_same_stories() {
    for (workflow, forms) in workflows() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let stage = Stage::on_sqlite(workflow, folder.path()).await;
        tell(stage, workflow, &forms, SEED).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_world_and_postgresql_tell_the_same_stories() {
    let Some(server) = postgres::server() else {
        return;
    };
    for (workflow, forms) in workflows() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let stage = Stage::on_postgresql(&server, workflow, folder.path()).await;
        tell(stage, workflow, &forms, SEED).await;
    }
}

/// Tells a story in both, and compares them after each turn.
async fn tell(stage: Stage, workflow: &str, forms: &Json, seed: u64) {
    let told = format!("{workflow}, seed {seed}");
    let mut explorer = explorer(&stage, workflow, forms, &told);
    let mut both = Both::new(stage);
    let (mut played, mut done, mut refused) = (0, 0, 0);
    while played < TURNS {
        let turn = explorer.turn(both.world(), both.newest());
        if !matches!(turn, Turn::Event(_) | Turn::Wait(_)) {
            continue;
        }
        played += 1;
        let happened = both.play(&turn).await;
        let outcome = happened.unwrap_or_else(|differs| {
            panic!("{told}, turn {played}: {turn:?}\n{differs}");
        });
        match outcome {
            Ok(()) => done += 1,
            Err(_) => refused += 1,
        }
    }
    let cases = both.end().await.unwrap_or_else(|differs| {
        panic!("{told}, after all turns:\n{differs}");
    });
    // A story in which little happens would compare little.
    assert!(
        done > TURNS / 3 && refused > TURNS / 20 && cases > 3,
        "{told}: {done} done and {refused} refused in {cases} cases"
    );
}

fn explorer(stage: &Stage, workflow: &str, forms: &Json, told: &str) -> Explorer {
    let people = stage.world.people().cloned().collect();
    let workflow: std::sync::Arc<Workflow> =
        stage.world.workflow(workflow).expect("it was published");
    Explorer::new(workflow, people, Vec::new(), known(forms), Chance::of(told))
}

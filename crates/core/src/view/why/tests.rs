//! What an explanation keeps from whom: whoever is told why may be somebody else than whoever may act.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use indexmap::IndexMap;
use serde_json::{Value as Json, json};

use super::*;
use crate::{
    case::Channel,
    command::Code,
    context::Context,
    expression::{Expect, Scope, Type},
    reading::Reading,
    sample::{self, actor, at, name},
    step,
    template::Template,
    text::Language,
    workflow::{Confirm, Hit, Localized, Requirement, Row, Rule, States, Table},
};

const ACCOUNT: &str = "1234567890";

fn scope() -> Scope {
    Scope::new()
        .with("deal", Type::Any)
        .with("payee", Type::Any)
}

fn text(source: &str) -> Localized<Template> {
    let template = Template::compile(source, &scope()).unwrap();
    Localized {
        en: template.clone(),
        zh: template,
    }
}

fn rule(rule: &str, check: &str, otherwise: &str) -> Rule {
    Rule {
        name: name(rule),
        check: Expression::compile(check, &scope(), &Expect::Bool).unwrap(),
        otherwise: text(otherwise),
        at: None,
        line: 1,
    }
}

/// The sample, whose `submit` asks for things that rest on the account, which is private to applicant and finance.
fn workflow() -> Workflow {
    let mut workflow = sample::workflow();
    let said = Row {
        when: IndexMap::new(),
        then: sample::expression("deal.account"),
    };
    let payee = Table {
        name: name("payee"),
        inputs: IndexMap::new(),
        hit: Hit::First,
        rows: IndexMap::from([(name("all"), said)]),
        line: 1,
    };
    workflow.tables.insert(name("payee"), payee);
    let rules = [
        rule("known", "deal.account == ''", "It is {{deal.account}}."),
        rule("paid", "payee == ''", "It goes to {{payee}}."),
        rule("met", "deal.amount != ''", "Not {{deal.account}}."),
        rule("small", "deal.amount == ''", "It is {{deal.amount}}."),
    ];
    let words = rules
        .iter()
        .map(|rule| Requirement::Rule(rule.name.clone()));
    let mut states: Vec<_> = workflow.states.iter().cloned().collect();
    let submit = states[0].actions.get_mut("submit").unwrap();
    submit.require.extend(words);
    submit.confirm = Some(Confirm {
        when: None,
        text: text("Pay to {{deal.account}}."),
    });
    workflow.states = States::new(states, workflow.states.tree().clone());
    workflow.rules = rules.map(|rule| (rule.name.clone(), rule)).into();
    workflow
}

/// Why pat can or cannot submit, as `reader` may read it.
fn told_to(reader: &str, language: Language) -> Json {
    told_while(&json!([]), reader, language)
}

/// The same while these timers run.
fn told_while(timers: &Json, reader: &str, language: Language) -> Json {
    let (workflow, inputs) = (sample::with_timers(workflow()), sample::inputs());
    let mut case = sample::case(&workflow, "review", &["draft"]);
    let deal = json!({ "customer": "Northwind", "amount": "3.00", "account": ACCOUNT });
    let deal = deal.as_object().cloned().unwrap();
    case.content.forms.insert(name("deal"), deal);
    case.timers = serde_json::from_value(timers.clone()).unwrap();
    let (pat, reader) = (actor("pat"), actor(reader));
    let reading = Reading::new(&inputs, &pat);
    let now = at("2026-11-23T05:00:00Z");
    let context = Context {
        now,
        actor: &pat,
        channel: Channel::Api,
        if_match: None,
        code: Code::Absent,
        inputs: &inputs,
        seed: [0; 32],
    };
    let why = step::why(&workflow, &case, &context, &reading, &name("submit")).unwrap();
    let viewer = Viewer {
        actor: &reader,
        language,
        now,
        reading: &reading,
    };
    serde_json::to_value(why_view(&viewer, &workflow, &case, &why)).unwrap()
}

fn condition<'a>(why: &'a Json, word: &str) -> &'a Json {
    let mut conditions = why["conditions"].as_array().unwrap().iter();
    conditions
        .find(|condition| condition["word"] == word)
        .unwrap()
}

#[test]
fn rule_18_why_tells_no_private_value_whoever_asks() {
    let pats = told_to("pat", Language::En);
    assert_eq!(
        condition(&pats, "paid")["message"],
        format!("It goes to {ACCOUNT}.")
    );
    assert_eq!(condition(&pats, "paid")["values"][0]["value"], ACCOUNT);
    assert_eq!(
        condition(&pats, "confirm")["message"],
        format!("Pay to {ACCOUNT}.")
    );

    let ritas = told_to("rita", Language::En);
    assert!(!ritas.to_string().contains(ACCOUNT), "{ritas:#}");
    for word in ["known", "paid", "met", "confirm"] {
        let message = &condition(&ritas, word)["message"];
        assert_eq!(
            message, "It depends on a field that you may not see.",
            "{word}"
        );
    }
    for (word, path) in [("known", "deal.account"), ("paid", "payee")] {
        assert_eq!(
            condition(&ritas, word)["values"],
            json!([{ "at": path }]),
            "{word}"
        );
    }
    assert_eq!(
        condition(&ritas, "small")["message"],
        "It is 3.00.",
        "what is not private is told"
    );
    let ottos = told_to("otto", Language::Zh);
    assert!(!ottos.to_string().contains(ACCOUNT), "{ottos:#}");
    assert_eq!(
        condition(&ottos, "paid")["message"],
        "该条件取决于您无权查看的字段。"
    );
}

#[test]
fn a_reminder_is_no_deadline() {
    let timer = |timer: &str, due: &str| json!({ "state": "review", "timer": timer, "due": due, "fired": 0, "fired_for": null });
    let (remind, late) = (
        timer("remind", "2026-11-26T01:00:00Z"),
        timer("late", "2026-11-27T01:00:00Z"),
    );
    for (timers, told) in [
        (json!([remind, late]), json!("2026-11-27T01:00:00Z")),
        (json!([remind]), Json::Null),
        (json!([]), Json::Null),
    ] {
        let why = told_while(&timers, "pat", Language::En);
        assert_eq!(why["changes_at"], told, "{timers}");
    }
    let nobodys = told_while(&json!([late]), "otto", Language::En);
    assert_eq!(nobodys["changes_at"], "2026-11-27T01:00:00Z");
}

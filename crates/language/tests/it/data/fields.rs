//! What fields are besides their schema: reckoned, frozen, private, shown and hidden; and money, which is exact (rules
//! 10, 18 to 20, 47).

use countersign_language::{check_files, source::Files};

use super::assert_stories;

const BUDGET: &str = "\
workflow: budget
version: 1
roles:
  agent: { group: agents }
forms:
  budget:
    fields:
      price: { type: money, minimum: 0.01 }
      pieces: { type: integer, minimum: 1 }
      total: { type: money, derived: budget.price * budget.pieces }
      half?: { type: money, derived: \"share(budget.price * budget.pieces, 1, 2)\" }
      code: { type: string, maxLength: 9, frozen_after: draft }
      account?: { type: string, private: [applicant, clerk] }
  review: { fields: { grade: { enum: [A, B] } } }
rules:
  dear: { check: budget.total >= 0.3 && budget.half == 0.15, else: \"{{budget.total}}\" }
open: { who: applicant, to: draft }
states:
  draft:
    edit: { applicant: [budget] }
    actions:
      exact: { who: applicant, require: [dear] }
      submit: { who: applicant, require: [budget], to: checking }
  checking:
    edit: { applicant: [budget.code, budget.price], clerk: [review] }
    actions:
      back: { who: clerk, to: draft }
      stamp: { who: clerk, do: [ { set: { budget.code: \"'STAMPED'\" } } ] }
      accept: { who: clerk, require: [review], to: accepted.closed }
  accepted:
    start: closed
    states:
      closed: { actions: { tell: { who: clerk, to: open } } }
      open:
        show: [review]
        hide: { agent: [review] }
        actions:
          veil: { who: clerk, to: veiled }
          look: { who: agent, to: veiled }
      veiled:
        hide: [review]
        show: { agent: [review] }
        actions: { end: { who: clerk, to: done } }
  done: { end: success }
";

const STORIES: &str = "\
test: budget
clock: 2026-11-23 09:00
people:
  pat: {}
  cleo: { in: clerks }
  amy: { in: [agents, helpers] }
scenarios:
  rules 10 and 18, money is exact and what is reckoned follows what it is reckoned from:
    - pat opens: { budget: { price: 0.1, pieces: 3 } }
    - pat: exact
    - pat edits: { budget: { price: 0.31, pieces: 1 } }
    - pat: exact
      refused: dear
    - pat edits: { budget: { price: 0.1, pieces: 2 } }
    - pat: exact
      refused: dear
    - pat edits: { budget: { total: 0.3 } }
      refused: who
  rule 19, a frozen field is closed for ever once its state was left, but not for set:
    - pat opens: { budget: { price: 1, pieces: 1, code: x } }
    - pat: submit
    - pat edits: { budget: { price: 2 } }
    - pat edits: { budget: { code: y } }
      refused: who
    - cleo: stamp
    - cleo: back
    - pat edits: { budget: { code: y } }
      refused: who
    - pat edits: { budget: { pieces: 5 } }
  rule 20, forms are shown and hidden from a state on, by role or to the starter's side:
    - pat opens: { budget: { price: 1, pieces: 1, code: x, account: \"7\" } }
    - pat: submit
      then: { cleo sees: [budget, budget.account], pat sees: [budget.account] }
    - cleo edits: { review: { grade: A } }
    - cleo: accept
      then: { cleo sees: review, pat does not see: review, amy does not see: case }
    - cleo: tell
      then: { pat sees: review, amy sees: [case, budget], amy does not see: [review, budget.account] }
    - cleo: veil
      then: { pat does not see: review, amy sees: review, cleo sees: review }
";

#[test]
fn fields_are_reckoned_frozen_shown_and_hidden() {
    assert_stories(&[("budget.yaml", BUDGET), ("budget.test.yaml", STORIES)]);
}

const ORDER: &str = "\
workflow: order
version: 1
roles: { buyer: { is: starter } }
forms:
  order:
    fields:
      grade: { enum: { good: { en: Good, zh: 良好 }, poor: Poor, odd: } }
      staff:
        type: array
        maxItems: 3
        items: { type: object, properties: { level: { title: { en: Level, zh: 级别 }, enum: { high: { en: High, zh: 高 }, low: { en: Low, zh: 低 } } } } }
      place: { $ref: place.schema.json, title: { en: Place, zh: 地点 } }
open: { who: buyer, to: draft }
states:
  draft:
    edit: { buyer: [order] }
    actions: { end: { who: buyer, when: order.grade == 'good' && order.place.city != '', require: [order], to: done } }
  done: { end: success }
";

const PLACE: &str = r##"{
  "type": "object",
  "properties": { "city": { "$ref": "#/$defs/name" } },
  "required": ["city"],
  "$defs": { "name": { "type": "string", "minLength": 2, "maxLength": 40 } }
}"##;

const ORDERS: &str = "\
test: order
clock: 2026-11-23 09:00
people: { pat: {} }
scenarios:
  words are known as they are written, and the schema in the file is asked:
    - pat opens: { order: { grade: good, staff: [ { level: low } ], place: { city: X } } }
    - pat: end
      refused: order
    - pat edits: { order: { place: { city: Xi } } }
    - pat: end
      then: { state: done }
";

#[test]
fn words_and_members_have_titles_and_a_field_may_be_a_json_schema() {
    let files = [
        ("order.yaml", ORDER),
        ("place.schema.json", PLACE),
        ("order.test.yaml", ORDERS),
    ];
    assert_stories(&files);
    let mut folder = Files::default();
    folder.add("shared.yaml", "shared: 1\nlanguages: [en, zh]\n");
    for (path, text) in files {
        folder.add(path, text);
    }
    let checked = check_files(&folder);
    let fields = &checked.workflow("order").expect("it is sound").forms["order"].fields;
    let of = |field: &str| &fields[field].titles;
    let zh = |title: Option<&countersign_core::text::Text>| title.map(|title| title.zh.clone());
    assert_eq!(zh(of("grade").word(&[], "good")).as_deref(), Some("良好"));
    assert_eq!(zh(of("grade").word(&[], "poor")).as_deref(), Some("Poor"));
    assert_eq!(
        of("grade").word(&[], "odd"),
        None,
        "called as it is written"
    );
    assert_eq!(zh(of("staff").member(&["level"])).as_deref(), Some("级别"));
    assert_eq!(
        zh(of("staff").word(&["level"], "low")).as_deref(),
        Some("低")
    );
    assert_eq!(fields["place"].title.zh, "地点");

    for (from, to, code) in [
        (
            "$ref: place.schema.json, ",
            "$ref: place.schema.json, maxLength: 3, ",
            "E105",
        ),
        (
            "$ref: place.schema.json, ",
            "$ref: other.schema.json, ",
            "E220",
        ),
    ] {
        let mut broken = folder.clone();
        broken.add("order.yaml", ORDER.replacen(from, to, 1));
        let found = check_files(&broken).findings;
        let codes: Vec<&str> = found.iter().map(|finding| finding.code.as_str()).collect();
        assert_eq!(codes, [code], "{to}");
    }
}

//! Forms of plain JSON Schema, and what fields ask of each other (rule 13).

use std::collections::BTreeSet;

use countersign_core::form::complete;
use countersign_language::{check_files, compile};
use serde_json::json;

use super::{assert_stories, folder};

const SCHEMA: &str = r##"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "properties": {
    "kind": { "enum": ["goods", "service"] },
    "weight": { "type": ["number", "null"], "exclusiveMinimum": 0 },
    "from": { "$ref": "#/$defs/place" },
    "to": { "$ref": "#/$defs/place" },
    "until": { "type": "string", "format": "date" },
    "tags": { "type": "array", "items": { "type": "string", "maxLength": 10 }, "maxItems": 3, "contains": { "const": "fragile" } }
  },
  "required": ["kind", "from"],
  "if": { "properties": { "kind": { "const": "goods" } } },
  "then": { "required": ["weight"] },
  "dependentRequired": { "to": ["until"] },
  "not": { "required": ["weight", "tags"] },
  "$defs": {
    "place": {
      "type": "object",
      "properties": { "city": { "type": "string", "title": "City", "minLength": 2, "maxLength": 40 } },
      "required": ["city"],
      "patternProperties": { "^x_": { "type": "integer" } },
      "additionalProperties": false
    }
  }
}"##;

const PARCEL: &str = "\
workflow: parcel
version: 1
forms:
  parcel: { $ref: parcel.schema.json }
  paid:
    if: { properties: { price: { minimum: 100.50 } }, required: [price] }
    then: { required: [approved_by] }
    dependentRequired: { note: [reason] }
    fields:
      price?: { type: money, not: { const: 13 } }
      approved_by?: { type: string }
      note?: { type: string }
      reason?: { type: string, anyOf: [ { minLength: 5 }, { const: ok } ] }
      parts?: { type: array, maxItems: 5, items: { type: integer }, contains: { minimum: 10 } }
rules:
  heavy: { check: \"has(parcel.weight) && parcel.weight > 2.5 && parcel.from.city == 'Wuhan'\", else: Too light. }
open: { who: applicant, to: draft }
states:
  draft:
    edit: { applicant: [parcel, paid] }
    actions:
      send: { who: applicant, require: [parcel], to: sent }
      pay: { who: applicant, require: [paid], to: sent }
      weigh: { who: applicant, require: [heavy], to: sent }
  sent: { end: success }
";

const STORIES: &str = "\
test: parcel
clock: 2026-11-23 09:00
people: { pat: {} }
scenarios:
  a draft may be half filled, and is complete only as the schema says:
    - pat opens: { parcel: { kind: goods, from: { city: W, x_floor: 3 } } }
    - pat: send
      refused: parcel
    - pat edits: { parcel: { from: { city: Wuhan }, weight: 3 } }
    - pat: weigh
  what follows from another field:
    - pat opens: { parcel: { kind: service, from: { city: Wuhan }, to: { city: Beijing } } }
    - pat: send
      refused: parcel
    - pat edits: { parcel: { until: 2026-12-01 } }
    - pat: send
  bounds of money within conditions are exact:
    - pat opens: { paid: { price: 100.50 } }
    - pat: pay
      refused: paid
    - pat edits: { paid: { price: 100.49 } }
    - pat: pay
  what is not allowed:
    - pat opens: { paid: { price: 13, note: x, reason: no, parts: [1, 9] } }
    - pat: pay
      refused: paid
    - pat edits: { paid: { price: 12, reason: ok, parts: [1, 10] } }
    - pat: pay
";

const FILES: [(&str, &str); 3] = [
    ("parcel.yaml", PARCEL),
    ("parcel.schema.json", SCHEMA),
    ("parcel.test.yaml", STORIES),
];

#[test]
fn rule_13_a_form_may_be_a_plain_json_schema() {
    assert_stories(&FILES);
}

#[test]
fn each_failing_field_is_told_of_in_both_languages() {
    let checked = check_files(&folder(&FILES));
    let parcel = &checked.workflow("parcel").expect("it is sound").forms;
    let told = |form: &str, values: serde_json::Value| -> BTreeSet<(String, String, String)> {
        let values = values.as_object().expect("an object");
        let missing = complete(&parcel[form], values).into_iter();
        missing
            .map(|one| {
                let at = one.at.expect("a place").to_string();
                (at, one.message.en, one.message.zh)
            })
            .collect()
    };
    let tags =
        json!({ "kind": "goods", "weight": 1, "from": { "city": "W", "x_y": "z" }, "tags": ["a"] });
    let found = told("parcel", tags);
    let places: Vec<&str> = found.iter().map(|(at, _, _)| at.as_str()).collect();
    assert_eq!(
        places,
        ["parcel", "parcel.from", "parcel.tags"],
        "{found:#?}"
    );
    let found = told(
        "paid",
        json!({ "price": "13.00", "note": "x", "parts": [1] }),
    );
    let all: Vec<&str> = found.iter().map(|(_, en, _)| en.as_str()).collect();
    assert_eq!(
        all,
        [
            "Parts: an entry that must be among them is missing.",
            "Price: this is not allowed here.",
            "Fill in: Reason.",
        ]
    );
    assert!(
        found.iter().any(|(_, _, zh)| zh == "请填写：Reason。"),
        "{found:#?}"
    );
}

#[test]
fn a_published_workflow_keeps_the_schema_that_it_was_checked_with() {
    let before = check_files(&folder(&FILES));
    let kept = &before.published[0];
    let again = compile(kept).expect("it compiles from what is kept");
    assert!(again.forms["parcel"].fields.contains_key("weight"));
    let mut changed = FILES;
    let other = SCHEMA.replace("exclusiveMinimum\": 0", "exclusiveMinimum\": 1");
    changed[1].1 = &other;
    let after = check_files(&folder(&changed));
    assert_ne!(after.published[0].sha256, kept.sha256);
}

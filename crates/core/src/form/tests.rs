//! Drafts (rule 13), picks (rule 11), money, completeness, schemas.

#![expect(clippy::unwrap_used, reason = "a test may fail")]
#![expect(clippy::needless_pass_by_value, reason = "tests hand over literals")]

use serde_json::{Map, Value as Json, json};

use super::*;
use crate::{
    case::{Content, Doer, File, FileId, PersonId},
    context::Inputs,
    expression::{Type, Value},
    outcome::Missing,
    reading::Reading,
    sample::{self, actor, name},
    text::Language,
    workflow::{Place, StatePath},
};

fn object(json: Json) -> Map<String, Json> {
    json.as_object().unwrap().clone()
}

fn patched(content: &mut Content, patch: Json) -> Result<Vec<(String, Json, Json)>, Vec<Missing>> {
    let (inputs, actor) = (sample::inputs(), actor("pat"));
    let reading = Reading::new(&inputs, &actor);
    let changes = apply(&sample::workflow(), content, &object(patch), None, &reading)?;
    Ok(changes
        .into_iter()
        .map(|change| (change.at, change.was, change.now))
        .collect())
}

/// The stored form of one field's value, or what the person is told.
fn stored(field: &str, value: Json) -> Result<Json, String> {
    let mut content = Content::default();
    match patched(&mut content, json!({ "deal": { field: value } })) {
        Ok(_) => Ok(content.forms["deal"][field].clone()),
        Err(problems) => Err(problems[0].message.en.clone()),
    }
}

#[test]
fn values_are_stored_in_canonical_form() {
    let long = "a line\r\nand\tanother";
    let cases = [
        ("amount", json!("330000"), json!("330000.00")),
        ("amount", json!(330_000), json!("330000.00")),
        ("amount", json!("0.5"), json!("0.50")),
        ("amount", json!("-1"), json!("-1.00")),
        ("close_date", json!("2028-02-29"), json!("2028-02-29")),
        (
            "meeting",
            json!("2026-12-20T09:00:00+08:00"),
            json!("2026-12-20T01:00:00.000Z"),
        ),
        ("note", json!(long), json!("a line\nand\tanother")),
        ("customer", json!("项目"), json!("项目")),
        ("customer", json!(""), json!("")),
        ("seats", json!(3.0), json!(3)),
        ("seats", json!(99), json!(99)),
        ("share", json!(5.0), json!(5)),
        ("share", json!(0.25), json!(0.25)),
        ("new", json!(false), json!(false)),
        ("grade", json!("B"), json!("B")),
        ("email", json!("not an address"), json!("not an address")),
        ("services", json!([]), json!([])),
    ];
    for (field, given, kept) in cases {
        assert_eq!(stored(field, given.clone()), Ok(kept), "{field} {given}");
    }
}

#[test]
fn rule_13_what_a_draft_cannot_hold_is_said_with_what_would_be_right() {
    let cases = [
        (
            "amount",
            json!(1.5),
            "write an amount with a fraction as a text",
        ),
        ("amount", json!("1,200"), "an amount such as 1200.50"),
        ("amount", json!("1.234"), "at most two digits"),
        ("amount", json!("99999999999999999999"), "too large"),
        ("amount", json!({ "en": 1 }), "an amount such as 1200.50"),
        (
            "close_date",
            json!("2026-02-30"),
            "a date, such as 2026-12-20",
        ),
        (
            "close_date",
            json!("0000-01-01"),
            "a date, such as 2026-12-20",
        ),
        (
            "close_date",
            json!(20_261_220),
            "a date, such as 2026-12-20",
        ),
        ("meeting", json!("2026-12-20T09:00"), "with its zone"),
        (
            "customer",
            json!("ninechars"),
            "at most 8 characters; these are 9",
        ),
        ("customer", json!("a\nb"), "one line"),
        ("customer", json!("a\u{0}b"), "one line"),
        ("customer", json!(3), "a text"),
        ("note", json!("bell \u{7}"), "control characters"),
        ("seats", json!(1.5), "a whole number"),
        ("seats", json!("3"), "a whole number"),
        ("share", json!("3"), "a number"),
        ("new", json!("true"), "true or false"),
        ("grade", json!("C"), "one of A, B"),
        (
            "service",
            json!("nowhere"),
            "“nowhere” is not in the list services",
        ),
        ("service", json!(7), "the id of an entry"),
        ("services", json!("ecs"), "a list"),
        ("services", json!(["ecs", null]), "entry 2: write the id"),
        (
            "services",
            json!(["ecs", "ecs", "ecs", "ecs"]),
            "at most 3 entries; these are 4",
        ),
        ("contact", json!({ "fax": "1" }), "there is no “fax” in it"),
        (
            "contact",
            json!({ "floor": "top" }),
            "floor: this must be a whole number",
        ),
        ("contact", json!([]), "an object"),
    ];
    for (field, given, said) in cases {
        let told = stored(field, given.clone()).unwrap_err();
        assert!(told.contains(said), "{field} {given}: {told}");
    }
}

#[test]
fn unknown_names_are_refused_with_the_nearest_one() {
    let mut content = Content::default();
    let problems = patched(
        &mut content,
        json!({ "dael": {}, "deal": { "amuont": 1, "Bad Name": 1, "customer": "ok" }, "evaluation": 3 }),
    )
    .unwrap_err();
    let at: Vec<_> = problems
        .iter()
        .map(|problem| problem.at.as_ref().map(ToString::to_string))
        .collect();
    let places = ["deal.amuont", "deal", "evaluation"].map(|place| Some(place.to_owned()));
    assert_eq!(at, [&[None], &places[..]].concat());
    assert!(
        problems[0].message.en.contains("Did you mean “deal”?"),
        "{:?}",
        problems[0]
    );
    assert!(
        problems[1].message.zh.contains("是否指“amount”？"),
        "{:?}",
        problems[1]
    );
    assert_eq!(content, Content::default(), "all of it or nothing");
}

#[test]
fn a_merge_patch_removes_by_null_and_replaces_lists_whole() {
    let mut content = Content::default();
    let first = json!({ "deal": {
        "services": ["ecs", "dws"], "customer": "Contoso", "amount": 5,
        "contact": { "phone": "1", "floor": 2 },
    } });
    let changes = patched(&mut content, first).unwrap();
    let order: Vec<_> = changes.iter().map(|(at, ..)| at.as_str()).collect();
    assert_eq!(
        order,
        [
            "deal.customer",
            "deal.amount",
            "deal.services",
            "deal.contact"
        ]
    );
    let next = json!({ "deal": { "amount": null, "services": ["dws"], "contact": { "floor": null }, "customer": "Contoso" } });
    let changes = patched(&mut content, next).unwrap();
    let warehouse =
        json!({ "id": "dws", "name": { "en": "Warehouse", "zh": "数据仓库" }, "advanced": true });
    assert_eq!(changes.len(), 3, "an equal value is no change: {changes:?}");
    assert_eq!(
        changes[0],
        ("deal.amount".into(), json!("5.00"), Json::Null)
    );
    assert_eq!(changes[1].2, json!([warehouse]));
    assert_eq!(content.forms["deal"]["contact"], json!({ "phone": "1" }));
    patched(&mut content, json!({ "deal": null })).unwrap();
    assert_eq!(
        content,
        Content::default(),
        "an empty form is one nobody has filled"
    );
}

#[test]
fn rule_11_a_pick_copies_the_entry_of_the_list_then_in_force() {
    let copy =
        json!({ "id": "ecs", "name": { "en": "Servers", "zh": "服务器" }, "advanced": false });
    assert_eq!(stored("service", json!("ecs")), Ok(copy.clone()));
    let given_back = json!({ "id": "ecs", "name": "Servers", "advanced": true });
    assert_eq!(
        stored("service", given_back),
        Ok(copy.clone()),
        "taken by its id"
    );
    assert_eq!(
        stored("services", json!([copy, "ecs"])),
        Ok(json!([copy, copy]))
    );
}

#[test]
fn a_list_that_is_not_loaded_is_asked_for() {
    let (inputs, actor, workflow) = (Inputs::default(), actor("pat"), sample::workflow());
    let reading = Reading::new(&inputs, &actor);
    let patch = object(json!({ "deal": { "services": ["ecs"] } }));
    drop(apply(
        &workflow,
        &mut Content::default(),
        &patch,
        None,
        &reading,
    ));
    assert_eq!(reading.missing().lists, lists(&workflow, &patch));
    assert!(reading.missing().lists.contains("services"));
}

#[test]
fn a_reviewers_copy_is_written_for_one_visit() {
    let (inputs, actor, workflow) = (sample::inputs(), actor("rita"), sample::workflow());
    let reading = Reading::new(&inputs, &actor);
    let mut content = Content::default();
    let patch = object(json!({ "score": { "points": 70 } }));
    assert!(apply(&workflow, &mut content, &patch, None, &reading).is_err());
    let of = |visit| CopyOf {
        by: Doer::Person(PersonId::new("rita")),
        state: StatePath::new("review"),
        visit,
    };
    for visit in [1, 2, 2] {
        apply(&workflow, &mut content, &patch, Some(&of(visit)), &reading).unwrap();
    }
    let visits: Vec<_> = content.copies["score"]
        .iter()
        .map(|copy| copy.visit)
        .collect();
    assert_eq!(visits, [1, 2]);
    assert!(content.forms.is_empty());
}

#[test]
fn places_are_those_a_patch_touches() {
    let patch = object(
        json!({ "deal": { "amount": null, "nope": 1 }, "workload": null, "score": {}, "nope": {} }),
    );
    let touched = places(&sample::workflow(), &patch);
    let expected = [
        Place::Whole(name("score")),
        Place::Field(name("deal"), name("amount")),
        Place::Field(name("workload"), name("days")),
    ];
    assert_eq!(touched.into_iter().collect::<Vec<_>>(), expected);
}

/// What is told of a form with these values besides the required ones.
fn told(more: Json, language: Language) -> Vec<String> {
    let mut content = Content::default();
    let full =
        json!({ "deal": { "customer": "Contoso", "amount": 5, "close_date": "2026-12-20" } });
    patched(&mut content, full).unwrap();
    patched(&mut content, json!({ "deal": more })).unwrap();
    let none = Map::new();
    let values = content.forms.get("deal").unwrap_or(&none);
    let problems = complete(&sample::deal(), values);
    problems
        .iter()
        .map(|problem| problem.message.get(language).to_owned())
        .collect()
}

#[test]
fn rule_13_a_required_form_is_judged_by_its_whole_schema() {
    let cases = [
        (json!({}), vec![]),
        (
            json!({ "customer": null, "amount": null }),
            vec!["Fill in: Customer.", "Fill in: Amount."],
        ),
        (
            json!({ "customer": "" }),
            vec!["Customer: at least 2 characters."],
        ),
        (
            json!({ "customer": "项" }),
            vec!["Customer: at least 2 characters."],
        ),
        (json!({ "amount": "0.49" }), vec!["Amount: at least 0.50."]),
        (json!({ "amount": "0.50" }), vec![]),
        (json!({ "amount": "1000.00" }), vec![]),
        (
            json!({ "amount": "1000.01" }),
            vec!["Amount: at most 1,000.00."],
        ),
        (
            json!({ "seats": 10, "share": 0 }),
            vec!["Seats: at most 9.", "Share: more than 0."],
        ),
        (
            json!({ "email": "a@b@c" }),
            vec!["Email: this is not an e-mail address, such as name@example.com."],
        ),
        (json!({ "email": "pat@example.com" }), vec![]),
        (json!({ "services": [] }), vec!["Fill in: Services."]),
        (json!({ "services": ["ecs", "dws"] }), vec![]),
        (
            json!({ "services": ["ecs", "dws", "ecs"] }),
            vec!["Services: each entry only once."],
        ),
        (
            json!({ "contact": { "floor": 3 } }),
            vec!["Contact: fill in phone."],
        ),
        (
            json!({ "account": "12" }),
            vec!["Account: this is not written as it must be."],
        ),
        (json!({ "account": "1234567890" }), vec![]),
    ];
    for (more, said) in cases {
        assert_eq!(told(more.clone(), Language::En), said, "{more}");
    }
    assert_eq!(
        told(json!({ "customer": null }), Language::Zh),
        ["请填写：<customer>。"]
    );
}

#[test]
fn problems_point_to_the_field() {
    let problems = complete(&sample::deal(), &Map::new());
    let first = &problems[0];
    assert_eq!(
        (first.name.as_str(), first.at.as_ref().unwrap().to_string()),
        ("deal", "deal.customer".into())
    );
    assert_eq!(
        problems.len(),
        3,
        "one for each failing field, derived ones aside"
    );
}

#[test]
fn a_text_that_must_be_given_is_not_empty() {
    let form = sample::form(
        "f",
        false,
        vec![sample::field(
            "why",
            crate::workflow::FieldKind::LongText,
            json!({}),
        )],
    );
    let values = object(json!({ "why": "" }));
    assert_eq!(complete(&form, &values)[0].message.en, "Fill in: Why.");
}

#[test]
fn keywords_that_make_no_schema_are_found_at_load() {
    let field = sample::field(
        "code",
        crate::workflow::FieldKind::String,
        json!({ "pattern": "(?=a)(" }),
    );
    let form = sample::form("f", false, vec![field]);
    assert!(check_schema(&form).is_err());
    assert_eq!(check_schema(&sample::deal()), Ok(()));
}

#[test]
fn the_published_schema_is_pure_and_takes_what_is_stored() {
    let schema = json_schema(&sample::deal(), &sample::surroundings(), Language::Zh);
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    assert_eq!(schema["properties"]["customer"]["title"], "<customer>");
    assert_eq!(
        schema["required"],
        json!(["customer", "amount", "close_date"])
    );
    assert_eq!(schema["additionalProperties"], false);
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let mut content = Content::default();
    let patch = json!({ "deal": {
        "customer": "Contoso", "amount": 5, "close_date": "2026-12-20", "services": ["ecs"], "service": "dws",
        "meeting": "2026-12-20T09:00:00+08:00", "grade": "A",
    } });
    patched(&mut content, patch).unwrap();
    // Texts in two languages are answered in one.
    let text = serde_json::to_string(&content.forms["deal"]).unwrap();
    let answered = text
        .replace(r#"{"en":"Servers","zh":"服务器"}"#, r#""Servers""#)
        .replace(r#"{"en":"Warehouse","zh":"数据仓库"}"#, r#""Warehouse""#);
    let answered: Json = serde_json::from_str(&answered).unwrap();
    let problems: Vec<_> = validator
        .iter_errors(&answered)
        .map(|e| e.to_string())
        .collect();
    assert!(problems.is_empty(), "{problems:?}");
    assert!(
        !validator
            .is_valid(&json!({ "customer": "Contoso", "amount": 5, "close_date": "2026-12-20" }))
    );
}

#[test]
fn expressions_read_stored_values_by_the_types_of_their_fields() {
    let surroundings = sample::surroundings();
    let mut content = Content::default();
    patched(
        &mut content,
        json!({ "deal": { "amount": 5, "services": ["ecs"], "share": 5 } }),
    )
    .unwrap();
    let ty = form_type(&sample::deal(), &surroundings);
    let value = Value::from_json(&Json::Object(content.forms["deal"].clone()), &ty).unwrap();
    assert_eq!(
        value.member("amount"),
        Some(&Value::Money("5.00".parse().unwrap()))
    );
    assert_eq!(value.member("share"), Some(&Value::Double(5.0)));
    let services = value.member("services").unwrap().as_list().unwrap();
    assert_eq!(services[0].member("advanced"), Some(&Value::Bool(false)));
    let Type::Record(members) = ty else {
        panic!("a form is a record")
    };
    assert!(!members["customer"].optional && members["note"].optional);
    let score = &sample::workflow().forms["score"];
    assert!(matches!(form_type(score, &surroundings), Type::List { .. }));
}

#[test]
fn files_are_counted_and_fitted() {
    let report = &sample::workflow().materials["report"];
    let file = |media_type: &str, size| File {
        id: FileId(uuid::Uuid::nil()),
        name: "report.pdf".into(),
        size,
        media_type: media_type.into(),
        sha256: String::new(),
        uploaded_by: Doer::Machine,
        uploaded_at: sample::at("2026-11-23T00:00:00Z"),
    };
    let missing = enough_files(report, &[]).unwrap();
    assert_eq!(
        (missing.name.as_str(), missing.message.zh.as_str()),
        ("report", "请上传：报告。")
    );
    let pdf = file("application/pdf", 20 << 20);
    assert_eq!(enough_files(report, std::slice::from_ref(&pdf)), None);
    assert_eq!(
        fitting_file(report, std::slice::from_ref(&pdf), &pdf),
        None,
        "it replaces the old one"
    );
    let large = fitting_file(report, &[], &file("application/pdf", (20 << 20) + 1)).unwrap();
    assert_eq!(large.message.en, "Report: at most 20 MB.");
    assert!(fitting_file(report, &[], &file("application/zip", 1)).is_some());
}

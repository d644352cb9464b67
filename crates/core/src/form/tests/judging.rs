//! Complete forms and materials, and the schemas and types of fields.

use super::*;

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

//! Drafts: what is stored, what is refused, what a patch changes (rules 11 and 13).

use proptest::prelude::*;

use super::*;

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
fn what_is_told_is_bounded() {
    let unknown: Map<String, Json> = (0..5000)
        .map(|n| (format!("{n}{}", "x".repeat(200)), Json::Null))
        .collect();
    let problems = patched(&mut Content::default(), json!({ "deal": unknown })).unwrap_err();
    assert_eq!(problems.len(), 100);
    assert!(
        problems
            .iter()
            .all(|problem| problem.message.en.len() < 200)
    );
    let open = sample::field(
        "all",
        crate::workflow::FieldKind::List {
            items: Box::new(crate::workflow::FieldKind::Boolean),
            most: None,
        },
        json!({}),
    );
    let form = sample::form("f", false, vec![open]);
    let schema = json_schema(&form, &sample::surroundings(), Language::En);
    assert_eq!(schema["properties"]["all"]["maxItems"], 1000);
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
fn rule_11_later_changes_of_a_list_leave_what_was_picked_alone() {
    let (mut inputs, actor, workflow) = (sample::inputs(), actor("pat"), sample::workflow());
    let mut content = Content::default();
    let mut write = |inputs: &Inputs, patch: Json| {
        let reading = Reading::new(inputs, &actor);
        apply(&workflow, &mut content, &object(patch), None, &reading).unwrap();
        content.forms["deal"]["service"]["advanced"].clone()
    };
    let pick = json!({ "deal": { "service": "ecs" } });
    assert_eq!(write(&inputs, pick.clone()), json!(false));
    let mut list = crate::context::List::clone(&inputs.lists[&name("services")]);
    list.version += 1;
    list.entries["ecs"]["advanced"] = json!(true);
    inputs.lists.insert(name("services"), list.into());
    let elsewhere = json!({ "deal": { "seats": 3 } });
    assert_eq!(write(&inputs, elsewhere), json!(false), "the copy stays");
    assert_eq!(write(&inputs, pick), json!(true), "picked anew");
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

/// Any JSON that somebody might send for a field.
fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        "[ -~]{0,12}|[0-9]{1,6}(\\.[0-9]{1,3})?|20[0-9]{2}-[01][0-9]-[0-3][0-9]"
            .prop_map(Json::from),
        prop_oneof![
            Just("ecs"),
            Just("dws"),
            Just("A"),
            Just("2026-12-20T09:00:00+08:00")
        ]
        .prop_map(Json::from),
    ];
    leaf.prop_recursive(2, 12, 4, |inner| {
        let key = prop_oneof![
            Just("id".to_owned()),
            Just("phone".to_owned()),
            Just("floor".to_owned())
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::vec((key, inner), 0..3)
                .prop_map(|pairs| Json::Object(pairs.into_iter().collect())),
        ]
    })
}

proptest! {
    /// Whatever is sent is stored or refused; what was stored can be given back and changes nothing.
    #[test]
    fn what_is_stored_can_be_given_back(value in any_json(), which in 0_usize..15) {
        let deal = sample::deal();
        let field = deal.fields.get_index(which).unwrap().0.to_string();
        let mut content = Content::default();
        if patched(&mut content, json!({ "deal": { &field: value } })).is_ok()
            && let Some(stored) = content.forms.get("deal").map(|deal| deal[field.as_str()].clone())
        {
            let again = patched(&mut content, json!({ "deal": { &field: stored } }));
            prop_assert_eq!(again, Ok(Vec::new()));
        }
    }
}

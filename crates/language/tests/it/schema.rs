//! The JSON Schemas in the repository are the language's: regenerate them with `UPDATE_SCHEMA=1`.

use std::{collections::BTreeSet, path::PathBuf};

use countersign_language::{
    schema::{self, schema_of},
    source::{Files, Source},
    vocabulary::{self, Vocabulary},
    yaml,
};
use serde_json::Value;

#[test]
fn the_schemas_in_the_repository_are_current() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../workflows/schema");
    for (name, schema) in [
        ("workflow", schema::workflow_schema()),
        ("shared", schema::shared_schema()),
    ] {
        let path = folder.join(format!("{name}.schema.json"));
        let current = format!("{schema:#}\n");
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            std::fs::create_dir_all(&folder).expect("the folder can be made");
            std::fs::write(&path, &current).expect("the schema can be written");
        }
        let stored = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            stored == current,
            "{name} is out of date: run the test with UPDATE_SCHEMA=1"
        );
    }
}

fn properties(schema: &Value) -> BTreeSet<&str> {
    let properties = schema["properties"]
        .as_object()
        .expect("it is an object's schema");
    properties.keys().map(String::as_str).collect()
}

#[track_caller]
fn assert_same(vocabulary: &Vocabulary, schema: &Value) {
    let words: BTreeSet<&str> = vocabulary.words.iter().copied().collect();
    assert_eq!(words, properties(schema), "{}", vocabulary.what);
}

#[test]
fn the_schemas_know_the_same_keywords_as_the_checker() {
    assert_same(&vocabulary::WORKFLOW, &schema_of::<schema::WorkflowFile>());
    assert_same(
        &vocabulary::MIGRATION,
        &schema_of::<schema::MigrationFile>(),
    );
    assert_same(&vocabulary::SHARED, &schema_of::<schema::SharedFile>());
    assert_same(&vocabulary::CALENDAR, &schema_of::<schema::CalendarFile>());
    assert_same(&vocabulary::LIST, &schema_of::<schema::ListFile>());
    assert_same(&vocabulary::ROLE, &schema_of::<schema::RoleFile>());
    assert_same(&vocabulary::FORM, &schema_of::<schema::FormFile>());
    assert_same(&vocabulary::FIELD, &schema_of::<schema::FieldFile>());
    assert_same(&vocabulary::MATERIAL, &schema_of::<schema::MaterialFile>());
    assert_same(&vocabulary::RULE, &schema_of::<schema::RuleFile>());
    assert_same(&vocabulary::LIMIT, &schema_of::<schema::LimitFile>());
    assert_same(&vocabulary::LINK, &schema_of::<schema::LinkFile>());
    assert_same(&vocabulary::OPEN, &schema_of::<schema::OpenFile>());
    assert_same(&vocabulary::STATE, &schema_of::<schema::StateFile>());
    assert_same(&vocabulary::ACTION, &schema_of::<schema::ActionFile>());
    assert_same(
        &vocabulary::DECISION,
        &schema_of::<schema::ReviewDecision>(),
    );
    assert_same(&vocabulary::EXCEPT, &schema_of::<schema::Except>());
    assert_same(&vocabulary::REVIEW, &schema_of::<schema::Review>());
    assert_same(&vocabulary::TIMER, &schema_of::<schema::Timer>());
    assert_same(&vocabulary::EFFECT, &schema_of::<schema::Effect>());
    assert_same(&vocabulary::MESSAGE, &schema_of::<schema::MessageFile>());
}

#[test]
fn the_shipped_files_fit_the_schemas() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let read = |folder| Files::read_folder(&root.join(folder)).expect("the folder can be read");
    let (shipped, patterns) = (read("workflows"), read("tests/patterns"));
    for (path, text) in shipped.texts().chain(patterns.texts()) {
        let schema = match path {
            _ if path.ends_with("shared.yaml") => schema::shared_schema(),
            _ if path.contains("lists/") || path.contains("schema/") => continue,
            _ if path.ends_with(".test.yaml") => continue,
            _ => schema::workflow_schema(),
        };
        let mut findings = Vec::new();
        let source = Source::new(path, text.clone());
        let root = yaml::parse(&source, &mut findings).expect("it is YAML");
        let validator = jsonschema::validator_for(&schema).expect("it is a schema");
        let json = root.to_json();
        let errors: Vec<String> = validator
            .iter_errors(&json)
            .map(|error| format!("{} at {}", error, error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{path}: {errors:#?}");
    }
}

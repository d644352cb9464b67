//! The OpenAPI document as a judge: an answer is held to the schema of its operation and status. Not a suite
//! itself.

use countersign_tests::Answer;
use serde_json::{Value as Json, json};

/// The document that the API serves.
pub struct Contract(Json);

impl Contract {
    /// As generated from the handlers.
    pub fn load() -> Self {
        Self(serde_json::to_value(countersign_api::openapi()).expect("the document is JSON"))
    }

    /// Holds an answer to what the operation says of its status, or of its class (`4XX`).
    #[track_caller]
    pub fn hold(&self, method: &str, path: &str, answer: &Answer) {
        let operation = &self.0["paths"][path][method];
        assert!(operation.is_object(), "there is no {method} {path}");
        let status = answer.status.as_u16();
        let responses = &operation["responses"];
        let response = match &responses[status.to_string()] {
            Json::Null => &responses[format!("{}XX", status / 100)],
            named => named,
        };
        let given = answer
            .headers
            .get("content-type")
            .expect("a type")
            .to_str()
            .expect("text");
        let essence = given.split(';').next().expect("a first part");
        let content = &response["content"][essence];
        assert!(
            content.is_object(),
            "{method} {path} says nothing of {status} {essence}"
        );
        if !essence.ends_with("json") {
            return;
        }
        let mut schema = content["schema"].clone();
        schema["components"] = self.0["components"].clone();
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        let errors: Vec<String> = validator
            .iter_errors(&answer.body)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(
            errors.is_empty(),
            "{method} {path} {status}: {errors:#?}\n{:#}",
            answer.body
        );
    }

    /// Every operation, as method and path.
    pub fn operations(&self) -> Vec<(String, String)> {
        let paths = self.0["paths"].as_object().expect("paths");
        let operations = paths.iter().flat_map(|(path, item)| {
            let methods = item.as_object().expect("operations").keys();
            methods.map(move |method| (method.clone(), path.clone()))
        });
        operations.collect()
    }

    /// Whether an operation needs no token.
    pub fn is_open(&self, method: &str, path: &str) -> bool {
        self.0["paths"][path][method]["security"] == json!([{}])
    }
}

//! Test files as JSON Schema, by which editors complete and check. Names of people, forms and actions are the
//! author's, so that only the shape around them is told.

use serde_json::{Map, Value as Json, json};

use super::read::{CASE, KEYWORDS, PERSON, REASONS, SET, TEST, THEN, verbs};

/// The schema of a test file.
pub fn schema() -> Json {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Scenario tests of a Countersign workflow",
        "type": "object",
        "required": ["test", "clock", "scenarios"],
        "properties": keywords(TEST.words, test_keyword),
        "additionalProperties": false,
        "$defs": {
            "words": { "oneOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] },
            "said": {
                "description": "A text on the whole case, or texts by place: `{ deal.amount: … }`.",
                "oneOf": [
                    { "type": "string" },
                    { "type": "object", "additionalProperties": { "type": "string" } },
                ],
            },
            "time": {
                "type": "string",
                "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,3})?)?)?$",
            },
            "reasons": {
                "description": format!("Names that the action requires, or {}.", REASONS.join(", ")),
                "$ref": "#/$defs/words",
            },
            "facts": {
                "description": "Facts by kind, subject and name.",
                "type": "object",
                "additionalProperties": { "type": "object", "additionalProperties": { "type": "object" } },
            },
            "person": {
                "type": ["object", "null"],
                "properties": keywords(PERSON.words, person_keyword),
                "additionalProperties": false,
            },
            "case": {
                "description": "A case that is simply there, with its forms.",
                "type": "object",
                "required": ["workflow", "state"],
                "properties": keywords(&CASE, |_| json!({ "type": "string" })),
                "additionalProperties": { "type": "object" },
            },
            "set": {
                "type": "object",
                "properties": keywords(SET.words, set_keyword),
                "additionalProperties": false,
            },
            "then": {
                "type": "object",
                "properties": keywords(&THEN, then_keyword),
                "patternProperties": {
                    "^\\S+ (sees|does not see)$": { "$ref": "#/$defs/words" },
                },
                "additionalProperties": false,
            },
            "count": { "type": ["string", "integer"], "pattern": "^[0-9]+( of [0-9]+)?$" },
            "step": {
                "type": "object",
                "minProperties": 1,
                "properties": keywords(&KEYWORDS, step_keyword),
                "patternProperties": step_verbs(),
                "additionalProperties": {
                    "description": "Who takes which action, or the form that is filled in with it.",
                    "type": ["string", "object"],
                },
            },
        },
    })
}

/// What people do besides taking actions.
fn step_verbs() -> Map<String, Json> {
    let verbs = verbs().map(|verb| {
        let schema = match verb {
            "opens" | "edits" => json!({ "type": ["object", "null"] }),
            "comments" => {
                json!({ "oneOf": [{ "$ref": "#/$defs/said" }, { "type": "null" }] })
            }
            "claims" | "releases" => json!({ "type": "null" }),
            "reassigns" => json!({
                "description": "Whose turn it is, and whose it becomes: `{ rita: omar }`.",
                "type": "object",
                "minProperties": 1,
                "maxProperties": 1,
                "additionalProperties": { "type": "string" },
            }),
            _ => json!({ "type": "string" }),
        };
        (format!("^\\S+ {verb}$"), schema)
    });
    verbs.collect()
}

fn keywords(words: &[&str], schema: fn(&str) -> Json) -> Map<String, Json> {
    let words = words.iter();
    words
        .map(|word| ((*word).to_owned(), schema(word)))
        .collect()
}

fn test_keyword(word: &str) -> Json {
    let each = |def: &str| json!({ "type": "object", "additionalProperties": { "$ref": def } });
    match word {
        "clock" => {
            json!({ "$ref": "#/$defs/time", "description": "When each story begins, in the workflow's zone." })
        }
        "people" => each("#/$defs/person"),
        "facts" => json!({ "$ref": "#/$defs/facts" }),
        "cases" => each("#/$defs/case"),
        "always" | "never" => json!({
            "description": "Properties of every story, by name: expressions that are true after each step, or after none.",
            "type": "object",
            "additionalProperties": { "type": "string" },
        }),
        "scenarios" => json!({
            "type": "object",
            "minProperties": 1,
            "additionalProperties": { "type": "array", "items": { "$ref": "#/$defs/step" } },
        }),
        _ => json!({ "type": "string", "description": "The workflow that is tested." }),
    }
}

fn person_keyword(word: &str) -> Json {
    match word {
        "in" => json!({ "$ref": "#/$defs/words", "description": "Groups." }),
        "partner" => told("The partner whose person it is."),
        "email" => told("The address; somebody with nothing else is a stranger to the directory."),
        "language" => json!({ "enum": ["en", "zh"] }),
        "attributes" => {
            json!({ "type": "object", "description": "What the directory says: `{ manager: mia }`." })
        }
        "verification" => {
            json!({ "type": "boolean", "description": "Asked for a code where it says `code_if_enabled`." })
        }
        "away" => json!({
            "description": "Away in the whole story, or in a part of it.",
            "oneOf": [
                { "type": "boolean" },
                {
                    "type": "object",
                    "properties": { "from": { "$ref": "#/$defs/time" }, "until": { "$ref": "#/$defs/time" } },
                    "additionalProperties": false,
                },
            ],
        }),
        "substitute" => told("Who acts in the place of somebody who is away."),
        _ => json!({ "type": "string" }),
    }
}

/// A text, and what it is.
fn told(description: &str) -> Json {
    json!({ "type": "string", "description": description })
}

fn set_keyword(word: &str) -> Json {
    match word {
        "facts" => json!({ "$ref": "#/$defs/facts" }),
        _ => json!({ "type": "object", "additionalProperties": { "type": "object" } }),
    }
}

fn then_keyword(word: &str) -> Json {
    match word {
        "state" => told("The state that the case is in, by its full name."),
        "round" => json!({ "type": "integer", "minimum": 1, "description": "The round." }),
        "sent" => json!({
            "description": "How often each message was sent since the step before, to however many people.",
            "type": "object",
            "additionalProperties": { "type": "integer", "minimum": 0 },
        }),
        "mail" => {
            json!({ "$ref": "#/$defs/words", "description": "Everybody who got mail since the step before." })
        }
        "tracks" => json!({
            "description": "The state of each track by its name.",
            "type": "object",
            "additionalProperties": { "type": "string" },
        }),
        "children" => json!({
            "description": "The newest child of each key, and the state that it is in.",
            "type": "object",
            "additionalProperties": { "type": "object", "additionalProperties": { "type": "string" } },
        }),
        "called" => {
            json!({ "$ref": "#/$defs/words", "description": "Every hook called since the step before." })
        }
        "to_fix" => {
            json!({ "$ref": "#/$defs/words", "description": "Places with an open comment that was not answered." })
        }
        "due" => json!({
            "description": "When the state is due; nothing if it is not.",
            "oneOf": [{ "$ref": "#/$defs/time" }, { "type": "null" }],
        }),
        "votes" => json!({
            "description": "How many votes a decision has: `{ approve: 1 of 2 }`.",
            "type": "object",
            "additionalProperties": { "oneOf": [
                { "$ref": "#/$defs/count" },
                { "description": "Of this panel.", "type": "object", "additionalProperties": { "$ref": "#/$defs/count" } },
            ] },
        }),
        "end" => json!({
            "description": "How the case has ended; nothing while it runs.",
            "enum": ["success", "failure", "neutral", null],
        }),
        "overdue" => {
            json!({ "type": "boolean", "description": "Whether the due time has passed." })
        }
        "may" => json!({
            "description": "Who may do something now: `rita`, or `rita approve`.",
            "type": ["string", "array"],
            "items": { "type": ["string", "object"] },
        }),
        "may_not" => json!({
            "description": "Who may not, and why: `{ rita approve: voted }`.",
            "type": "object",
            "additionalProperties": { "$ref": "#/$defs/reasons" },
        }),
        _ => json!({ "type": "string" }),
    }
}

fn step_keyword(word: &str) -> Json {
    match word {
        "then" => json!({ "$ref": "#/$defs/then" }),
        "refused" => json!({ "$ref": "#/$defs/reasons" }),
        "code" => {
            json!({ "enum": ["good", "bad"], "description": "The one-time code that is given." })
        }
        "comment" | "internal" | "reply" => json!({ "$ref": "#/$defs/said" }),
        "confirm" => json!({ "type": "boolean", "description": "Whether the box is ticked." }),
        "keep link as" => told("Names the newest mail's links, for `link` later."),
        "link" => told("The kept link by which they come; the newest if left out."),
        "keep call as" => told("Names the newest hook call, for `answers` later."),
        "answers" => told("The kept hook call that the service answers."),
        "child" => told("The step is about this child case: `checks.a`."),
        "times" => json!({
            "description": "How often it happens; what is expected is looked at after the last time.",
            "type": "integer",
            "minimum": 1,
        }),
        "version" => json!({
            "description": "The case is opened in this older version, whose file lies in `versions/`.",
            "type": "integer",
            "minimum": 1,
        }),
        "wait" => {
            json!({ "type": "string", "description": "A length of time: `3 business days`." })
        }
        "wait until" => {
            json!({ "$ref": "#/$defs/time", "description": "A moment in the workflow's zone." })
        }
        "set" => json!({ "$ref": "#/$defs/set" }),
        _ => json!({ "type": "string" }),
    }
}

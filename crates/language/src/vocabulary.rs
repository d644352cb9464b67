//! The keywords of the language, place by place. What they mean is `lower`'s.

/// The keywords of one place.
pub struct Vocabulary {
    /// The place, with its article.
    pub what: &'static str,
    /// The keywords.
    pub words: &'static [&'static str],
}

impl Vocabulary {
    /// What to say to somebody who writes this word here, where spelling is not the matter.
    pub fn hint(&self, word: &str) -> Option<&'static str> {
        let elsewhere = match word {
            "name" | "label" | "caption" if self.words.contains(&"title") => Some("write `title`"),
            "goto" | "next" | "target" | "next_state" if self.words.contains(&"to") => {
                Some("write `to`")
            }
            "condition" | "guard" | "if" if self.words.contains(&"when") => Some("write `when`"),
            _ => None,
        };
        match (self.what, word) {
            (
                "a review",
                "who" | "approver" | "approvers" | "assignee" | "assignees" | "reviewer"
                | "reviewers" | "voters",
            ) => Some("write `by`: the role, or the roles, that decide"),
            ("a state", "deadline" | "sla" | "timeout" | "expires") => Some(
                "write `due: 3 business days`, and a timer with `to` if something is to happen by itself",
            ),
            ("a state", "transitions" | "buttons" | "on") => {
                Some("write `actions: { submit: { who: …, to: … } }`")
            }
            ("an action", "by" | "role" | "roles" | "actor" | "by_whom") => Some("write `who`"),
            ("a timer", "in" | "delay" | "wait" | "timeout") => Some("write `after: 3 days`"),
            ("a workflow", "languages" | "timezone" | "calendars" | "lists" | "facts") => {
                Some("it holds for the whole folder: put it into `shared.yaml` beside the file")
            }
            ("a message", "recipient" | "recipients") => Some("write `to`"),
            ("a message", "text" | "content" | "html") => Some("write `body`"),
            ("a decision", "who") => Some("`by` of the review says who decides"),
            ("an action", "votes") => Some("only decisions of a `review` are voted on"),
            ("an action" | "a decision" | "a timer", "enter" | "exit" | "effects" | "notify") => {
                Some("write `do: [ { notify: … } ]`")
            }
            ("a track", "actions" | "timers" | "review" | "edit" | "enter" | "exit" | "due") => {
                Some("put it into a state of the track, or into the state around the tracks")
            }
            ("a field", "$ref") => {
                Some("a whole form can be a JSON Schema: `form: { $ref: order.schema.json }`")
            }
            ("a state", "do") => Some("a state has `enter` and `exit`, an action has `do`"),
            ("a state", "to") => Some("an action or a timer leads somewhere: put `to` there"),
            ("a state", "decisions" | "by") => Some("put it into `review`"),
            ("a row of a table", "if" | "inputs") => Some("write `when: { input: condition }`"),
            ("a row of a table", "value" | "output" | "do") => Some("write `then`"),
            ("a rule", "when" | "if") => Some("write `check`"),
            ("a rule" | "a limit" | "a link", "message" | "text") => Some("write `else`"),
            _ => elsewhere,
        }
    }
}

macro_rules! vocabularies {
    ($($name:ident $what:literal [$($word:literal)*])*) => {
        $(
            #[doc = concat!("The keywords of ", $what, ".")]
            pub const $name: Vocabulary =
                Vocabulary { what: $what, words: &[$($word),*] };
        )*

        /// Every place that has keywords.
        pub const ALL: &[&Vocabulary] = &[$(&$name),*];
    };
}

vocabularies! {
    WORKFLOW "a workflow" [
        "workflow" "version" "number" "title" "about" "case_title" "partner" "calendar" "roles" "forms"
        "materials" "rules" "limits" "links" "children" "tables" "open" "states" "messages"
        "migrate"
    ]
    SHARED "`shared.yaml`" [
        "shared" "languages" "timezone" "calendars" "lists" "facts" "roles" "messages"
    ]
    CALENDAR "a calendar" ["week" "hours" "holidays" "workdays"]
    LIST "a list" ["title" "file" "fields"]
    ROLE "a role" ["title" "is" "group" "email" "groups" "person" "relation"]
    FORM "a form" [
        "title" "each" "fields" "$ref" "$defs" "allOf" "anyOf" "oneOf" "not" "if" "then" "else" "dependentRequired"
    ]
    JSON_SCHEMA "a JSON Schema" [
        "title" "description" "type" "enum" "items" "properties" "required" "format" "pattern" "const" "minLength"
        "maxLength" "minimum" "maximum" "exclusiveMinimum" "exclusiveMaximum" "multipleOf" "minItems" "maxItems"
        "uniqueItems" "minProperties" "maxProperties" "$ref" "$defs" "allOf" "anyOf" "oneOf" "not" "if" "then" "else"
        "default" "examples" "contains" "prefixItems" "patternProperties" "additionalProperties" "propertyNames"
        "dependentRequired"
    ]
    FIELD "a field" [
        "title" "description" "type" "pick" "enum" "items" "properties" "required" "format" "pattern" "const"
        "minLength" "maxLength" "minimum" "maximum" "exclusiveMinimum" "exclusiveMaximum" "multipleOf"
        "minItems" "maxItems" "uniqueItems" "minProperties" "maxProperties" "private" "derived" "frozen_after"
        "group" "$ref" "$defs" "allOf" "anyOf" "oneOf" "not" "if" "then" "else" "default" "examples" "contains" "prefixItems"
        "patternProperties" "additionalProperties" "propertyNames" "dependentRequired"
    ]
    MATERIAL "a material" ["title" "accept" "max" "count" "template" "optional"]
    RULE "a rule" ["check" "else" "at"]
    LIMIT "a limit" ["count" "per" "adds" "counting" "within" "while" "same" "else" "at"]
    LINK "a link" ["title" "workflow" "same" "match" "state" "many" "else" "optional"]
    CHILDREN "`children`" ["title" "workflow" "each" "key" "with" "keep"]
    TABLE "a table" ["inputs" "hit" "rows"]
    ROW "a row of a table" ["when" "then"]
    OPEN "`open`" ["title" "who" "when" "require" "confirm" "do" "to"]
    STATE "a state" [
        "title" "edit" "show" "hide" "enter" "exit" "due" "claim" "review" "actions" "timers" "start" "states"
        "tracks" "end"
    ]
    TRACK "a track" ["title" "start" "states"]
    DUE "`due`" ["after" "pauses_in"]
    ACTION "an action" [
        "title" "who" "when" "except" "require" "confirm" "do" "to" "resume" "covers" "keep"
    ]
    DECISION "a decision" [
        "title" "when" "except" "require" "confirm" "do" "to" "resume" "covers" "votes" "panels"
    ]
    CONFIRM "`confirm`" ["when" "text"]
    EXCEPT "`except`" ["voted_in" "took" "roles" "people"]
    REVIEW "a review" [
        "by" "panels" "assign" "except" "self_review" "decisions" "otherwise" "covers" "members" "prefer"
    ]
    PANEL "a panel" ["title" "by" "when" "votes"]
    PREFER "`prefer`" ["voted_in" "took"]
    OTHERWISE "`otherwise`" ["to" "do"]
    TIMER "a timer" ["after" "every" "from" "times" "cron" "at" "as_soon_as" "do" "to"]
    EFFECT "an effect" [
        "notify" "call" "open" "set" "void" "cancel_links" "add_reviewers"
    ]
    VOID "`void`" ["of" "by"]
    MIGRATION "an entry of `migrate`" ["states" "stay" "data" "set" "timers" "note"]
    MESSAGE "a message" ["to" "subject" "body"]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_others_are_told_in_ours() {
        for (what, word, ours) in [
            ("a state", "deadline", "`due"),
            ("a state", "transitions", "`actions"),
            ("a state", "label", "`title`"),
            ("a review", "assignee", "`by`"),
            ("an action", "role", "`who`"),
            ("an action", "goto", "`to`"),
            ("a timer", "delay", "`after"),
            ("a message", "text", "`body`"),
            ("a workflow", "timezone", "`shared.yaml`"),
        ] {
            let place = ALL.iter().find(|place| place.what == what);
            let hint = place.and_then(|place| place.hint(word));
            assert!(
                hint.is_some_and(|hint| hint.contains(ours)),
                "{word} in {what}: {hint:?}"
            );
        }
    }
}

//! The keywords of the language, place by place: those that are built, and those that a file may not
//! use yet. What they mean is `lower`'s.

/// The keywords of one place.
pub struct Vocabulary {
    /// The place, with its article.
    pub what: &'static str,
    /// The keywords that are built.
    pub words: &'static [&'static str],
    /// The keywords of the language that are not built yet.
    pub later: &'static [&'static str],
}

impl Vocabulary {
    /// What to say to somebody who writes this word here, where spelling is not the matter.
    pub fn hint(&self, word: &str) -> Option<&'static str> {
        match (self.what, word) {
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
            _ => None,
        }
    }
}

macro_rules! vocabularies {
    ($($name:ident $what:literal [$($word:literal)*] later [$($later:literal)*])*) => {
        $(
            #[doc = concat!("The keywords of ", $what, ".")]
            pub const $name: Vocabulary =
                Vocabulary { what: $what, words: &[$($word),*], later: &[$($later),*] };
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
    ] later []
    SHARED "`shared.yaml`" [
        "shared" "languages" "timezone" "calendars" "lists" "facts" "roles" "messages"
    ] later []
    CALENDAR "a calendar" ["week" "hours" "holidays" "workdays"] later []
    LIST "a list" ["title" "file" "fields"] later []
    ROLE "a role" ["title" "is" "group" "email" "groups" "person" "relation"] later []
    FORM "a form" [
        "title" "each" "fields" "$ref" "$defs" "allOf" "anyOf" "oneOf" "not" "if" "then" "else" "dependentRequired"
    ] later []
    JSON_SCHEMA "a JSON Schema" [
        "title" "description" "type" "enum" "items" "properties" "required" "format" "pattern" "const" "minLength"
        "maxLength" "minimum" "maximum" "exclusiveMinimum" "exclusiveMaximum" "multipleOf" "minItems" "maxItems"
        "uniqueItems" "minProperties" "maxProperties" "$ref" "$defs" "allOf" "anyOf" "oneOf" "not" "if" "then" "else"
        "default" "examples" "contains" "prefixItems" "patternProperties" "additionalProperties" "propertyNames"
        "dependentRequired"
    ] later []
    FIELD "a field" [
        "title" "description" "type" "pick" "enum" "items" "properties" "required" "format" "pattern" "const"
        "minLength" "maxLength" "minimum" "maximum" "exclusiveMinimum" "exclusiveMaximum" "multipleOf"
        "minItems" "maxItems" "uniqueItems" "minProperties" "maxProperties" "private" "derived" "frozen_after"
        "group" "$ref" "$defs" "allOf" "anyOf" "oneOf" "not" "if" "then" "else" "default" "examples" "contains" "prefixItems"
        "patternProperties" "additionalProperties" "propertyNames" "dependentRequired"
    ] later []
    MATERIAL "a material" ["title" "accept" "max" "count" "template" "optional"] later []
    RULE "a rule" ["check" "else" "at"] later []
    LIMIT "a limit" ["count" "per" "adds" "counting" "within" "while" "same" "else" "at"] later []
    LINK "a link" ["title" "workflow" "same" "match" "state" "many" "else" "optional"] later []
    CHILDREN "`children`" ["title" "workflow" "each" "key" "with" "keep"] later []
    TABLE "a table" ["inputs" "hit" "rows"] later []
    ROW "a row of a table" ["when" "then"] later []
    OPEN "`open`" ["title" "who" "when" "require" "confirm" "do" "to"] later []
    STATE "a state" [
        "title" "edit" "show" "hide" "enter" "exit" "due" "claim" "review" "actions" "timers" "start" "states"
        "tracks" "end"
    ] later []
    TRACK "a track" ["title" "start" "states"] later []
    DUE "`due`" ["after" "pauses_in"] later []
    ACTION "an action" [
        "title" "who" "when" "except" "require" "confirm" "do" "to" "resume" "covers" "keep"
    ] later []
    DECISION "a decision" [
        "title" "when" "except" "require" "confirm" "do" "to" "resume" "covers" "votes" "panels"
    ] later []
    CONFIRM "`confirm`" ["when" "text"] later []
    EXCEPT "`except`" ["voted_in" "took" "roles" "people"] later []
    REVIEW "a review" [
        "by" "panels" "assign" "except" "self_review" "decisions" "otherwise" "covers" "members" "prefer"
    ] later []
    PANEL "a panel" ["title" "by" "when" "votes"] later []
    PREFER "`prefer`" ["voted_in" "took"] later []
    OTHERWISE "`otherwise`" ["to" "do"] later []
    TIMER "a timer" ["after" "every" "from" "times" "cron" "at" "as_soon_as" "do" "to"] later []
    EFFECT "an effect" [
        "notify" "call" "open" "set" "void" "cancel_links" "add_reviewers"
    ] later []
    VOID "`void`" ["of" "by"] later []
    MIGRATION "an entry of `migrate`" ["states" "stay" "data" "set" "timers" "note"] later []
    MESSAGE "a message" ["to" "subject" "body"] later []
}

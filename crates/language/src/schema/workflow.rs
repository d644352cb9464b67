//! The sections of a workflow file, as JSON Schema.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde_json::Value;

use super::{Cel, Confirm, Does, Named, OneOrMany, StateFile, Texts, Words, state::To};

/// A workflow: one file, one process.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct WorkflowFile {
    /// Its stable id, in `snake_case`.
    pub workflow: String,
    /// A whole number. A case keeps the version that it began with; raise it with every change.
    #[schemars(range(min = 1))]
    pub version: u32,
    /// What people call it.
    pub title: Option<Texts>,
    /// What it is for, in a sentence or two.
    pub about: Option<Texts>,
    /// How its cases are numbered, for example `DR-{year}-{seq:5}`.
    pub number: Option<String>,
    /// What a case is called in lists.
    pub case_title: Option<Cel>,
    /// Whose case it is; the starter's partner if left out.
    pub partner: Option<Cel>,
    /// Which of the shared calendars holds; the first if left out.
    pub calendar: Option<String>,
    /// Who a word in `who`, `by`, `edit` or `to` stands for.
    pub roles: Option<Named<RoleFile>>,
    /// What is filled in.
    pub forms: Option<Named<FormFile>>,
    /// What is uploaded.
    pub materials: Option<Named<MaterialFile>>,
    /// Conditions, with words for whoever does not meet them.
    pub rules: Option<Named<RuleFile>>,
    /// At most so many, or so much.
    pub limits: Option<Named<LimitFile>>,
    /// Related cases.
    pub links: Option<Named<LinkFile>>,
    /// Child cases.
    pub children: Option<Named<ChildrenFile>>,
    /// Decision tables.
    pub tables: Option<Named<TableFile>>,
    /// The action that creates a case.
    pub open: OpenFile,
    /// Where a case can be.
    pub states: Named<StateFile>,
    /// Templates of mails.
    pub messages: Option<Named<MessageFile>>,
    /// How cases of older versions may be moved to this one, by version.
    pub migrate: Option<BTreeMap<u32, MigrationFile>>,
}

/// How cases of an older version may be moved to this one.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct MigrationFile {
    /// States that are called otherwise now, or whose cases go elsewhere: older path to newer.
    pub states: Option<BTreeMap<String, String>>,
    /// States of the older version whose cases stay with it.
    pub stay: Option<OneOrMany<String>>,
    /// Forms, fields, materials and links that are called otherwise now.
    pub data: Option<BTreeMap<String, String>>,
    /// Values that are written.
    pub set: Option<BTreeMap<String, Cel>>,
    /// What becomes of timers.
    pub timers: Option<Named<TimerFateFile>>,
    /// For the operator who reads the dry run.
    pub note: Option<Texts>,
}

/// What becomes of a timer.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub enum TimerFateFile {
    /// It fires when it would have fired.
    Keep,
    /// It starts anew.
    Restart,
    /// It fires no more.
    Drop,
}

/// A role: one of `is`, `group`, `groups`, `person` and `relation`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct RoleFile {
    /// What people call it.
    pub title: Option<Texts>,
    /// Who has it, if not the members of a group.
    pub is: Option<RoleKind>,
    /// The members of this group; with `is: partner` only those of the case's partner.
    pub group: Option<String>,
    /// The members of the groups that this expression names.
    pub groups: Option<Cel>,
    /// The people that this expression names: a person, or a list of them.
    pub person: Option<Cel>,
    /// Whoever stands so to somebody, by an attribute of the directory: `manager_of(starter)`.
    pub relation: Option<String>,
    /// The address that a link holder proves.
    pub email: Option<Cel>,
}

/// Who has a role by what he is to the case.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub enum RoleKind {
    /// Who opened the case, and colleagues of the same partner.
    Starter,
    /// People of the case's partner.
    Partner,
    /// Whoever proves the address of `email`.
    LinkHolder,
}

/// A form.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct FormFile {
    /// What people call it.
    pub title: Option<Texts>,
    /// `reviewer`: every reviewer fills in a copy, and expressions see a list.
    pub each: Option<Each>,
    /// Its fields; required unless the name ends in `?`.
    pub fields: Option<BTreeMap<String, FieldFile>>,
    /// Instead of fields: a file with a plain JSON Schema, by its path from the folder of this file.
    #[schemars(rename = "$ref")]
    pub reference: Option<String>,
    /// What the fields ask of each other, in JSON Schema.
    #[serde(flatten)]
    pub combining: FormCombining,
}

/// What the fields of a form ask of each other, in JSON Schema.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct FormCombining {
    /// Schemas to refer to: `#/$defs/…`.
    #[schemars(rename = "$defs")]
    pub defs: Option<Value>,
    /// All of these hold.
    pub all_of: Option<Value>,
    /// At least one of these holds.
    pub any_of: Option<Value>,
    /// Exactly one of these holds.
    pub one_of: Option<Value>,
    /// This does not hold.
    pub not: Option<Value>,
    /// If this holds, so does `then`, else `else`.
    #[schemars(rename = "if")]
    pub condition: Option<Value>,
    /// See `if`.
    pub then: Option<Value>,
    /// See `if`.
    #[schemars(rename = "else")]
    pub otherwise: Option<Value>,
    /// Fields that need others: `{ note: [reason] }`.
    pub dependent_required: Option<BTreeMap<String, Vec<String>>>,
}

/// Who fills in a copy of a form.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub enum Each {
    /// Every reviewer.
    Reviewer,
}

/// A field: JSON Schema 2020-12, with a few conveniences.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename_all = "camelCase")]
pub struct FieldFile {
    /// What people call it.
    pub title: Option<Texts>,
    /// More about it.
    pub description: Option<Texts>,
    /// Its type. `text` is long; `money` is exact, with at most two fraction digits.
    #[schemars(rename = "type")]
    pub kind: Option<FieldType>,
    /// An entry of this list, copied into the case.
    pub pick: Option<String>,
    /// A field that is a plain JSON Schema: a file beside this one.
    #[schemars(rename = "$ref")]
    pub reference: Option<String>,
    /// One of these words; as a mapping, each with its title.
    #[schemars(rename = "enum")]
    pub words: Option<Words>,
    /// What the list holds.
    pub items: Option<Box<FieldFile>>,
    /// The members of an object.
    pub properties: Option<BTreeMap<String, FieldFile>>,
    /// The members that an object must have.
    pub required: Option<Vec<String>>,
    /// A format of JSON Schema, for example `email`.
    pub format: Option<String>,
    /// A regular expression.
    pub pattern: Option<String>,
    /// This value and no other.
    #[schemars(rename = "const")]
    pub constant: Option<Value>,
    /// The fewest characters.
    pub min_length: Option<u32>,
    /// The most characters.
    pub max_length: Option<u32>,
    /// The least value.
    pub minimum: Option<f64>,
    /// The largest value.
    pub maximum: Option<f64>,
    /// More than this.
    pub exclusive_minimum: Option<f64>,
    /// Less than this.
    pub exclusive_maximum: Option<f64>,
    /// A multiple of this.
    pub multiple_of: Option<f64>,
    /// The fewest entries.
    pub min_items: Option<u32>,
    /// The most entries; a list that an expression searches needs it.
    pub max_items: Option<u32>,
    /// No entry twice.
    pub unique_items: Option<bool>,
    /// The fewest members.
    pub min_properties: Option<u32>,
    /// The most members.
    pub max_properties: Option<u32>,
    /// Only these roles see it.
    pub private: Option<OneOrMany<String>>,
    /// Read-only: reckoned from this.
    pub derived: Option<Cel>,
    /// With `type: person`: the group that they must be in.
    pub group: Option<String>,
    /// No change any more once this state was left for the first time.
    #[schemars(rename = "frozen_after")]
    pub frozen_after: Option<String>,
    /// What its parts ask of each other, in JSON Schema.
    #[serde(flatten)]
    pub combining: FormCombining,
    /// Shown to whoever fills it in; it is not filled in by itself.
    pub default: Option<Value>,
    /// Shown to whoever fills it in.
    pub examples: Option<Vec<Value>>,
    /// An entry that a list must have.
    pub contains: Option<Value>,
    /// What the first entries of a list must be, one after the other.
    pub prefix_items: Option<Vec<Value>>,
    /// Members of an object by patterns of their names.
    pub pattern_properties: Option<BTreeMap<String, Value>>,
    /// Members that an object does not declare: whether it may have them, or what they must be.
    pub additional_properties: Option<Value>,
    /// What the names of members must be.
    pub property_names: Option<Value>,
}

/// The types of fields.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum FieldType {
    /// One line of text.
    String,
    /// Several lines of text.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// A day.
    Date,
    /// A moment.
    DateTime,
    /// An exact amount with at most two fraction digits.
    Money,
    /// A person of the directory, by id.
    Person,
    /// A list.
    Array,
    /// A record.
    Object,
}

/// Files that are asked for.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct MaterialFile {
    /// What people call it.
    pub title: Option<Texts>,
    /// The kinds of file that are taken: `[pdf, docx]`.
    pub accept: OneOrMany<String>,
    /// The largest size taken, for example `20 MB`.
    pub max: Option<String>,
    /// How many files: `1..5`, or one number.
    pub count: Option<Value>,
    /// A file to download, fill in and upload.
    pub template: Option<String>,
    /// Whether it may be missing.
    pub optional: Option<bool>,
}

/// A condition, with words for whoever does not meet it.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct RuleFile {
    /// True when it is met.
    pub check: Cel,
    /// What to tell the person; may say have and need.
    #[schemars(rename = "else")]
    pub otherwise: Texts,
    /// The field to point to.
    pub at: Option<String>,
}

/// At most `count` for each `per`, `within` a time or `while` cases are there.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct LimitFile {
    /// How many, or how much; 1 if left out.
    pub count: Option<Cel>,
    /// What is counted apart: `actor`, `starter`, `partner` or an expression.
    pub per: Cel,
    /// What one step or case adds; 1 if left out.
    pub adds: Option<Cel>,
    /// Whatever has the same value here takes one place together.
    pub counting: Option<Cel>,
    /// `1 day`, `3 months`, or `calendar day` up to `calendar year`.
    pub within: Option<String>,
    /// `open`, `ever`, or states.
    #[schemars(rename = "while")]
    pub during: Option<OneOrMany<String>>,
    /// Whether partners are counted apart besides.
    pub same: Option<Same>,
    /// What to tell the person.
    #[schemars(rename = "else")]
    pub otherwise: Option<Texts>,
    /// The field to point to.
    pub at: Option<String>,
}

/// What must be the same.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub enum Same {
    /// The partner.
    Partner,
}

/// A related case, which a person picks, or several that are found.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct LinkFile {
    /// What people call it.
    pub title: Option<Texts>,
    /// Its workflow.
    pub workflow: String,
    /// Whether it must be of the same partner.
    pub same: Option<Same>,
    /// Its fields and what they must hold.
    #[schemars(rename = "match")]
    pub matches: Option<BTreeMap<String, Cel>>,
    /// The states that it must be in.
    pub state: Option<OneOrMany<String>>,
    /// All that match, the newest first and at most so many; nobody picks.
    #[schemars(range(min = 1, max = 256))]
    pub many: Option<u32>,
    /// What to tell the person.
    #[schemars(rename = "else")]
    pub otherwise: Option<Texts>,
    /// Whether it may be missing.
    pub optional: Option<bool>,
}

/// Child cases that the effect `open` opens.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ChildrenFile {
    /// What people call them.
    pub title: Option<Texts>,
    /// Their workflow.
    pub workflow: String,
    /// A list: one child for each entry. Without it, one whenever the effect happens.
    pub each: Option<Cel>,
    /// What tells the entries apart, over `item`.
    pub key: Option<Cel>,
    /// Fields of the child, and what they begin with.
    pub with: Option<BTreeMap<String, Cel>>,
    /// Whether they go on when the parent has ended.
    pub keep: Option<bool>,
}

/// A decision table; its name stands for its value.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct TableFile {
    /// What the rows ask about.
    pub inputs: Named<Cel>,
    /// Which of the rows that match count.
    pub hit: Option<HitKind>,
    /// In the order written.
    pub rows: Named<RowFile>,
}

/// Which of the rows that match count.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub enum HitKind {
    /// The only one.
    Unique,
    /// The first.
    First,
    /// All of them, as a list.
    Collect,
}

/// A row of a table.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct RowFile {
    /// Of each input a condition, a value, or a list of values; what is left out may be anything.
    pub when: Option<Named<Cel>>,
    /// What it says.
    pub then: Cel,
}

/// The action that creates a case.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct OpenFile {
    /// On the button.
    pub title: Option<Texts>,
    /// Who may open a case.
    pub who: OneOrMany<String>,
    /// Offered only while this is true.
    pub when: Option<Cel>,
    /// What must be supplied or true.
    pub require: Option<OneOrMany<String>>,
    /// A text to tick.
    pub confirm: Option<Confirm>,
    /// Effects.
    #[schemars(rename = "do")]
    pub effects: Option<OneOrMany<Does>>,
    /// Where a case begins.
    pub to: To,
}

/// A template of a mail.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct MessageFile {
    /// A role, `reviewers`, or an expression that gives an address.
    pub to: Cel,
    /// The subject; may contain `{{ expression }}`.
    pub subject: Texts,
    /// The body in Markdown; may contain `{{ expression }}`.
    pub body: Texts,
}

//! Values of forms: reading untrusted ones into canonical form, and judging whether a form is complete.
//! It knows nothing of who may write them (`policy`) or when (`step`).
// Skeleton: signatures that others may rely on; bodies follow.

/// Whose copy of an `each: reviewer` form is written.
pub struct CopyOf { pub by: Doer, pub state: StatePath, pub visit: u32 }

/// The known places that a patch touches, for `Policy::editable`. Unknown names are left to [`apply`].
pub fn places(workflow: &Workflow, patch: &Patch) -> BTreeSet<Place>;
/// The lists that a patch picks from, for `needs` and the history.
pub fn lists(workflow: &Workflow, patch: &Patch) -> BTreeSet<Name>;
/// Merges a patch into the content (checked as a draft), all or nothing. `copy` for `each: reviewer` forms.
/// A list that is not loaded is noted in `reading`. `set` uses it too: `{ form: { field: value-or-null } }`.
pub fn apply(workflow: &Workflow, content: &mut Content, patch: &Patch, copy: Option<&CopyOf>, reading: &Reading<'_>)
    -> Result<Vec<Change>, Vec<Missing>>;
/// `require: [form]`: one problem for each failing field, in document order; empty: complete.
pub fn complete(form: &Form, values: &Values) -> Vec<Missing>;
/// `require: [material]`: whether there are enough files.
pub fn enough_files(material: &Material, files: &[File]) -> Option<Missing>;
/// Whether the form's keywords make a schema at all (the language checks it at load).
pub fn check_schema(form: &Form) -> Result<(), String>;
/// The pure JSON Schema (2020-12) that the API publishes.
pub fn json_schema(form: &Form, surroundings: &Surroundings, language: Language) -> Json;
/// The type of a form in expressions (a map; for `each: reviewer` a list of them with `by`).
pub fn form_type(form: &Form, surroundings: &Surroundings) -> Type;
/// The type of a field's value in expressions.
pub fn kind_type(kind: &FieldKind, surroundings: &Surroundings) -> Type;

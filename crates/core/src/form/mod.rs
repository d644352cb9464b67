//! Values of forms: reading untrusted ones into canonical form, judging whether a form is complete, and
//! the types and schemas of fields. It knows nothing of who may write them (`policy`) or when (`step`).

mod combine;
mod complete;
mod file;
mod fits;
mod kind;
mod patch;
mod read;
mod schema;
mod words;

#[cfg(test)]
mod tests;

pub use complete::{Checker, NotASchema, check_schema, complete};
pub use file::{enough_files, fitting_file, media_types};
pub use fits::misfit;
pub use kind::{form_type, kind_type};
pub use patch::{CopyOf, apply, lists, places};
pub(crate) use read::kept_number;
pub use schema::json_schema;

//! The workflow language: YAML text to checked workflow, with all findings of all files in one run.

mod asked;
mod check;
mod file;
mod load;
mod lower;
mod nearest;
mod older;
mod parallel;
mod publish;
mod shared;

pub mod diagnostic;
pub mod scenario;
pub mod schema;
pub mod source;
pub mod vocabulary;
pub mod yaml;

pub use load::{Checked, check_files, check_paths, load_folder};
pub use older::{check_migration, load_version};
pub use publish::{NotCompiled, Published, compile};
pub use shared::ReferenceList;

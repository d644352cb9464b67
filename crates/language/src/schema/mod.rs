//! The language as JSON Schema, by which editors complete and check without our tool. The types here are
//! only described, never built: lowering reads the YAML itself, for its findings and places. A test holds
//! them to the same keywords.

mod names;
mod parts;
mod shared;
mod state;
mod values;
mod workflow;

pub use parts::{Alone, Confirm, Does, Effect, Except, Review, ReviewDecision, Timer, VoidWhat};
pub use shared::{CalendarFile, ListFile, SharedFile};
pub use state::{ActionFile, StateFile};
pub use values::{Cel, Duration, Named, OneOrMany, Texts, Words};
pub use workflow::{
    FieldFile, FormFile, LimitFile, LinkFile, MaterialFile, MessageFile, MigrationFile, OpenFile,
    RoleFile, RuleFile, TimerFateFile, WorkflowFile,
};

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::Value;

/// The schema of a workflow file.
pub fn workflow_schema() -> Value {
    schema_of::<WorkflowFile>()
}

/// The schema of `shared.yaml`.
pub fn shared_schema() -> Value {
    schema_of::<SharedFile>()
}

/// The schema of a type, as it is written into the repository.
pub fn schema_of<T: JsonSchema>() -> Value {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let mut schema = generator.into_root_schema_for::<T>().to_value();
    names::plainly(&mut schema);
    schema
}

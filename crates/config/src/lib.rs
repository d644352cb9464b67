//! The settings of `countersign serve`, typed: defaults, under a file, under variables of the environment. Not for
//! using them: only `cli` reads settings, and hands each part what it needs.
//!
//! Every fault is reported at once, each with the place where it stands and with what would be right. Secrets are never
//! printed, neither by `Debug` nor by an error.

mod error;
mod keys;
mod layers;
mod materials;
mod reader;
mod secret;
mod sections;
mod settings;

pub use error::{Error, Fault, Origin};
pub use secret::Secret;
pub use settings::{
    Bucket, Database, DatabaseKind, Hook, HookOfPartner, Hooks, Log, LogFormat, Mail,
    MailTransport, Materials, Metrics, Oidc, OidcPeople, RateLimits, Server, Settings, Workflows,
};

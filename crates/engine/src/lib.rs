//! The engine: use cases over lanes that commit in batches, and the ports that they need. It knows no
//! HTTP, no SQL and no SMTP: adapters bring those.

mod link_token;
pub mod ports;
mod registry;

pub use link_token::{KeyTooShort, LinkTokens};
pub use registry::Registry;

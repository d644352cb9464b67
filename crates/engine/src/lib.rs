//! Use cases, lanes and the ports that they need.

mod link_token;
mod registry;
pub mod ports;

pub use link_token::{KeyTooShort, LinkTokens};
pub use registry::Registry;

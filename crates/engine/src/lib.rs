//! Use cases, lanes and the ports that they need.

mod link_token;
pub mod ports;

pub use link_token::{KeyTooShort, LinkTokens};

//! The harness of the suites: what they share to start the product and to talk to it. Not for suites themselves.

pub mod files;
mod prerequisites;
mod product;

pub use prerequisites::{binary, smtp_python};
pub use product::{Answer, Client, MONDAY, Product};

//! The harness of the suites: what they share to start the product and to talk to it. Not for suites themselves.

mod browser;
pub mod files;
mod keyboard;
pub mod postgres;
mod prerequisites;
mod product;
mod site;
mod waiting;

pub use browser::Browser;
pub use prerequisites::{axe, binary, built, left_out, oidc_provider, s3_server, smtp_python};
pub use product::{Answer, Client, MONDAY, Product, http};
pub use site::{Ended, Server, Site};
pub use waiting::eventually;

//! The door: who somebody is, which language they read, that a form was sent from a page of ours, and signing in and
//! out.

mod cookies;
mod demo;
mod language;
mod password;
mod posted;
mod provider;
mod sign_in;
mod sign_out;
mod visitor;

pub use cookies::Cookies;
pub use demo::{DemoPerson, enter, welcome};
pub use language::{Wanted, remember_language};
pub use password::{set_password, show_password};
pub use posted::{Fields, Posted, foreign, from_here};
pub use provider::{WAY_BACK, back, to_provider};
pub use sign_in::{show_sign_in, sign_in};
pub use sign_out::sign_out;
pub use visitor::{SignedIn, Visitor, sign_in_for};

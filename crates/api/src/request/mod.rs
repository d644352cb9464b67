//! What handlers take from a request: who asks, in which language, once or again, and a strict body.

mod caller;
mod json;
mod language;
mod write;

pub use caller::Asker;
pub use json::{Nothing, StrictBody, strict};
pub use language::language_of;
pub use write::{Write, Written, key_of, whole};

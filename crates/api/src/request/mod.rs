//! What handlers take from a request: who asks, in which language, once or again, and a strict body.

mod body;
mod caller;
mod file_name;
mod json;
mod language;
mod params;
mod path;
mod upload;
mod write;

pub use body::{drain, is_held_back, whole};
pub use caller::Asker;
pub use file_name::{attachment, file_name};
pub use json::{Nothing, StrictBody, nearest, strict};
pub use language::language_of;
pub use params::{NumberedPage, Params, page_limit};
pub use path::{Id, Path};
pub use upload::Upload;
pub use write::{Write, Written, key_of};

//! The pages of a case. What they show and which buttons they have is the engine's answer, the same as the API's.

mod changes;
mod comments;
mod decide;
mod decision;
mod diagram;
mod difference;
mod everything;
mod fields;
mod files;
mod header;
mod history;
mod incoming;
mod load;
mod patch;
mod typed;
mod values;

pub use changes::changes;
pub use decide::decide;
pub use diagram::{diagram, picture, picture_answer};
pub use everything::{case, everything};
pub use fields::{Inputs, inputs};
pub use files::download;
pub use history::history;
pub use load::{Choices, Shown, choices_of};
pub use patch::patch_of;
pub use typed::{Fault, Typed};

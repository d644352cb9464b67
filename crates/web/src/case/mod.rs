//! The pages of a case. What they show and which buttons they have is the engine's answer, the same as the API's.

mod asked;
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
mod kin;
mod load;
mod patch;
mod progress;
mod turns;
mod typed;
mod values;
mod why;

pub use asked::act_by_link;
pub use changes::changes;
pub use decide::decide;
pub use decision::{code, with_it};
pub use diagram::{diagram, picture, picture_answer};
pub use everything::{case, everything, summary};
pub use fields::{Inputs, inputs};
pub use files::{download, files_of_case};
pub use header::badge;
pub use history::history;
pub use load::{Choices, Shown, choices_of, shown_of};
pub use patch::patch_of;
pub use typed::{Fault, Typed};
pub use values::form_values;
pub use why::why;

//! What answers look like, for the OpenAPI document and for clients in Rust. Cases are written by the
//! core's view; these types say the same again with their docs, and tests read every answer by them.

mod case;
mod history;
mod lists;
mod problem;
mod revisions;
mod why;

pub use case::{
    ActionDocument, CaseDocument, CommentDocument, FileDocument, MissingDocument, PanelDocument,
    ReceiptDocument, ReplyDocument, ReviewDocument, TimerDocument, VotesDocument,
    WaitingForDocument, Written, WrittenComment, WrittenFile,
};
pub use history::{ChangeDocument, EntryDocument, EventDocument};
pub use lists::Items;
pub use problem::{LastDocument, ProblemDocument, Problems};
pub use revisions::{
    FieldChangeDocument, FilesChangeDocument, RevisionContentDocument, RevisionDiffDocument,
    RevisionDocument, RevisionOrDiffDocument,
};
pub use why::{ConditionDocument, ReadValueDocument, WhyDocument};

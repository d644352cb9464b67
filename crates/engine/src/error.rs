//! Why a request got no committed answer. Refusals are business; all else is the service's trouble.

use countersign_core::{name::Name, outcome::Refusal};
use thiserror::Error;

use crate::ports::StoreError;

/// Why a request was not carried out.
#[derive(Debug, Error)]
pub enum Error {
    /// A business "no", with its reasons.
    #[error("refused: {}", .0.refusal.code())]
    Refused(Box<Refused>),
    /// The caller's group or rights do not allow it.
    #[error("not allowed")]
    NotAllowed,
    /// There is nothing of this name that the caller may see.
    #[error("not found")]
    NotFound,
    /// There is no such workflow.
    #[error("there is no workflow `{name}`")]
    UnknownWorkflow {
        /// What was asked for.
        name: String,
        /// The nearest name that there is.
        nearest: Option<Name>,
    },
    /// A value that cannot be taken, with the member that has it.
    #[error("`{member}` cannot be taken")]
    Invalid {
        /// The member.
        member: String,
        /// What is wrong, and what would be right.
        why: countersign_core::text::Text,
    },
    /// The key was used for another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// A file is of a kind that its material does not take, by its content.
    #[error("a file is not of a kind that is taken")]
    WrongKind(countersign_core::outcome::Missing),
    /// A file is larger than its material allows.
    #[error("more than {max_bytes} bytes came")]
    TooLarge {
        /// What is allowed.
        max_bytes: u64,
    },
    /// A commit has failed so lately that the store is not trusted yet.
    #[error("a commit failed a moment ago")]
    LatelyFailed,
    /// Whoever knows the owner of this token does not answer.
    #[error("the provider of accounts does not answer")]
    ProviderSilent,
    /// Too much is queued.
    #[error("too many requests are waiting")]
    Overloaded,
    /// The disk is full, or the store cannot write for another reason that may pass.
    #[error("the store cannot write now")]
    Unavailable(#[source] StoreError),
    /// The commit may or may not have happened; the same request with the same key tells.
    #[error("the outcome is unknown")]
    OutcomeUnknown(#[source] StoreError),
    /// A defect: it is logged, and only this request suffers.
    #[error("{0}")]
    Defect(String),
}

/// A refusal, and where the case stood.
#[derive(Debug)]
pub struct Refused {
    /// The reasons.
    pub refusal: Refusal,
    /// The case's etag, for `412`.
    pub etag: Option<u64>,
    /// The workflow, for titles.
    pub workflow: Option<std::sync::Arc<countersign_core::workflow::Workflow>>,
}

impl Error {
    /// A refusal without a case.
    pub fn refused(refusal: Refusal) -> Self {
        Self::Refused(Box::new(Refused {
            refusal,
            etag: None,
            workflow: None,
        }))
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error)
    }
}

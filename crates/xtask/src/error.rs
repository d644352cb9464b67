//! Why a chore failed.

/// Why a chore failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Some of its steps.
    #[error("{} of {total} steps failed: {}", failed.len(), failed.join(", "))]
    Steps {
        /// Their names.
        failed: Vec<String>,
        /// How many there were.
        total: usize,
    },
    /// Files of the repository.
    #[error("files cannot be read or written")]
    Files(#[source] std::io::Error),
    /// Something does not start.
    #[error("cannot start `{command}`")]
    Start {
        /// What.
        command: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// What is needed cannot be had.
    #[error("`{command}` failed, which {purpose} needs")]
    Install {
        /// What failed.
        command: String,
        /// What it is needed for.
        purpose: &'static str,
    },
}

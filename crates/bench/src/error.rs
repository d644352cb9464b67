//! Why nothing could be measured.

/// Why nothing could be measured.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The server is not there.
    #[error("cannot connect")]
    Connect(#[source] std::io::Error),
    /// The conversation broke off.
    #[error("the conversation broke off")]
    Http(#[from] hyper::Error),
    /// It answered something else than what was asked for.
    #[error("{what}: answered {status}: {body}")]
    Answer {
        /// What was asked.
        what: String,
        /// What it answered.
        status: u16,
        /// What it said, cut short.
        body: String,
    },
    /// A file.
    #[error("{path}")]
    File {
        /// Which.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A program that was started.
    #[error("`{0}` failed")]
    Program(String),
    /// The database beside the product.
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    /// A mistake of the benchmark itself.
    #[error("the benchmark: {0}")]
    Defect(String),
}

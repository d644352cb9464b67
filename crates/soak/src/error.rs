//! Why a soak could not go on. What it found is no error: that is in `findings`.

/// Why a soak could not go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The program, or talking to it.
    #[error(transparent)]
    Program(#[from] countersign_bench::Error),
    /// PostgreSQL.
    #[error(transparent)]
    Cluster(#[from] countersign_xtask::Error),
    /// The tables.
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    /// A file, a socket or a program beside the product.
    #[error("{what}")]
    Io {
        /// Which.
        what: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Something was not as a soak needs it.
    #[error("{0}")]
    Unfit(String),
}

impl Error {
    /// For `map_err`: this could not be done.
    pub fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}

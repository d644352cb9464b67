//! The log: structured, to standard error, for people or for machines.

use std::io::{IsTerminal as _, Stderr};

use countersign_config::{Log, LogFormat};
use tracing_subscriber::{EnvFilter, fmt, prelude::*};

use crate::run::Stopped;

/// Starts logging so.
pub fn start(log: &Log) -> Result<(), Stopped> {
    // What the migrations' own library tells line by line is told in one by the store.
    let level = format!("sea_orm_migration=warn,{}", log.level);
    let filter = EnvFilter::try_new(level).map_err(|error| {
        Stopped::new(format!("`log.level` does not read: {error}"))
            .hint("write for example `info,countersign_store=debug`")
    })?;
    let layer = to_stderr();
    let registry = tracing_subscriber::registry().with(filter);
    let started = match log.format {
        LogFormat::Text => registry.with(layer).try_init(),
        LogFormat::Json => registry
            .with(layer.json().flatten_event(true).with_span_list(false))
            .try_init(),
    };
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        let what = panic.payload_as_str().unwrap_or("no message");
        tracing::error!(what, place, "panicked");
    }));
    // Already started: in tests, several services share one log.
    drop(started);
    Ok(())
}

/// Starts logging warnings only, for commands whose output is for people.
pub fn quiet() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    let layer = to_stderr();
    drop(
        tracing_subscriber::registry()
            .with(filter)
            .with(layer)
            .try_init(),
    );
}

/// Coloured for a terminal only: collectors of logs want no escapes.
fn to_stderr<S>() -> fmt::Layer<S, fmt::format::DefaultFields, fmt::format::Format, fn() -> Stderr>
where
    S: tracing::Subscriber + for<'a> tracing_subscriber::registry::LookupSpan<'a>,
{
    let stderr: fn() -> Stderr = std::io::stderr;
    fmt::layer()
        .with_ansi(stderr().is_terminal())
        .with_writer(stderr)
}

//! The signals that a running server listens to.

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::run::Stopped;

/// What a signal tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// SIGTERM or SIGINT: finish what is under way, and end.
    Stop,
    /// SIGHUP: publish the workflows' folder again.
    Reload,
}

/// Listens from its making on.
#[derive(Debug)]
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Signals {
    /// Begins to listen: from now on none of these signals ends the process by itself.
    pub fn listen() -> Result<Self, Stopped> {
        let on = |kind| signal(kind).map_err(Stopped::new);
        Ok(Self {
            terminate: on(SignalKind::terminate())?,
            interrupt: on(SignalKind::interrupt())?,
            hang_up: on(SignalKind::hangup())?,
        })
    }

    /// Waits for the next one.
    pub async fn next(&mut self) -> Told {
        tokio::select! {
            biased;
            _ = self.terminate.recv() => Told::Stop,
            _ = self.interrupt.recv() => Told::Stop,
            _ = self.hang_up.recv() => Told::Reload,
        }
    }
}

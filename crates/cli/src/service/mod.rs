//! A running service: store, engine, scheduler, notifier and HTTP put together, and taken apart in order.

mod clock;
mod hooks;
mod http;
mod reload;

pub use clock::remembered;
pub use hooks::HookWay;

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use countersign_api::{ApiState, Mailbox};
use countersign_engine::{
    Engine, Ports, PublishError, Published,
    ports::{Clock, SystemClock, VirtualClock},
};
use countersign_notifier::{
    Directory, MailSettings, MailTransport, MailWriter, Memory, Notifier, Smtp, Transports,
};
use countersign_scheduler::{Recurring, Timers};
use thiserror::Error;
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::workflows::{self, Source};
use clock::Advance;
use reload::Republish;

/// How many mails the mailbox in memory keeps.
const MAILBOX: usize = 10_000;
/// How long a stop waits for requests that are under way.
const FAREWELL: Duration = Duration::from_secs(20);
/// Cleaning up: every night at half past three.
const CLEAN_UP: &str = "0 30 3 * * *";

/// What a service is built from.
pub struct Setup {
    /// Where it listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// How people reach it; `None`: where it listens.
    pub public_url: Option<String>,
    /// The server's key.
    pub key: Vec<u8>,
    /// The database file.
    pub database: PathBuf,
    /// The folder of uploaded bytes.
    pub materials: PathBuf,
    /// The workflow files.
    pub workflows: Source,
    /// How mail leaves.
    pub mail: MailWay,
    /// The sender of every mail.
    pub from: String,
    /// How hooks are called.
    pub hooks: HookWay,
    /// The clock.
    pub clock: ServiceClock,
}

/// How mail leaves.
#[derive(Debug, Clone)]
pub enum MailWay {
    /// To a mail server.
    Smtp(String),
    /// As .eml files.
    Directory(PathBuf),
    /// Into a mailbox in memory.
    Memory,
}

/// Which clock a service goes by.
#[derive(Debug, Clone)]
pub enum ServiceClock {
    /// The machine's.
    System,
    /// One that can be moved, and the file that remembers how far.
    Movable(Arc<VirtualClock>, Option<PathBuf>),
}

/// Why a service did not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The address is taken or not ours.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The store does not open.
    #[error(transparent)]
    Store(#[from] countersign_store::Error),
    /// The workflow files have errors.
    #[error("{0}")]
    Workflows(String),
    /// They cannot be published.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// Mail or hooks are not set up right.
    #[error(transparent)]
    Notifier(#[from] countersign_notifier::Error),
    /// The key is too short.
    #[error(transparent)]
    Key(#[from] countersign_engine::KeyTooShort),
}

/// A running service.
pub struct Service {
    url: String,
    engine: Arc<Engine>,
    notifier: Notifier,
    mailbox: Option<Arc<Memory>>,
    published: Published,
    stop: CancellationToken,
    drivers: Vec<JoinHandle<()>>,
    lane: JoinHandle<()>,
}

impl Service {
    /// Starts everything; it serves when this returns.
    pub async fn start(setup: Setup) -> Result<Self, StartError> {
        let listener = TcpListener::bind(setup.listen).await;
        let listener = listener.map_err(|source| StartError::Listen {
            address: setup.listen,
            source,
        })?;
        let address = listener.local_addr().unwrap_or(setup.listen);
        let url = setup
            .public_url
            .clone()
            .unwrap_or_else(|| format!("http://{address}"));
        let clock: Arc<dyn Clock> = match &setup.clock {
            ServiceClock::System => Arc::new(SystemClock),
            ServiceClock::Movable(clock, _) => clock.clone(),
        };
        let store =
            Arc::new(countersign_store::sqlite::open(&setup.database, clock.clone()).await?);
        let materials = Arc::new(countersign_store::materials::local(
            &setup.materials,
            clock.clone(),
        )?);
        let ports = Ports {
            store: store.clone(),
            deliveries: store.clone(),
            materials,
            clock: clock.clone(),
            hook_forms: setup.hooks.forms(),
        };
        let (engine, lane) = Engine::start(ports, &setup.key)?;
        engine.load_workflows(&workflows::compile_stored).await?;
        let publication = setup
            .workflows
            .publication()
            .map_err(StartError::Workflows)?;
        let published = engine.publish(publication).await?;

        let (mail, mailbox) = mail_transport(&setup.mail)?;
        let (hooks, demo_hooks) = setup.hooks.transport(&engine, &clock)?;
        let settings = MailSettings::new(&setup.from, &url)?;
        let writer = MailWriter::new(settings, engine.link_tokens().clone());
        let transports = Transports {
            writer,
            mail,
            hooks,
        };
        let hint = engine.hints().deliveries.clone();
        let notifier = Notifier::new(
            store,
            transports,
            clock.clone(),
            hint,
            countersign_notifier::Limits::default(),
        );

        let advance = match &setup.clock {
            ServiceClock::System => None,
            ServiceClock::Movable(movable, kept_in) => {
                let clock = (movable.clone(), kept_in.clone());
                Some(Advance::new(
                    clock,
                    engine.clone(),
                    notifier.clone(),
                    demo_hooks.clone(),
                ))
            }
        };
        let stop = CancellationToken::new();
        let state = ApiState {
            engine: engine.clone(),
            reload: Arc::new(Republish::new(engine.clone(), setup.workflows.clone())),
            mailbox: mailbox
                .clone()
                .map(|memory| Arc::new(http::KeptMails(memory)) as Arc<dyn Mailbox>),
            clock: advance
                .map(|advance| Arc::new(advance) as Arc<dyn countersign_api::MovableClock>),
        };
        let mut drivers = vec![
            tokio::spawn(http::serve(listener, state, stop.clone())),
            tokio::spawn(
                Timers::new(engine.clone(), clock.clone()).run(stop.clone().cancelled_owned()),
            ),
        ];
        let sender = notifier.clone();
        let ending = stop.clone();
        drivers.push(tokio::spawn(async move {
            sender.run(ending.cancelled_owned()).await
        }));
        if let Some(hooks) = demo_hooks {
            drivers.push(tokio::spawn(hooks.run(stop.clone().cancelled_owned())));
        }
        let zone = setup.workflows.zone();
        match Recurring::new(engine.clone(), clock, CLEAN_UP, zone) {
            Ok(recurring) => {
                drivers.push(tokio::spawn(recurring.run(stop.clone().cancelled_owned())))
            }
            Err(error) => tracing::error!(%error, "recurring work is off"),
        }
        Ok(Self {
            url,
            engine,
            notifier,
            mailbox,
            published,
            stop,
            drivers,
            lane,
        })
    }

    /// Where it is reached.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The engine.
    pub fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    /// The notifier.
    pub fn notifier(&self) -> &Notifier {
        &self.notifier
    }

    /// The mailbox in memory, if mail goes there.
    pub fn mailbox(&self) -> Option<&Arc<Memory>> {
        self.mailbox.as_ref()
    }

    /// What was new when it started.
    pub fn published(&self) -> &Published {
        &self.published
    }

    /// Stops: takes no more requests, finishes those under way, hands leases back.
    pub async fn stop(self) {
        self.stop.cancel();
        for driver in self.drivers {
            if tokio::time::timeout(FAREWELL, driver).await.is_err() {
                tracing::warn!("a part of the service did not end in time");
            }
        }
        drop(self.notifier);
        drop(self.engine);
        if tokio::time::timeout(FAREWELL, self.lane).await.is_err() {
            tracing::warn!("the lane did not end in time");
        }
    }
}

type MailAndBox = (Arc<dyn MailTransport>, Option<Arc<Memory>>);

fn mail_transport(way: &MailWay) -> Result<MailAndBox, StartError> {
    Ok(match way {
        MailWay::Smtp(url) => (Arc::new(Smtp::new(url)?), None),
        MailWay::Directory(folder) => (Arc::new(Directory::new(folder.clone())?), None),
        MailWay::Memory => {
            let memory = Arc::new(Memory::new(MAILBOX));
            (memory.clone(), Some(memory))
        }
    })
}

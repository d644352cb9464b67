//! A running service: store, engine, scheduler, notifier and HTTP put together, and taken apart in order.

mod clock;
mod connections;
mod hooks;
mod http;
mod metrics;
#[cfg(debug_assertions)]
mod planted;
mod reload;
mod store_at;
mod stories;

pub use clock::remembered;
pub use hooks::HookWay;
pub use store_at::StoreAt;

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use countersign_api::{ApiState, Limiter, Mailbox, MovableClock, RateLimits};
use countersign_core::time::Zone;
use countersign_engine::{
    Engine, Ports, PublishError, Published,
    ports::{Clock, Store, VirtualClock},
};
use countersign_identity::{OpenId, OpenIdSettings};
use countersign_notifier::{
    Directory, MailSettings, MailTransport, MailWriter, Memory, Notifier, Smtp, Subscribed,
    Transports,
};
use countersign_scheduler::{Recurring, Timers};
use countersign_store::{
    SqlStore,
    materials::{self, Place},
};
use thiserror::Error;
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::workflows::{self, Source};
use clock::Advance;
use connections::Patience;
use hooks::DemoHooks;
use metrics::{CountingOutbox, CountingStore, Metrics};
use reload::Republish;

/// How long a stop takes at most: less than the 30 seconds that supervisors commonly wait before they kill.
const FAREWELL: Duration = Duration::from_secs(25);
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
    /// Where cases are kept.
    pub database: StoreAt,
    /// Where uploaded bytes are kept.
    pub materials: Place,
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
    /// How many requests are taken.
    pub rate_limits: RateLimits,
    /// Where `/metrics` is answered, if anywhere; port 0 takes a free one.
    pub metrics: Option<SocketAddr>,
    /// The provider that people sign in with; its way back is set when the address is known.
    pub provider: Option<OpenIdSettings>,
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
    /// The database's, where that is a server; the machine's otherwise.
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
    /// The provider cannot be used.
    #[error(transparent)]
    Provider(#[from] countersign_identity::SettingsError),
    /// The key is too short.
    #[error(transparent)]
    Key(#[from] countersign_engine::KeyTooShort),
}

/// A running service.
pub struct Service {
    address: SocketAddr,
    url: String,
    engine: Arc<Engine>,
    notifier: Notifier,
    mailbox: Option<Arc<Memory>>,
    published: Published,
    stop: CancellationToken,
    drivers: Vec<JoinHandle<()>>,
    lane: JoinHandle<()>,
    store: SqlStore,
    metrics: Option<SocketAddr>,
}

impl Service {
    /// Starts everything; it serves when this returns.
    pub async fn start(setup: Setup) -> Result<Self, StartError> {
        let listener = bind(setup.listen).await?;
        let measured = match setup.metrics {
            Some(address) => Some(bind(address).await?),
            None => None,
        };
        let metrics = Metrics::default();
        let address = listener.local_addr().unwrap_or(setup.listen);
        let url = reached_at(&setup, address);
        let (store, clock) = setup.database.open(&setup.clock).await?;
        let (engine, lane) = start_engine(&setup, &store, &clock, &metrics).await?;
        engine.load_workflows(&workflows::compile_stored).await?;
        let publication = setup
            .workflows
            .publication()
            .map_err(StartError::Workflows)?;
        let published = engine.publish_by_itself(publication).await?;

        trust(&engine, setup.provider.clone(), &url)?;
        let (mail, mailbox) = mail_transport(&setup.mail)?;
        let (hooks, demo_hooks) = setup.hooks.transport(&engine, &clock)?;
        let near = setup.hooks.allows_private_addresses();
        let transports = Transports {
            writer: mail_writer(&engine, &setup.from, &url)?,
            mail,
            hooks: Arc::new(Subscribed::new(engine.clone(), hooks, near)?),
        };
        let outbox = CountingOutbox::new(Arc::new(store.clone()), metrics.clone());
        let notifier = Notifier::new(
            Arc::new(outbox),
            transports,
            clock.clone(),
            engine.hints().deliveries.clone(),
            countersign_notifier::Limits::default(),
        );

        let stop = CancellationToken::new();
        let state = ApiState {
            engine: engine.clone(),
            judge_url: Arc::new(move |url| hooks::judge(url, near)),
            limits: Arc::new(Limiter::new(setup.rate_limits)),
            reload: Arc::new(Republish::new(engine.clone(), setup.workflows.clone())),
            mailbox: mailbox.clone().map(kept_mails),
            clock: movable_clock(&setup.clock, &engine, &notifier, demo_hooks.as_ref()),
            stopping: stop.clone(),
        };
        let mut service = Self {
            address,
            url,
            engine,
            notifier,
            mailbox,
            published,
            stop,
            drivers: Vec::new(),
            lane,
            store,
            metrics: measured
                .as_ref()
                .and_then(|listener| listener.local_addr().ok()),
        };
        if let Some(listener) = measured {
            let engine = service.engine.clone();
            service.drive(|stop| metrics::serve(listener, metrics, engine, stop));
        }
        service.drive_http(listener, state, setup.workflows.clone());
        service.drive_all(clock, demo_hooks, setup.workflows.zone());
        Ok(service)
    }

    /// Serves the API and the pages.
    fn drive_http(&mut self, listener: TcpListener, state: ApiState, workflows: Source) {
        let limits = state.limits.clone();
        let router = http::router(state, &self.url, self.mailbox.clone(), workflows);
        #[cfg(debug_assertions)]
        let router = planted::around(router, Arc::new(self.store.clone()));
        self.drive(|stop| connections::serve(listener, router, Patience::default(), stop));
        self.drive(|stop| http::forget(limits, stop));
    }

    /// Sets everything in motion that goes by the clock.
    fn drive_all(&mut self, clock: Arc<dyn Clock>, hooks: Option<DemoHooks>, zone: Zone) {
        let timers = Timers::new(self.engine.clone(), clock.clone());
        self.drive(|stop| timers.run(stop.cancelled_owned()));
        if self.store.is_shared() {
            let engine = self.engine.clone();
            self.drive(|stop| reload::learn(engine, stop));
        }
        let sender = self.notifier.clone();
        self.drive(|stop| async move { sender.run(stop.cancelled_owned()).await });
        if let Some(hooks) = hooks {
            self.drive(|stop| hooks.run(stop.cancelled_owned()));
        }
        match Recurring::new(self.engine.clone(), clock, CLEAN_UP, zone) {
            Ok(recurring) => self.drive(|stop| recurring.run(stop.cancelled_owned())),
            Err(error) => tracing::error!(%error, "recurring work is off"),
        }
    }

    /// Runs a part of the service as a task of its own until the service is stopped.
    fn drive<D>(&mut self, part: impl FnOnce(CancellationToken) -> D)
    where
        D: Future<Output = ()> + Send + 'static,
    {
        self.drivers.push(tokio::spawn(part(self.stop.clone())));
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where `/metrics` is answered.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics
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

    /// Stops: takes no more requests, finishes those under way, hands leases back, closes the file. What
    /// takes too long is left; nothing that was answered depends on it.
    pub async fn stop(self) {
        let Self {
            engine,
            notifier,
            stop,
            drivers,
            lane,
            store,
            ..
        } = self;
        stop.cancel();
        let ended = async {
            for driver in drivers {
                if driver.await.is_err() {
                    tracing::error!("a part of the service had panicked");
                }
            }
            drop((notifier, engine));
            if lane.await.is_err() {
                tracing::error!("the lane had panicked");
            }
            if let Err(error) = store.close().await {
                tracing::error!(%error, "the database could not be closed");
            }
        };
        if tokio::time::timeout(FAREWELL, ended).await.is_err() {
            tracing::warn!("stopped while something was still under way");
        }
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener, StartError> {
    let listener = TcpListener::bind(address).await;
    listener.map_err(|source| StartError::Listen { address, source })
}

async fn start_engine(
    setup: &Setup,
    store: &SqlStore,
    clock: &Arc<dyn Clock>,
    metrics: &Metrics,
) -> Result<(Arc<Engine>, JoinHandle<()>), StartError> {
    let materials = materials::open(&setup.materials, clock.clone()).await?;
    let kept: Arc<dyn Store> = Arc::new(store.clone());
    #[cfg(debug_assertions)]
    let kept = planted::over(kept);
    let ports = Ports {
        store: Arc::new(CountingStore::new(kept, metrics.clone())),
        materials: Arc::new(materials),
        clock: clock.clone(),
        hook_forms: setup.hooks.forms(),
    };
    Ok(Engine::start(ports, &setup.key)?)
}

/// Where people reach it.
fn reached_at(setup: &Setup, address: SocketAddr) -> String {
    let told = setup.public_url.clone();
    told.unwrap_or_else(|| format!("http://{address}"))
}

fn mail_writer(engine: &Engine, from: &str, url: &str) -> Result<MailWriter, StartError> {
    let settings = MailSettings::new(from, url)?;
    let (links, codes) = (engine.link_tokens(), engine.confirmation_codes());
    Ok(MailWriter::new(settings, links.clone(), codes.clone()))
}

/// Lets people sign in with the provider, which sends them back to where we are reached.
fn trust(
    engine: &Arc<Engine>,
    provider: Option<OpenIdSettings>,
    url: &str,
) -> Result<(), StartError> {
    if let Some(settings) = provider {
        let returns_to = format!("{url}{}", countersign_web::WAY_BACK);
        let settings = OpenIdSettings {
            returns_to,
            ..settings
        };
        engine.trust(Arc::new(OpenId::new(settings)?));
    }
    Ok(())
}

fn movable_clock(
    clock: &ServiceClock,
    engine: &Arc<Engine>,
    notifier: &Notifier,
    hooks: Option<&DemoHooks>,
) -> Option<Arc<dyn MovableClock>> {
    match clock {
        ServiceClock::System => None,
        ServiceClock::Movable(clock, kept_in) => Some(Arc::new(Advance::new(
            (clock.clone(), kept_in.clone()),
            engine.clone(),
            notifier.clone(),
            hooks.cloned(),
        ))),
    }
}

fn kept_mails(memory: Arc<Memory>) -> Arc<dyn Mailbox> {
    Arc::new(http::KeptMails(memory))
}

type MailAndBox = (Arc<dyn MailTransport>, Option<Arc<Memory>>);

fn mail_transport(way: &MailWay) -> Result<MailAndBox, StartError> {
    Ok(match way {
        MailWay::Smtp(url) => (Arc::new(Smtp::new(url)?), None),
        MailWay::Directory(folder) => (Arc::new(Directory::new(folder.clone())?), None),
        MailWay::Memory => {
            let memory = Arc::new(Memory::default());
            (memory.clone(), Some(memory))
        }
    })
}

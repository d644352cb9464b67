//! `serve`: the product as it is run, by settings.

use std::collections::BTreeMap;

use countersign_config::{DatabaseKind, MailTransport, Settings};
use tokio::signal::unix::{SignalKind, signal};
use tracing::{error, info};

use crate::{
    args::Serve,
    key, logs,
    run::{Ended, Stopped},
    service::{HookWay, MailWay, Service, ServiceClock, Setup, StartError},
    workflows::Source,
};

/// Serves until it is told to stop.
pub async fn run(arguments: Serve) -> Result<Ended, Stopped> {
    let settings = settings(&arguments)?;
    logs::start(&settings.log)?;
    let service = Service::start(setup(&settings)?)
        .await
        .map_err(|error| not_started(&error))?;
    let published = service.published();
    info!(
        url = service.url(),
        workflows = published.workflows.len(),
        lists = published.lists.len(),
        "serving"
    );
    if service
        .engine()
        .reader()
        .tokens()
        .await
        .is_ok_and(|tokens| tokens.is_empty())
    {
        tracing::warn!(
            "nobody can sign in yet: stop, run `countersign people add ID --name … --email … --admin` and `countersign tokens create ID`, and start again"
        );
    }
    let mut reload = signal(SignalKind::hangup()).map_err(Stopped::new)?;
    let source = Source::Folder(settings.workflows.dir.clone());
    let stop = told_to_stop();
    tokio::pin!(stop);
    loop {
        tokio::select! {
            stopped = &mut stop => { stopped?; break }
            _ = reload.recv() => publish_again(&service, &source).await,
        }
    }
    info!("stopping");
    service.stop().await;
    Ok(Ended::Well)
}

async fn publish_again(service: &Service, source: &Source) {
    let published = match source.publication() {
        Ok(publication) => service
            .engine()
            .publish(publication)
            .await
            .map_err(|error| error.to_string()),
        Err(findings) => Err(findings),
    };
    match published {
        Ok(news) => info!(
            workflows = news.workflows.len(),
            lists = news.lists.len(),
            "published again"
        ),
        Err(why) => error!("nothing was published:\n{why}"),
    }
}

/// The settings that the arguments and the environment give.
pub fn settings(arguments: &Serve) -> Result<Settings, Stopped> {
    Settings::load(arguments.config.as_deref(), std::env::vars()).map_err(Stopped::new)
}

/// What a service is built from, by these settings.
pub fn setup(settings: &Settings) -> Result<Setup, Stopped> {
    let DatabaseKind::Sqlite { file } = &settings.database.kind else {
        return Err(Stopped::new("there is no PostgreSQL store in this release")
            .hint("set `database.url = \"sqlite:countersign.db\"`"));
    };
    let endpoints: BTreeMap<_, _> = settings
        .hooks
        .named
        .iter()
        .map(|(name, hook)| {
            (
                name.clone(),
                (
                    hook.url.to_string(),
                    hook.secret.expose().to_owned(),
                    hook.forms.clone(),
                ),
            )
        })
        .collect();
    Ok(Setup {
        listen: settings.server.listen,
        public_url: Some(
            settings
                .server
                .public_url
                .to_string()
                .trim_end_matches('/')
                .to_owned(),
        ),
        key: key::read_or_make(&settings.server.key_file)?,
        database: file.clone(),
        materials: settings.materials.folder.clone(),
        workflows: Source::Folder(settings.workflows.dir.clone()),
        mail: match &settings.mail.transport {
            MailTransport::Smtp { url } => MailWay::Smtp(url.expose().to_owned()),
            MailTransport::Directory { folder } => MailWay::Directory(folder.clone()),
            MailTransport::Memory => MailWay::Memory,
        },
        from: settings.mail.from.clone(),
        hooks: HookWay::Http {
            endpoints,
            allow_private_addresses: settings.hooks.allow_private_addresses,
        },
        clock: ServiceClock::System,
    })
}

/// Says why a service did not start, with all causes.
pub fn not_started(error: &StartError) -> Stopped {
    let mut what = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(because) = cause {
        what = format!("{what}: {because}");
        cause = because.source();
    }
    let stopped = Stopped::new(what);
    match error {
        StartError::Listen { .. } => {
            stopped.hint("another program may listen there: choose another address")
        }
        StartError::Workflows(_) => {
            stopped.hint("put the findings right; `countersign check` shows them without starting")
        }
        StartError::Store(_)
        | StartError::Publish(_)
        | StartError::Notifier(_)
        | StartError::Key(_) => stopped,
    }
}

/// Waits for an interrupt or a request to end.
pub async fn told_to_stop() -> Result<(), Stopped> {
    let mut end = signal(SignalKind::terminate()).map_err(Stopped::new)?;
    tokio::select! {
        _ = end.recv() => {}
        interrupted = tokio::signal::ctrl_c() => interrupted.map_err(Stopped::new)?,
    }
    Ok(())
}

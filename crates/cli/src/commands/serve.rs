//! `serve`: the product as it is run, by settings.

use std::collections::BTreeMap;

use countersign_api::RateLimits;
use countersign_config::{
    DatabaseKind, Hooks, LogFormat, MailTransport, Materials, Oidc, OidcPeople, Settings,
};
use countersign_identity::OpenIdSettings;
use countersign_store::materials::{AccessKey, Bucket, Place};
use tracing::{error, info, warn};

use crate::{
    args::Serve,
    key, logs, output,
    run::{Ended, Stopped},
    service::{HookWay, MailWay, Service, ServiceClock, Setup, StartError, StoreAt},
    signals::{Signals, Told},
    workflows::Source,
};

/// Serves until it is told to stop.
pub async fn run(arguments: Serve) -> Result<Ended, Stopped> {
    let settings = settings(&arguments)?;
    logs::start(&settings.log)?;
    let ended = serve(&settings).await;
    ended.map_err(|stopped| match settings.log.format {
        LogFormat::Text => stopped,
        LogFormat::Json => stopped.logged(),
    })
}

async fn serve(settings: &Settings) -> Result<Ended, Stopped> {
    // Listened to before anything is begun, so that a signal that comes early is not lost.
    let mut signals = Signals::listen()?;
    let service = Service::start(setup(settings)?)
        .await
        .map_err(|error| not_started(&error))?;
    tell(&service).await;
    let source = Source::Folder(settings.workflows.dir.clone());
    loop {
        match signals.next().await {
            Told::Stop => break,
            Told::Reload => publish_again(&service, &source).await,
        }
    }
    info!("stopping");
    service.stop().await;
    info!("stopped");
    Ok(Ended::Well)
}

/// Says that it serves: one line on standard output for whoever started it, the rest in the log.
async fn tell(service: &Service) {
    let published = service.published();
    info!(
        listen = %service.address(),
        url = service.url(),
        workflows = service.engine().registry().all_newest().len(),
        new_workflows = published.workflows.len(),
        new_lists = published.lists.len(),
        "serving"
    );
    let tokens = service.engine().reader().tokens().await;
    if tokens.is_ok_and(|tokens| tokens.is_empty()) {
        warn!(
            "nobody can sign in yet: stop, run `countersign people add ID --name … --email … --admin` and `countersign tokens create ID`, and start again"
        );
    }
    output::announce(format_args!("listening on http://{}", service.address()));
}

async fn publish_again(service: &Service, source: &Source) {
    let published = match source.publication() {
        Ok(publication) => service
            .engine()
            .publish_by_itself(publication)
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
    Settings::load(arguments.config.as_deref(), std::env::vars())
        .map_err(|error| Stopped::by(&error))
}

/// The same for a command that only reads: where no server has ever been it refuses, and makes nothing.
pub fn settings_of_a_server(arguments: &Serve) -> Result<Settings, Stopped> {
    let settings = settings(arguments)?;
    if let DatabaseKind::Sqlite { file } = &settings.database.kind
        && !file.exists()
    {
        return Err(Stopped::new(format!("{} is not there", file.display()))
            .hint("`database.url` names the file; is this the right folder?"));
    }
    key::read(&settings.server.key_file)?;
    Ok(settings)
}

/// What a service is built from, by these settings.
pub fn setup(settings: &Settings) -> Result<Setup, Stopped> {
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
        database: StoreAt::of(&settings.database),
        materials: materials_at(&settings.materials),
        workflows: Source::Folder(settings.workflows.dir.clone()),
        mail: match &settings.mail.transport {
            MailTransport::Smtp { url } => MailWay::Smtp(url.expose().to_owned()),
            MailTransport::Directory { folder } => MailWay::Directory(folder.clone()),
            MailTransport::Memory => MailWay::Memory,
        },
        from: settings.mail.from.clone(),
        hooks: HookWay::Http {
            endpoints,
            of_partners: hooks_of_partners(&settings.hooks),
            allow_private_addresses: settings.hooks.allow_private_addresses,
        },
        clock: ServiceClock::System,
        rate_limits: rate_limits(&settings.server),
        metrics: settings.metrics.listen,
        provider: settings.oidc.as_ref().map(provider),
    })
}

fn provider(oidc: &Oidc) -> OpenIdSettings {
    let host = oidc.issuer.host_str().unwrap_or_default();
    OpenIdSettings {
        issuer: oidc.issuer.clone(),
        client_id: oidc.client_id.clone(),
        client_secret: oidc
            .client_secret
            .as_ref()
            .map(|secret| secret.expose().to_owned()),
        scopes: oidc.scopes.clone(),
        returns_to: String::new(),
        audience: oidc.audience.clone(),
        by_email: oidc.people == OidcPeople::Email,
        title: oidc.title.clone().unwrap_or_else(|| host.to_owned()),
    }
}

fn rate_limits(server: &countersign_config::Server) -> RateLimits {
    let countersign_config::RateLimits {
        token,
        address,
        links,
        failures,
    } = server.rate_limits;
    RateLimits {
        token,
        address,
        links,
        failures,
        trusted_proxies: server.trusted_proxies.clone(),
    }
}

/// Says why a service did not start, with all causes.
pub fn not_started(error: &StartError) -> Stopped {
    let stopped = Stopped::by(error);
    match error {
        StartError::Listen { .. } => {
            stopped.hint("another program may listen there: choose another address")
        }
        StartError::Workflows(_) => {
            stopped.hint("put that right in the folder `workflows.dir`; `countersign check` tells the same without starting")
        }
        StartError::Store(error) => not_opened(error),
        StartError::Publish(_)
        | StartError::Notifier(_)
        | StartError::Provider(_)
        | StartError::Key(_) => stopped,
    }
}

/// Where the settings keep uploaded files.
pub fn materials_at(settings: &Materials) -> Place {
    match settings {
        Materials::Folder(folder) => Place::Folder(folder.clone()),
        Materials::Bucket(bucket) => Place::Bucket(Bucket {
            name: bucket.name.clone(),
            prefix: bucket.prefix.clone(),
            region: bucket.region.clone(),
            endpoint: bucket
                .endpoint
                .as_ref()
                .map(|url| url.as_str().trim_end_matches('/').to_owned()),
            key: bucket.key.as_ref().map(|(id, secret)| AccessKey {
                id: id.clone(),
                secret: secret.expose().to_owned(),
            }),
        }),
    }
}

/// Says why a database or a place for materials cannot be used, with all causes.
pub fn not_opened(error: &countersign_store::Error) -> Stopped {
    use countersign_store::Error as E;
    let stopped = Stopped::by(error);
    match error {
        E::Locked { .. } => stopped.hint(
            "one program serves a file at a time; of a running server ask its API, for example PUT /v1/people/{id} and POST /v1/tokens",
        ),
        E::Lock { .. } | E::Open { .. } | E::Unreadable { .. } => stopped.hint(
            "`database.url` names the file; its folder must exist and be writable, with room on the disk",
        ),
        E::Materials { .. } => stopped
            .hint("`materials.url` names the folder; it must be writable, with room on the disk"),
        E::Bucket { .. } => stopped.hint(
            "`materials.url` names the bucket; docs/operating/materials.md says what else is set, and what the key must be allowed to",
        ),
        E::Connect { .. } => stopped.hint(
            "`database.url` names the server, the user and the database, as in postgres://user:password@host/database",
        ),
        E::Unfit { .. } => stopped.hint("docs/operating/postgres.md says how a server is set up"),
        E::TooOld { .. } | E::Migrate { .. } => stopped,
    }
}

/// Where hooks lead for the cases of one partner, by hook and partner.
fn hooks_of_partners(hooks: &Hooks) -> BTreeMap<(String, String), (String, String)> {
    let partners = hooks.named.iter().flat_map(|(name, hook)| {
        let partners = hook.partners.iter();
        partners.map(move |(partner, at)| {
            let secret = at.secret.expose().to_owned();
            (
                (name.clone(), partner.clone()),
                (at.url.to_string(), secret),
            )
        })
    });
    partners.collect()
}

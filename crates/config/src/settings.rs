//! The settings as the rest of the product gets them. Not for how they are written and understood, which
//! `layers` and `sections` know.

use crate::{Error, Secret, layers::Layers, reader::Reader, sections};
use ipnet::IpNet;
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
};
use url::Url;

/// Every setting with its default and a sentence, as `countersign` shows it.
const DEFAULTS: &str = include_str!("../../../config/default.toml");

/// All settings of a server.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How the server is reached.
    pub server: Server,
    /// Where cases are kept.
    pub database: Database,
    /// Where it is measured.
    pub metrics: Metrics,
    /// Where workflow files are.
    pub workflows: Workflows,
    /// Where uploaded files are kept.
    pub materials: Materials,
    /// How mail leaves.
    pub mail: Mail,
    /// What workflows may call.
    pub hooks: Hooks,
    /// The provider that people sign in with, if there is one.
    pub oidc: Option<Oidc>,
    /// What is logged, and how.
    pub log: Log,
}

/// How the server is reached.
#[derive(Debug, Clone)]
pub struct Server {
    /// Where it listens.
    pub listen: SocketAddr,
    /// How people reach it from outside; without a slash at the end of its path.
    pub public_url: Url,
    /// The file with the key that signs links and checkpoints.
    pub key_file: PathBuf,
    /// The proxies whose `X-Forwarded-For` says where a request comes from.
    pub trusted_proxies: Vec<IpNet>,
    /// How many requests are taken.
    pub rate_limits: RateLimits,
}

/// How many requests are taken in a minute; 0: as many as come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimits {
    /// With one token.
    pub token: u32,
    /// From one address.
    pub address: u32,
    /// For mail links, from one address.
    pub links: u32,
    /// With tokens that open nothing, from one address.
    pub failures: u32,
}

/// Where cases are kept.
#[derive(Debug, Clone)]
pub struct Database {
    /// The address, which may hold a password.
    pub url: Secret,
    /// What the address points to.
    pub kind: DatabaseKind,
}

/// The databases that there is a store for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseKind {
    /// A file on this machine.
    Sqlite {
        /// The file.
        file: PathBuf,
    },
    /// A PostgreSQL server.
    Postgres,
}

/// Where it is measured.
#[derive(Debug, Clone)]
pub struct Metrics {
    /// Where `/metrics` is answered, if anywhere.
    pub listen: Option<SocketAddr>,
}

/// Where workflow files are.
#[derive(Debug, Clone)]
pub struct Workflows {
    /// The folder.
    pub dir: PathBuf,
}

/// Where uploaded files are kept.
#[derive(Debug, Clone)]
pub enum Materials {
    /// In the folder that `file:` names.
    Folder(PathBuf),
    /// In the bucket that `s3:` names.
    Bucket(Bucket),
}

/// A bucket of a server that speaks S3.
#[derive(Debug, Clone)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// What the names in it begin with; may be empty.
    pub prefix: String,
    /// Where it is, if not as the environment says.
    pub region: Option<String>,
    /// The server, if it is not Amazon's.
    pub endpoint: Option<Url>,
    /// The id of a key and its secret, if not as the environment says.
    pub key: Option<(String, Secret)>,
}

/// How mail leaves.
#[derive(Debug, Clone)]
pub struct Mail {
    /// The way it takes.
    pub transport: MailTransport,
    /// The sender of every mail.
    pub from: String,
}

/// The way that mail takes.
#[derive(Debug, Clone)]
pub enum MailTransport {
    /// To a mail server; the address may hold a password.
    Smtp {
        /// `smtp://…` or `smtps://…`.
        url: Secret,
    },
    /// As .eml files.
    Directory {
        /// The folder.
        folder: PathBuf,
    },
    /// Into a mailbox in memory.
    Memory,
}

/// What workflows may call.
#[derive(Debug, Clone)]
pub struct Hooks {
    /// The hooks by the names that workflows use.
    pub named: BTreeMap<String, Hook>,
    /// Whether they may lead to private and loopback addresses.
    pub allow_private_addresses: bool,
}

/// One hook.
#[derive(Debug, Clone)]
pub struct Hook {
    /// Where it posts to.
    pub url: Url,
    /// What signs its calls.
    pub secret: Secret,
    /// The forms whose contents go along.
    pub forms: Vec<String>,
    /// Where calls of a partner's cases go instead, and what signs them, by the partner's id.
    pub partners: BTreeMap<String, HookOfPartner>,
}

/// Where one partner takes the calls of a hook.
#[derive(Debug, Clone)]
pub struct HookOfPartner {
    /// Where it posts to.
    pub url: Url,
    /// What signs its calls.
    pub secret: Secret,
}

/// An OpenID provider, and what the server is to it.
#[derive(Debug, Clone)]
pub struct Oidc {
    /// Its name for itself.
    pub issuer: Url,
    /// The server's name there.
    pub client_id: String,
    /// The server's secret there; none for a public client.
    pub client_secret: Option<Secret>,
    /// What is asked for besides `openid`.
    pub scopes: Vec<String>,
    /// How its accounts are people of the directory.
    pub people: OidcPeople,
    /// What access tokens are for; `None`: they are not taken.
    pub audience: Option<String>,
    /// What it is called on the button; `None`: by its host.
    pub title: Option<String>,
}

/// How accounts of a provider are people of the directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OidcPeople {
    /// `sub` is the id of the person.
    Subject,
    /// The verified address is the person's, the first time; from then on `sub` is kept with the person.
    Email,
}

/// What is logged, and how.
#[derive(Debug, Clone)]
pub struct Log {
    /// The form of an entry.
    pub format: LogFormat,
    /// How much is logged, as `tracing`'s filters write it.
    pub level: String,
}

/// The form of a log entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines, one object a line.
    Json,
}

impl Settings {
    /// Every setting with its default and a sentence, as TOML.
    pub const DEFAULTS: &str = DEFAULTS;

    /// Loads the settings: the defaults, under `file`, under those of `variables` that begin with `COUNTERSIGN__`.
    ///
    /// # Errors
    /// The file cannot be read; or a setting is unknown, of the wrong type or not understood: all of them at once.
    pub fn load(
        file: Option<&Path>,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Error> {
        let mut layers = Layers::default();
        layers.add_text(DEFAULTS, None);
        if let Some(path) = file {
            let text = std::fs::read_to_string(path).map_err(|source| Error::Read {
                path: path.to_owned(),
                source,
            })?;
            layers.add_text(&text, Some(path));
        }
        layers.add_variables(variables);
        let mut reader = Reader::new(layers);
        let settings = sections::read(&mut reader);
        let faults = reader.into_faults();
        settings
            .filter(|_| faults.is_empty())
            .ok_or(Error::Faults(faults))
    }
}

#[cfg(test)]
mod tests;

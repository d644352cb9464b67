//! Makes typed settings of the texts of each section. Not for where the texts come from.

use crate::{
    Database, DatabaseKind, Hook, HookOfPartner, Hooks, Log, LogFormat, Mail, MailTransport,
    Metrics, Oidc, OidcPeople, RateLimits, Secret, Server, Settings, Workflows, materials,
    reader::Reader,
};
use ipnet::IpNet;
use std::{collections::BTreeMap, net::IpAddr};
use url::Url;

/// Reads every section before it gives up, so that all faults are found.
pub fn read(reader: &mut Reader) -> Option<Settings> {
    let server = server(reader);
    let database = database(reader);
    let metrics = reader.parsed(
        "metrics.listen",
        "`off`, or an address with a port, such as 127.0.0.1:9464",
        |text| match text {
            "off" => Some(None),
            address => address.parse().ok().map(Some),
        },
    );
    let workflows = reader
        .text("workflows.dir")
        .map(|dir| Workflows { dir: dir.into() });
    let materials = materials::read(reader);
    let mail = mail(reader);
    let hooks = hooks(reader);
    let oidc = oidc(reader);
    let log = log(reader);
    Some(Settings {
        server: server?,
        database: database?,
        metrics: Metrics { listen: metrics? },
        workflows: workflows?,
        materials: materials?,
        mail: mail?,
        hooks,
        oidc,
        log: log?,
    })
}

fn server(reader: &mut Reader) -> Option<Server> {
    let listen = reader.parsed(
        "server.listen",
        "an address with a port, such as 127.0.0.1:8080",
        |text| text.parse().ok(),
    );
    let right = "how people reach the server, such as https://approvals.example.com";
    let public_url = reader.parsed("server.public_url", right, web_address);
    let key_file = reader.text("server.key_file");
    let right = "addresses or networks, such as 10.0.0.7 or 10.0.0.0/8";
    let trusted_proxies = reader.parsed_list("server.trusted_proxies", right, network);
    Some(Server {
        listen: listen?,
        public_url: public_url?,
        key_file: key_file?.into(),
        trusted_proxies: trusted_proxies?,
        rate_limits: RateLimits {
            token: reader.number("server.rate_limits.token"),
            address: reader.number("server.rate_limits.address"),
            links: reader.number("server.rate_limits.links"),
            failures: reader.number("server.rate_limits.failures"),
        },
    })
}

fn network(text: &str) -> Option<IpNet> {
    text.parse()
        .ok()
        .or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

fn database(reader: &mut Reader) -> Option<Database> {
    let right = "`sqlite:FILE` or `postgres://user:password@host/database`";
    let kind = reader.parsed("database.url", right, database_kind)?;
    let url = reader.secret("database.url", right, |_| true)?;
    Some(Database { url, kind })
}

pub fn database_kind(text: &str) -> Option<DatabaseKind> {
    if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        let host = Url::parse(text)
            .ok()?
            .host_str()
            .is_some_and(|host| !host.is_empty());
        return host.then_some(DatabaseKind::Postgres);
    }
    let rest = text.strip_prefix("sqlite:")?;
    let path = rest.strip_prefix("//").unwrap_or(rest).split('?').next()?;
    (!path.is_empty() && path != ":memory:").then(|| DatabaseKind::Sqlite { file: path.into() })
}

fn mail(reader: &mut Reader) -> Option<Mail> {
    let from = reader.parsed(
        "mail.from",
        "an address, such as Countersign <countersign@example.com>",
        sender,
    );
    let name = reader.parsed(
        "mail.transport",
        "`smtp`, `directory` or `memory`",
        |text| {
            ["smtp", "directory", "memory"]
                .contains(&text)
                .then(|| text.to_owned())
        },
    );
    let transport = match name?.as_str() {
        "smtp" => {
            let right = "the address of a mail server that begins with smtp:// or smtps://";
            let url = reader.secret("mail.smtp_url", right, is_mail_server)?;
            MailTransport::Smtp { url }
        }
        "directory" => MailTransport::Directory {
            folder: reader.text("mail.directory")?.into(),
        },
        _ => MailTransport::Memory,
    };
    Some(Mail {
        transport,
        from: from?,
    })
}

/// None without an issuer; what is wrong with it is noted by the reader.
fn oidc(reader: &mut Reader) -> Option<Oidc> {
    if !reader.is_set("oidc.issuer") {
        return None;
    }
    reader.require("oidc", "client_id");
    let right = "the address of the provider, such as https://id.example.com/realms/staff";
    let issuer = reader.parsed("oidc.issuer", right, web_address);
    let client_id = reader.text("oidc.client_id");
    let right = "the secret that the provider has given";
    let client_secret = reader
        .is_set("oidc.client_secret")
        .then(|| reader.secret("oidc.client_secret", right, |text| !text.is_empty()));
    let people = reader.parsed("oidc.people", "`subject` or `email`", |text| match text {
        "subject" => Some(OidcPeople::Subject),
        "email" => Some(OidcPeople::Email),
        _ => None,
    });
    let mut optional = |key| reader.is_set(key).then(|| reader.text(key)).flatten();
    let (audience, title) = (optional("oidc.audience"), optional("oidc.title"));
    Some(Oidc {
        issuer: issuer?,
        client_id: client_id?,
        client_secret: client_secret.flatten(),
        scopes: reader.list("oidc.scopes"),
        people: people?,
        audience,
        title,
    })
}

fn hooks(reader: &mut Reader) -> Hooks {
    let mut named = BTreeMap::new();
    for name in reader.names_under("hooks") {
        let section = format!("hooks.{name}");
        let at = endpoint(reader, &section);
        let forms = reader.list(&format!("{section}.forms"));
        let mut partners = BTreeMap::new();
        for partner in reader.names_under(&format!("{section}.partners")) {
            let of_partner = endpoint(reader, &format!("{section}.partners.{partner}"));
            partners
                .extend(of_partner.map(|(url, secret)| (partner, HookOfPartner { url, secret })));
        }
        if let Some((url, secret)) = at {
            let hook = Hook {
                url,
                secret,
                forms,
                partners,
            };
            named.insert(name, hook);
        }
    }
    Hooks {
        named,
        allow_private_addresses: reader.flag("hooks.allow_private_addresses"),
    }
}

/// Where calls go, and what signs them.
fn endpoint(reader: &mut Reader, section: &str) -> Option<(Url, Secret)> {
    reader.require(section, "url");
    reader.require(section, "secret");
    let right = "an address that begins with https:// or http://";
    let url = reader.parsed(&format!("{section}.url"), right, web_address);
    let right = "`whsec_` and 24 to 64 bytes in base64";
    let secret = reader.secret(&format!("{section}.secret"), right, is_signing_key);
    url.zip(secret)
}

fn log(reader: &mut Reader) -> Option<Log> {
    let format = reader.parsed("log.format", "`text` or `json`", |text| match text {
        "text" => Some(LogFormat::Text),
        "json" => Some(LogFormat::Json),
        _ => None,
    });
    let right = "`error`, `warn`, `info`, `debug`, `trace` or `off`, or such as `info,countersign_store=debug`";
    let level = reader.parsed("log.level", right, |text| {
        is_filter(text).then(|| text.to_owned())
    });
    Some(Log {
        format: format?,
        level: level?,
    })
}

/// A word that is no level would be taken for the name of a part, and all others fall silent.
fn is_filter(text: &str) -> bool {
    const LEVELS: [&str; 6] = ["error", "warn", "info", "debug", "trace", "off"];
    let is_level = |word: &str| LEVELS.contains(&word.trim().to_ascii_lowercase().as_str());
    text.split(',')
        .all(|part| is_level(part.rsplit_once('=').map_or(part, |(_, level)| level)))
}

pub fn web_address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_plain = url.query().is_none() && url.fragment().is_none();
    (matches!(url.scheme(), "http" | "https") && url.has_host() && is_plain).then_some(url)
}

fn is_mail_server(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "smtp" | "smtps") && url.has_host())
}

/// Line breaks would let a header carry another one.
fn sender(text: &str) -> Option<String> {
    let address = text
        .rsplit_once('<')
        .map_or(text, |(_, rest)| rest.trim_end_matches('>'));
    let (name, host) = address.trim().split_once('@')?;
    let is_right = !name.is_empty() && !host.is_empty() && !text.contains(['\r', '\n']);
    is_right.then(|| text.to_owned())
}

/// Base64 writes 24 to 64 bytes with 32 to 88 characters.
fn is_signing_key(text: &str) -> bool {
    let Some(key) = text.strip_prefix("whsec_") else {
        return false;
    };
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/');
    (32..=88).contains(&key.len()) && key.trim_end_matches('=').chars().all(is_base64)
}

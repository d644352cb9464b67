//! What `doctor` asks of everything around the database: key, disk, mail, hooks.

use std::{
    collections::BTreeSet, fs, os::unix::fs::PermissionsExt as _, path::Path, sync::Arc,
    time::Duration,
};

use countersign_config::{MailTransport, Materials, Settings};
use countersign_engine::{EvidenceKey, ports::SystemClock};
use countersign_notifier::Endpoint;
use countersign_store::materials::{self, Place};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    net::TcpStream,
    time::timeout,
};

use super::{Finding, store::refused};
use crate::commands::serve::materials_at;

/// How long somebody else may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// Less room than this stops the service soon.
const ROOM_LEAST: u64 = 256 << 20;
/// Less room than this should be looked at.
const ROOM_WANTED: u64 = 2 << 30;
const KEY_BYTES: usize = 32;

/// The key: there, long enough, and for its owner only.
pub fn key(settings: &Settings) -> Finding {
    let file = &settings.server.key_file;
    let key = match fs::read(file) {
        Ok(key) => key,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Finding::warn(
                "key",
                format!("{} is not there yet", file.display()),
                "it is made at the first start; if there was one, restore it: without it every mailed link is dead",
            );
        }
        Err(error) => {
            return Finding::fail(
                "key",
                format!("{}: {error}", file.display()),
                "let the server's user read it",
            );
        }
    };
    if key.len() < KEY_BYTES {
        return Finding::fail(
            "key",
            format!("{} has only {} bytes", file.display(), key.len()),
            "restore it from a backup",
        );
    }
    let mode = fs::metadata(file).map_or(0, |metadata| metadata.permissions().mode());
    if mode & 0o077 != 0 {
        let cure = format!("chmod 600 {}", file.display());
        return Finding::warn(
            "key",
            format!("{} can be read by others", file.display()),
            cure,
        );
    }
    Finding::ok(
        "key",
        format!("evidence is signed by {}", EvidenceKey::new(&key).public()),
    )
}

/// Room where things are written, and that they can be.
pub fn disk(settings: &Settings) -> Vec<Finding> {
    let mut folders = BTreeSet::new();
    if let Materials::Folder(folder) = &settings.materials {
        folders.insert(folder.clone());
    }
    if let countersign_config::DatabaseKind::Sqlite { file } = &settings.database.kind {
        folders.insert(file.parent().map_or_else(Default::default, Path::to_owned));
    }
    folders.iter().map(|folder| room(folder)).collect()
}

/// The bucket of files, where there is one: that it answers, and what.
pub async fn bucket(settings: &Settings) -> Option<Finding> {
    let place = materials_at(&settings.materials);
    let Place::Bucket(bucket) = &place else {
        return None;
    };
    let opened = materials::open(&place, Arc::new(SystemClock)).await;
    Some(match opened {
        Ok(_) => Finding::ok("bucket", format!("{bucket} can be read")),
        Err(error) => refused("bucket", &error),
    })
}

fn room(folder: &Path) -> Finding {
    // What is not there yet is made in the nearest folder that is.
    let here = Path::new(".");
    let mut known = folder
        .ancestors()
        .filter(|folder| !folder.as_os_str().is_empty());
    let known = known.find(|folder| folder.exists()).unwrap_or(here);
    let shown = if folder.as_os_str().is_empty() {
        here
    } else {
        folder
    };
    let found = match rustix::fs::statvfs(known) {
        Ok(found) => found,
        Err(error) => {
            let cure = "the folder must exist and be the server's";
            return Finding::fail("disk", format!("{}: {error}", shown.display()), cure);
        }
    };
    let free = found.f_bavail.saturating_mul(found.f_frsize);
    let what = format!("{}: {} MiB free", shown.display(), free >> 20);
    if rustix::fs::access(known, rustix::fs::Access::WRITE_OK).is_err() {
        return Finding::fail(
            "disk",
            format!("{} cannot be written", shown.display()),
            "run as the user who owns it",
        );
    }
    match free {
        ..ROOM_LEAST => Finding::fail(
            "disk",
            what,
            "make room: writes are refused when it is full",
        ),
        ROOM_LEAST..ROOM_WANTED => Finding::warn("disk", what, "make room soon"),
        _ => Finding::ok("disk", what),
    }
}

/// Whether mail can leave: for SMTP whether the server greets.
pub async fn mail(settings: &Settings) -> Finding {
    match &settings.mail.transport {
        MailTransport::Directory { folder } => {
            Finding::ok("mail", format!("is written into {}", folder.display()))
        }
        MailTransport::Memory => Finding::warn(
            "mail",
            "goes nowhere: `mail.transport` is `memory`",
            "set `mail.transport = \"smtp\"` and `mail.smtp_url`",
        ),
        MailTransport::Smtp { url } => {
            if let Err(error) = countersign_notifier::Smtp::new(url.expose()) {
                return Finding::fail("mail", error.to_string(), "put `mail.smtp_url` right");
            }
            match greeting(url.expose()).await {
                Ok(greeting) => Finding::ok("mail", greeting),
                Err(why) => Finding::fail(
                    "mail",
                    why,
                    "is the mail server up, and does a firewall let this machine through? Mail waits until it is",
                ),
            }
        }
    }
}

async fn greeting(url: &str) -> Result<String, String> {
    let url: url::Url = url.parse().map_err(|error| format!("{error}"))?;
    let host = url
        .host_str()
        .unwrap_or_default()
        .trim_matches(['[', ']'])
        .to_owned();
    let encrypted = url.scheme() == "smtps";
    let port = url.port().unwrap_or(if encrypted { 465 } else { 25 });
    let stream = connect(&host, port).await?;
    if encrypted {
        // It speaks first inside of TLS; that it takes connections is as much as a look can tell.
        return Ok(format!("{host}:{port} takes connections"));
    }
    let mut line = String::new();
    let mut lines = BufReader::new(stream);
    let read = timeout(PATIENCE, lines.read_line(&mut line)).await;
    match read {
        Ok(Ok(_)) if line.starts_with("220") => {
            Ok(format!("{host}:{port} greets: {}", line.trim()))
        }
        Ok(Ok(_)) => Err(format!(
            "{host}:{port} says `{}` instead of a greeting",
            line.trim()
        )),
        Ok(Err(error)) => Err(format!("{host}:{port}: {error}")),
        Err(_) => Err(format!("{host}:{port} does not greet within 5 s")),
    }
}

async fn connect(host: &str, port: u16) -> Result<TcpStream, String> {
    match timeout(PATIENCE, TcpStream::connect((host, port))).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => Err(format!("{host}:{port}: {error}")),
        Err(_) => Err(format!("{host}:{port} does not answer within 5 s")),
    }
}

/// Whether each hook may be called, and answers a knock. Nothing is sent.
pub async fn hooks(settings: &Settings) -> Vec<Finding> {
    let mut found = Vec::new();
    for (name, hook) in &settings.hooks.named {
        let url = hook.url.to_string();
        let private = settings.hooks.allow_private_addresses;
        if let Err(error) = Endpoint::new(name, &url, hook.secret.expose(), private) {
            found.push(Finding::fail(
                "hooks",
                error.to_string(),
                "put its section `hooks` right",
            ));
            continue;
        }
        let host = hook
            .url
            .host_str()
            .unwrap_or_default()
            .trim_matches(['[', ']'])
            .to_owned();
        let port = hook.url.port_or_known_default().unwrap_or(443);
        found.push(match connect(&host, port).await {
            Ok(_) => Finding::ok("hooks", format!("`{name}` takes connections at {host}:{port}")),
            Err(why) => Finding::warn(
                "hooks",
                format!("`{name}`: {why}"),
                "is the system up, and does a firewall let this machine through? Calls wait about a day",
            ),
        });
    }
    found
}

//! Where uploaded files are kept, as `[materials]` says it. Not for opening that place.

use std::path::PathBuf;

use url::Url;

use crate::{Bucket, Materials, reader::Reader, sections};

/// What completes "must be …" for the place.
const RIGHT: &str = "`file:` and a folder, or `s3://` and a bucket";

/// Reads the whole section; what is wrong with it is noted by the reader.
pub fn read(reader: &mut Reader) -> Option<Materials> {
    let place = reader.parsed("materials.url", RIGHT, |text| {
        folder(text).map(Ok).or_else(|| bucket(text).map(Err))
    });
    let mut optional = |key| reader.is_set(key).then(|| reader.text(key));
    let region = optional("materials.region");
    let id = optional("materials.access_key_id");
    let right = "the address of a server, such as https://s3.example.com";
    let endpoint = reader
        .is_set("materials.endpoint")
        .then(|| reader.parsed("materials.endpoint", right, sections::web_address));
    let right = "the secret that belongs to `access_key_id`";
    let secret = reader.is_set("materials.secret_access_key").then(|| {
        reader.secret("materials.secret_access_key", right, |text| {
            !text.is_empty()
        })
    });
    match (&id, &secret) {
        (Some(_), None) => reader.require("materials", "secret_access_key"),
        (None, Some(_)) => reader.require("materials", "access_key_id"),
        (None, None) | (Some(_), Some(_)) => {}
    }
    let (name, prefix) = match place? {
        Ok(folder) => return Some(Materials::Folder(folder)),
        Err(bucket) => bucket,
    };
    Some(Materials::Bucket(Bucket {
        name,
        prefix,
        region: region.flatten(),
        endpoint: endpoint.flatten(),
        key: id.flatten().zip(secret.flatten()),
    }))
}

/// The folder after `file:`.
pub fn folder(text: &str) -> Option<PathBuf> {
    let rest = text.strip_prefix("file:")?;
    let path = rest.strip_prefix("//").unwrap_or(rest);
    (!path.is_empty()).then(|| path.into())
}

/// The bucket after `s3://`, and what the names in it begin with.
fn bucket(text: &str) -> Option<(String, String)> {
    let url = Url::parse(text).ok()?;
    let name = url.host_str().filter(|name| !name.is_empty())?;
    let is_plain = url.scheme() == "s3"
        && url.username().is_empty()
        && url.password().is_none()
        && url.port().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    let prefix = url.path().trim_matches('/').to_owned();
    is_plain.then(|| (name.to_owned(), prefix))
}

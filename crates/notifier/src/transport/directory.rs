//! Mails as `.eml` files in a folder: for sites that collect mail by file, and for looking at it.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use async_trait::async_trait;

use super::MailTransport;
use crate::{
    error::{Error, SendError, Sent},
    mail::OutgoingMail,
};

/// A folder of `<delivery id>.eml`. A mail that is sent again takes the place of the first.
#[derive(Debug, Clone)]
pub struct Directory {
    folder: PathBuf,
}

impl Directory {
    /// Writes into this folder, which is made where it is missing.
    pub fn new(folder: impl Into<PathBuf>) -> Result<Self, Error> {
        let folder = folder.into();
        fs::create_dir_all(&folder).map_err(Error::Folder)?;
        Ok(Self { folder })
    }
}

#[async_trait]
impl MailTransport for Directory {
    async fn send(&self, mail: &OutgoingMail) -> Result<Sent, SendError> {
        let name = format!("{}.eml", mail.rendered.id);
        let (folder, file, bytes) = (self.folder.clone(), name.clone(), mail.bytes().to_vec());
        let written =
            tokio::task::spawn_blocking(move || write_whole(&folder, &file, &bytes)).await;
        match written {
            Ok(Ok(())) => Ok(Sent { answer: name }),
            Ok(Err(error)) => Err(SendError::temporary(format!(
                "the mail cannot be written as a file: {error}"
            ))),
            Err(_) => Err(SendError::temporary("writing the mail as a file broke off")),
        }
    }
}

/// Whoever reads the folder sees a whole file or none, and what was reported as sent survives a loss of
/// power: content first, then the name, each brought to the disk.
fn write_whole(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let hidden = folder.join(format!(".{name}.part"));
    let mut file = File::create(&hidden)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&hidden, folder.join(name))?;
    File::open(folder)?.sync_all()
}

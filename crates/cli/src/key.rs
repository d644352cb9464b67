//! The server's key: 32 random bytes in a file that only its owner reads, made at the first start.

use std::{
    fs,
    io::{self, Read as _, Write as _},
    path::Path,
};

use crate::run::Stopped;

const BYTES: usize = 32;

/// Reads the key, or makes one.
pub fn read_or_make(file: &Path) -> Result<Vec<u8>, Stopped> {
    match found(file)? {
        Some(key) => Ok(key),
        None => make(file).map_err(|error| unusable(file, &error)),
    }
}

/// Reads the key, for commands that only read: a key of their own would be nobody's.
pub fn read(file: &Path) -> Result<Vec<u8>, Stopped> {
    found(file)?.ok_or_else(|| {
        Stopped::new(format!("the key file {} is not there", file.display())).hint(
            "`server.key_file` names the key that the server made at its first start; is this the right folder?",
        )
    })
}

fn found(file: &Path) -> Result<Option<Vec<u8>>, Stopped> {
    match fs::read(file) {
        Ok(key) if key.len() >= BYTES => Ok(Some(key)),
        Ok(key) => Err(Stopped::new(format!(
            "{} has {} bytes, and a key needs at least {BYTES}",
            file.display(),
            key.len()
        ))
        .hint("restore it from a backup; a new key makes every mail link that was sent dead")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unusable(file, &error)),
    }
}

/// Random bytes from the operating system.
pub fn random() -> io::Result<Vec<u8>> {
    let mut key = vec![0; BYTES];
    fs::File::open("/dev/urandom")?.read_exact(&mut key)?;
    Ok(key)
}

fn make(file: &Path) -> io::Result<Vec<u8>> {
    let key = random()?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut made = options.open(file)?;
    made.write_all(&key)?;
    made.sync_all()?;
    Ok(key)
}

fn unusable(file: &Path, error: &io::Error) -> Stopped {
    Stopped::new(format!(
        "the key file {} cannot be used: {error}",
        file.display()
    ))
    .hint("set `server.key_file` to a file in a folder that exists and that the server may write")
}

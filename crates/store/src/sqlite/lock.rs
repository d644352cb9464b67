//! The lock that keeps a second program off a database's file. The system gives it back when the program
//! ends, however it ends.

use std::{
    fs::{File, TryLockError},
    io::{Read as _, Seek as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use crate::Error;

/// Held as long as the file is served.
#[derive(Debug)]
pub struct FileLock {
    _held: File,
}

impl FileLock {
    /// Takes `<file>.lock`, or says who has it.
    pub fn take(file: &Path) -> Result<Self, Error> {
        let path = lock_path(file);
        let failed = |source| Error::Lock {
            file: path.clone(),
            source,
        };
        let mut lock = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::Locked {
                    file: file.to_owned(),
                    holder: holder(&mut lock),
                });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        // For whoever is refused; on a full disk the lock holds all the same.
        let _ = lock
            .set_len(0)
            .and_then(|()| write!(lock, "{}", std::process::id()));
        Ok(Self { _held: lock })
    }
}

/// Beside the file itself, by whatever link it is named.
fn lock_path(file: &Path) -> PathBuf {
    let real = file.canonicalize().unwrap_or_else(|_| file.to_owned());
    let mut path = real.into_os_string();
    path.push(".lock");
    path.into()
}

fn holder(lock: &mut File) -> String {
    let mut pid = String::new();
    let read = lock.rewind().and_then(|()| lock.read_to_string(&mut pid));
    match (read, pid.trim().parse::<u32>()) {
        (Ok(_), Ok(pid)) => format!(" (process {pid})"),
        (Ok(_) | Err(_), _) => String::new(),
    }
}

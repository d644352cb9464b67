//! `backup`: the three things that belong together (database, materials, key), copied into a new folder and looked through.
//! Restoring is putting them back: docs/operating/serve.md.

use std::{
    fs, io,
    os::unix::fs::{DirBuilderExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use countersign_config::Materials;
use countersign_engine::ports::{Clock as _, SystemClock};
use countersign_store::sqlite;

use crate::{
    args::{Backup, Serve},
    commands::serve::{not_opened, settings},
    output,
    run::{Ended, Stopped},
    service::StoreAt,
};

/// Makes the backup, and says whether it is sound.
pub async fn run(arguments: Backup) -> Result<Ended, Stopped> {
    let settings = settings(&Serve {
        config: arguments.config,
    })?;
    let file = match StoreAt::of(&settings.database) {
        StoreAt::File(file) => file,
        StoreAt::Server(_) => {
            return Err(Stopped::new("a PostgreSQL server is backed up by its own tools").hint(
                "`pg_dump --format=custom` for a copy of a moment, `pg_basebackup` with archived WAL for any moment; then copy the \
                 folder of materials and the key file: docs/operating/postgres.md",
            ));
        }
    };
    let to = &arguments.folder;
    let failed = |what: &Path, error: &io::Error| {
        Stopped::new(format!("{} cannot be copied: {error}", what.display()))
            .hint("name a folder that is not there yet, in one that is, with room on the disk")
    };
    fs::DirBuilder::new()
        .mode(0o700)
        .create(to)
        .map_err(|error| failed(to, &error))?;
    let database = to.join("countersign.db");
    let faults = sqlite::backup(&file, &database)
        .await
        .map_err(|error| not_opened(&error))?;
    // After the database: files are only added, so whatever it names is there.
    let files = match &settings.materials {
        Materials::Folder(folder) => {
            let copy = to.join("materials");
            let files = copy_folder(folder, &copy).map_err(|error| failed(folder, &error))?;
            format!("{files} files")
        }
        Materials::Bucket(_) => "files in their bucket".to_owned(),
    };
    let key_file = &settings.server.key_file;
    if !arguments.without_key {
        fs::copy(key_file, to.join("countersign.key")).map_err(|error| failed(key_file, &error))?;
    }
    for fault in &faults {
        output::line(fault);
    }
    let found = audit(&database).await?;
    output::line(format_args!(
        "{}: {} cases, {} entries, {files}: {}",
        to.display(),
        found.0,
        found.1,
        match faults.len() + found.2 {
            0 => "sound".to_owned(),
            1 => "1 fault".to_owned(),
            faults => format!("{faults} faults"),
        }
    ));
    Ok(if faults.is_empty() && found.2 == 0 {
        Ended::Well
    } else {
        Ended::Found
    })
}

/// Reads every history of the copy: cases, entries and faults.
async fn audit(database: &Path) -> Result<(usize, u64, usize), Stopped> {
    let reader = sqlite::look(database).await;
    let reader = reader.map_err(|error| not_opened(&error))?;
    let now = SystemClock.now();
    let found = countersign_engine::audit(reader.as_ref(), now, None, &mut |_| {}).await;
    let found = found.map_err(|error| Stopped::by(&error))?;
    for fault in &found.faults {
        output::line(super::audit::in_words(fault));
    }
    let cases = found.checkpoint.heads.len();
    Ok((cases, found.entries, found.faults.len()))
}

/// Copies a folder with all that is in it; how many files. One that is not there has none.
fn copy_folder(from: &Path, to: &Path) -> io::Result<u64> {
    let mut copied = 0;
    let mut folders: Vec<(PathBuf, PathBuf)> = vec![(from.to_owned(), to.to_owned())];
    while let Some((from, to)) = folders.pop() {
        fs::DirBuilder::new().mode(0o700).create(&to)?;
        let listed = match fs::read_dir(&from) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            listed => listed?,
        };
        for entry in listed {
            let entry = entry?;
            let target = to.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                folders.push((entry.path(), target));
            } else {
                fs::copy(entry.path(), &target)?;
                fs::set_permissions(&target, fs::Permissions::from_mode(0o600))?;
                copied += 1;
            }
        }
    }
    Ok(copied)
}

//! `audit`: reads every history and says what of it is not as it was written, also beside a server that runs. It
//! repairs nothing.

use std::{fs, io, path::Path};

use countersign_engine::{
    Checkpoint, Examined, Fault, FaultKind, audit,
    ports::{Clock as _, SystemClock},
};

use crate::{
    args::{Audit, Serve},
    commands::serve::not_opened,
    key, output,
    run::{Ended, Stopped},
    service::StoreAt,
};

/// Reads everything, compares it with a checkpoint if one is given, and writes a new one where one is wanted.
pub async fn run(arguments: Audit) -> Result<Ended, Stopped> {
    if let Some(file) = &arguments.file {
        return examine(file, arguments.public_key.as_deref());
    }
    let serve = Serve {
        config: arguments.config.clone(),
    };
    let settings = super::serve::settings_of_a_server(&serve)?;
    let key = key::read(&settings.server.key_file)?;
    let against = arguments.against.as_deref();
    let against = against.map(|file| checkpoint(file, &key)).transpose()?;
    let reader = StoreAt::of(&settings.database).look().await;
    let reader = reader.map_err(|error| not_opened(&error))?;
    let mut told = 0;
    let mut progress = |cases: u64| {
        if cases >= told + PROGRESS {
            told = cases;
            output::note(format_args!("{cases} cases read"));
        }
    };
    let now = SystemClock.now();
    let found = audit(reader.as_ref(), now, against.as_ref(), &mut progress).await;
    let found = found.map_err(|error| {
        Stopped::by(&error).hint("`countersign doctor` says whether the tables are up to date")
    })?;
    for fault in &found.faults {
        output::line(in_words(fault));
    }
    output::line(format_args!(
        "{} cases, {} entries ({} erased): {}",
        found.checkpoint.heads.len(),
        found.entries,
        found.erased,
        match found.faults.len() {
            0 => "all as they were written".to_owned(),
            1 => "1 fault".to_owned(),
            faults => format!("{faults} faults"),
        }
    ));
    if let Some(file) = &arguments.checkpoint {
        write(file, &found.checkpoint.to_text(&key)).map_err(|error| {
            Stopped::new(format!("{} cannot be written: {error}", file.display()))
                .hint("name a file that is not there yet, in a folder that is")
        })?;
        output::note(format_args!(
            "The checkpoint is in {}. Keep it where nobody who can write the database can write.",
            file.display()
        ));
    }
    Ok(if found.faults.is_empty() {
        Ended::Well
    } else {
        Ended::Found
    })
}

/// How often progress is told, in cases.
const PROGRESS: u64 = 10_000;

fn checkpoint(file: &Path, key: &[u8]) -> Result<Checkpoint, Stopped> {
    let named = |error: &dyn std::fmt::Display| {
        Stopped::new(format!("{} is no checkpoint: {error}", file.display()))
            .hint("give the file that `countersign audit --checkpoint FILE` wrote, unchanged, and the same key file")
    };
    let text = fs::read_to_string(file).map_err(|error| named(&error))?;
    Checkpoint::parse(&text, key).map_err(|error| named(&error))
}

/// Never over another: an older checkpoint proves more.
fn write(file: &Path, text: &str) -> io::Result<()> {
    use io::Write as _;
    let mut made = fs::File::create_new(file)?;
    made.write_all(text.as_bytes())?;
    made.sync_all()
}

/// Examines the evidence of one case: no database, no server and no secret is needed.
fn examine(file: &Path, public_key: Option<&str>) -> Result<Ended, Stopped> {
    let text = fs::read_to_string(file)
        .map_err(|error| Stopped::new(format!("{} cannot be read: {error}", file.display())))?;
    let examined = match Examined::of(&text) {
        Ok(examined) => examined,
        Err(error) => {
            output::line(format_args!("{} proves nothing: {error}", file.display()));
            return Ok(Ended::Found);
        }
    };
    let evidence = &examined.evidence;
    for (entry, kind) in &examined.faults {
        output::line(in_words(&Fault {
            case: evidence.number.clone(),
            entry: *entry,
            kind: *kind,
        }));
    }
    let foreign = public_key.is_some_and(|key| !key.eq_ignore_ascii_case(&examined.public_key));
    output::line(format_args!(
        "{} ({} version {}), {} entries ({} erased), written {}: {}",
        evidence.number,
        evidence.workflow,
        evidence.version,
        examined.entries,
        examined.erased,
        evidence.taken_at,
        match examined.faults.len() {
            0 => "all as they were written".to_owned(),
            1 => "1 fault".to_owned(),
            faults => format!("{faults} faults"),
        }
    ));
    output::line(format_args!("signed by {}", examined.public_key));
    if foreign {
        output::line("this is not the key that you named");
    } else if public_key.is_none() {
        output::note(
            "Whose key this is, `countersign doctor` says on its server. Name it with --public-key.",
        );
    }
    Ok(if examined.faults.is_empty() && !foreign {
        Ended::Well
    } else {
        Ended::Found
    })
}

pub(super) fn in_words(fault: &Fault) -> String {
    let Fault { case, entry, kind } = fault;
    let what = match kind {
        FaultKind::CaseUnreadable => {
            return format!("{case}: the case as it stands cannot be read");
        }
        FaultKind::Unreadable => "cannot be read: it is not as this program writes",
        FaultKind::Misplaced => "is not in its place: it is missing, or there twice",
        FaultKind::Changed => "was changed: its hash is not of what it says",
        FaultKind::Unchained => "is not chained to the one before",
        FaultKind::PersonalChanged => "has other details than those that it was written with",
        FaultKind::NotTheHead => "is where the case ends, and its history does not end there",
        FaultKind::Gone => "was there at the checkpoint, and is no more",
        FaultKind::Rewritten => "is another one than at the checkpoint",
    };
    format!("{case}: entry {entry} {what}")
}

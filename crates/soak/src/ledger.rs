//! The ledger: what a client meant to do and what it was answered, each on disk before anything else happens, in a file
//! that the product knows nothing of.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::Write as _,
    path::Path,
    sync::{Mutex, PoisonError},
};

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// What all clients meant to do, by key, and what they were answered if they were.
pub type Ledgers = BTreeMap<String, (Intent, Option<Answer>)>;

/// A ledger that is written.
#[derive(Debug)]
pub struct Ledger(Mutex<File>);

/// One line of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Intent(Intent),
    Answer(Answer),
}

/// What a client means to do.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Intent {
    /// The key of the request; for an opening also what the case is called.
    pub key: String,
    /// Who.
    pub who: String,
    /// What: `open`, or the action.
    pub deed: String,
    /// On which case; an opening has none yet.
    pub case: Option<String>,
}

/// What it was answered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Answer {
    /// The key of the request.
    pub key: String,
    /// The status.
    pub status: u16,
    /// What a good answer promises for ever.
    pub receipt: Option<Receipt>,
    /// How often it was asked.
    pub tries: u32,
}

/// What a good answer promises: the case has this entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The case's id.
    pub case: String,
    /// Its version then.
    pub etag: u64,
    /// Its last entry then.
    pub entry: u64,
    /// The hash of that entry.
    pub hash: String,
}

impl Ledger {
    /// A new one.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let file = File::options().create(true).append(true).open(path);
        file.map(|file| Self(Mutex::new(file)))
            .map_err(Error::io(path.display().to_string()))
    }

    /// Before it is sent.
    pub fn intend(&self, intent: Intent) -> Result<(), Error> {
        self.write(&Line::Intent(intent))
    }

    /// After it was answered.
    pub fn answered(&self, answer: Answer) -> Result<(), Error> {
        self.write(&Line::Answer(answer))
    }

    fn write(&self, line: &Line) -> Result<(), Error> {
        let failed = |source| Error::Io {
            what: "the ledger".to_owned(),
            source,
        };
        let mut text = serde_json::to_string(line)
            .map_err(|error| Error::Unfit(format!("the ledger: {error}")))?;
        text.push('\n');
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(text.as_bytes()).map_err(failed)?;
        file.sync_data().map_err(failed)
    }
}

/// What all ledgers of a folder say: each intent, and its answer if it got one.
pub fn read(folder: &Path) -> Result<Ledgers, Error> {
    let mut all = BTreeMap::new();
    let entries = fs::read_dir(folder).map_err(Error::io(folder.display().to_string()))?;
    for entry in entries {
        let path = entry.map_err(Error::io("a ledger"))?.path();
        if path
            .extension()
            .is_none_or(|extension| extension != "ledger")
        {
            continue;
        }
        let text = fs::read_to_string(&path).map_err(Error::io(path.display().to_string()))?;
        for line in text.lines() {
            let line: Line = serde_json::from_str(line)
                .map_err(|error| Error::Unfit(format!("{}: {error}", path.display())))?;
            match line {
                Line::Intent(intent) => {
                    all.insert(intent.key.clone(), (intent, None));
                }
                Line::Answer(answer) => {
                    if let Some((_, known)) = all.get_mut(&answer.key) {
                        *known = Some(answer);
                    }
                }
            }
        }
    }
    Ok(all)
}

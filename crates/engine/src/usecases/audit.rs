//! Audit: reads every history and says what of it cannot have been written by this program. It repairs nothing.

use std::collections::BTreeMap;

use countersign_core::{
    case::{Case, CaseId},
    history::{Hash, SealedEntry},
    time::Time,
};

use crate::{
    Checkpoint, Head,
    ports::{
        Reader, StoreError, StoreErrorKind,
        reader::{CaseOrder, CaseQuery, KeptEntry},
        store::{CaseAddress, Viewer},
    },
};

/// Cases read by one statement.
const PAGE: u32 = 200;
/// Entries read by one statement.
const BLOCK: u32 = 500;

/// What an audit has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// The heads as they are, to be kept elsewhere.
    pub checkpoint: Checkpoint,
    /// How many entries were read.
    pub entries: u64,
    /// Of how many of them the personal part was erased.
    pub erased: u64,
    /// Everything that is not as it was written, in order of case and entry.
    pub faults: Vec<Fault>,
}

/// Something that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The number of the case.
    pub case: String,
    /// The entry; of what is missing its place.
    pub entry: u64,
    /// What is wrong with it.
    pub kind: FaultKind,
}

/// What is wrong with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// What it says cannot be read: it is not as this program writes.
    Unreadable,
    /// The case as it stands, before any entry of it, cannot be read.
    CaseUnreadable,
    /// Another one is in its place: it is missing, or there twice.
    Misplaced,
    /// Its hash is not of what it says.
    Changed,
    /// It is not chained to the one before.
    Unchained,
    /// What lies beside the chain is not what the chain stands for, and was not erased.
    PersonalChanged,
    /// The case does not end with it.
    NotTheHead,
    /// The case is there no more, and was at the checkpoint.
    Gone,
    /// It is not the one that was there at the checkpoint.
    Rewritten,
}

/// Reads every history, also beside a server that runs; `against` is an earlier checkpoint, and `now` the moment that the
/// new one names. `progress` is told the number of cases read so far.
pub async fn audit(
    reader: &dyn Reader,
    now: Time,
    against: Option<&Checkpoint>,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<Audit, StoreError> {
    let mut audit = Audit {
        checkpoint: Checkpoint {
            taken_at: now,
            heads: BTreeMap::new(),
        },
        entries: 0,
        erased: 0,
        faults: Vec::new(),
    };
    let mut query = CaseQuery {
        sort: CaseOrder::Oldest,
        limit: PAGE,
        ..CaseQuery::default()
    };
    let mut read = 0;
    loop {
        let page = reader.cases(&Viewer::Operator, &query).await?;
        for row in &page.items {
            let stands = match reader.case(&CaseAddress::Id(row.id)).await {
                Ok(Some(case)) => Some(Ends::of(&case)),
                Ok(None) => continue,
                Err(error) if error.kind == StoreErrorKind::Other => {
                    // The store answers, so it is the case that cannot be read.
                    reader.ping().await?;
                    None
                }
                Err(error) => return Err(error),
            };
            let kept = against.and_then(|checkpoint| checkpoint.heads.get(&row.id));
            let walk = walk(reader, row.id, stands, kept).await?;
            audit.take((row.id, &row.number), stands, walk, kept);
            read += 1;
        }
        progress(read);
        match page.next_cursor {
            None => break,
            cursor => query.cursor = cursor,
        }
    }
    let kept = against.map(|checkpoint| checkpoint.heads.iter());
    audit.miss(kept.into_iter().flatten());
    Ok(audit)
}

/// Where a case says that its history ends.
#[derive(Debug, Clone, Copy)]
struct Ends {
    entries: u64,
    head: Option<Hash>,
}

impl Ends {
    fn of(case: &Case) -> Self {
        Self {
            entries: case.entries,
            head: case.head,
        }
    }
}

/// Reads one history up to where the case says that it ends: what comes later was written meanwhile. If the case does not
/// say it any more, all of it.
async fn walk(
    reader: &dyn Reader,
    case: CaseId,
    ends: Option<Ends>,
    kept: Option<&Head>,
) -> Result<Walk, StoreError> {
    let last = ends.map_or(u64::MAX, |ends| ends.entries);
    let mut walk = Walk::default();
    while walk.place < last {
        let block = reader.kept_history(case, walk.place, BLOCK).await?;
        if block.is_empty() {
            break;
        }
        for entry in &block {
            if walk.place < last {
                match &entry.sealed {
                    Some(sealed) => walk.read(sealed, kept),
                    None => walk.pass(entry, kept),
                }
            }
        }
    }
    Ok(walk)
}

impl Audit {
    /// Takes over what was found in the history of a case.
    fn take(
        &mut self,
        (id, number): (CaseId, &str),
        ends: Option<Ends>,
        walk: Walk,
        kept: Option<&Head>,
    ) {
        self.entries += walk.entries;
        self.erased += walk.erased;
        let (last, hash) = (walk.place, walk.previous);
        let found = match ends {
            Some(Ends { entries, head }) => walk.end(entries, head, kept),
            None => {
                let mut found = walk.end(last, hash, kept);
                found.insert(0, (0, FaultKind::CaseUnreadable));
                found
            }
        };
        self.faults
            .extend(found.into_iter().map(|(entry, kind)| Fault {
                case: number.to_owned(),
                entry,
                kind,
            }));
        if let Some(hash) = hash {
            let head = Head {
                number: number.to_owned(),
                entry: last,
                hash,
            };
            self.checkpoint.heads.insert(id, head);
        }
    }

    /// Cases that were there at the checkpoint, and are no more.
    fn miss<'a>(&mut self, kept: impl Iterator<Item = (&'a CaseId, &'a Head)>) {
        for (id, head) in kept {
            if !self.checkpoint.heads.contains_key(id) {
                self.faults.push(Fault {
                    case: head.number.clone(),
                    entry: head.entry,
                    kind: FaultKind::Gone,
                });
            }
        }
    }
}

/// A history as it is read, entry by entry.
#[derive(Default)]
pub(crate) struct Walk {
    /// The place that was read last.
    place: u64,
    /// The hash that the next one is to be chained to.
    previous: Option<Hash>,
    pub entries: u64,
    pub erased: u64,
    faults: Vec<(u64, FaultKind)>,
}

impl Walk {
    /// Reads the next entry; `kept` is what a checkpoint knows of the case.
    pub fn read(&mut self, sealed: &SealedEntry, kept: Option<&Head>) {
        self.entries += 1;
        let SealedEntry { entry, hash, .. } = sealed;
        if entry.entry != self.place + 1 {
            self.faults.push((self.place + 1, FaultKind::Misplaced));
        }
        self.place = entry.entry.max(self.place + 1);
        if SealedEntry::chain(entry, sealed.previous) != *hash {
            self.faults.push((entry.entry, FaultKind::Changed));
        }
        if sealed.previous != self.previous {
            self.faults.push((entry.entry, FaultKind::Unchained));
        }
        self.previous = Some(*hash);
        let is_erased = sealed.salt == [0; 16];
        if is_erased {
            self.erased += 1;
        } else if sealed.personal.digest(&sealed.salt) != entry.digest {
            self.faults.push((entry.entry, FaultKind::PersonalChanged));
        }
        let kept = kept.filter(|kept| kept.entry == entry.entry);
        if kept.is_some_and(|kept| kept.hash != *hash) {
            self.faults.push((entry.entry, FaultKind::Rewritten));
        }
    }

    /// Passes over an entry that cannot be read: what comes after is still chained to its hash.
    fn pass(&mut self, kept_entry: &KeptEntry, kept: Option<&Head>) {
        self.entries += 1;
        if kept_entry.entry != self.place + 1 {
            self.faults.push((self.place + 1, FaultKind::Misplaced));
        }
        self.place = kept_entry.entry.max(self.place + 1);
        self.faults.push((self.place, FaultKind::Unreadable));
        self.previous = kept_entry.hash;
        let kept = kept.filter(|kept| kept.entry == kept_entry.entry);
        if kept.is_some_and(|kept| Some(kept.hash) != kept_entry.hash) {
            self.faults.push((self.place, FaultKind::Rewritten));
        }
    }

    /// Everything that was found, with how it ends: it is to have so many entries and this head.
    pub fn end(
        self,
        entries: u64,
        head: Option<Hash>,
        kept: Option<&Head>,
    ) -> Vec<(u64, FaultKind)> {
        let mut faults = self.faults;
        if self.place != entries || self.previous != head {
            faults.push((entries, FaultKind::NotTheHead));
        }
        if let Some(kept) = kept.filter(|kept| kept.entry > self.place) {
            faults.push((kept.entry, FaultKind::Gone));
        }
        faults
    }
}

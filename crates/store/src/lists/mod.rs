//! Lists: pages of cases, of an inbox, of deliveries, of timers and of incidents, by cursors that name the last row.

mod cases;
mod inbox;
mod outbox;
mod row;
mod standing;

pub use cases::cases;
pub use inbox::inbox;
pub use outbox::{deliveries, incident_of, incidents};
pub use standing::{standing, timers};

use countersign_engine::ports::{reader::Page, store::Viewer};

use crate::rows::{group_subject, partner_subject, person_subject};

/// Whom a list is for, as its statements take it.
struct Seer {
    /// All subjects that they are, as a JSON array.
    subjects: String,
    /// They themselves.
    own: String,
    person: String,
    /// The partner whose cases they are walled into.
    wall: Option<String>,
}

/// The viewer as a person; `None` for an operator, who sees all.
fn seer(viewer: &Viewer) -> Option<Seer> {
    match viewer {
        Viewer::Operator => None,
        Viewer::Person {
            person,
            groups,
            partner,
        } => {
            let own = person_subject(person.as_str());
            let groups = groups.iter().map(|group| group_subject(group.as_str()));
            let partners = partner
                .iter()
                .map(|partner| partner_subject(partner.as_str()));
            let subjects: Vec<String> = std::iter::once(own.clone())
                .chain(groups)
                .chain(partners)
                .collect();
            Some(Seer {
                subjects: serde_json::Value::from(subjects).to_string(),
                own,
                person: person.as_str().to_owned(),
                wall: partner.as_ref().map(|partner| partner.as_str().to_owned()),
            })
        }
    }
}

/// How many rows a page has: as asked, from 1 to 200.
fn page_size(limit: u32) -> usize {
    limit.clamp(1, 200) as usize
}

/// How many rows to read for a page: one more tells whether there is another page.
fn wanted(limit: u32) -> i64 {
    i64::from(limit.clamp(1, 200)) + 1
}

/// A page of rows and their sort keys, one row more than asked at most.
fn page<T>(mut rows: Vec<(T, String)>, limit: u32) -> Page<T> {
    let size = page_size(limit);
    let more = rows.len() > size;
    rows.truncate(size);
    let next_cursor = rows
        .last()
        .filter(|_| more)
        .map(|(_, cursor)| cursor.clone());
    Page {
        items: rows.into_iter().map(|(row, _)| row).collect(),
        next_cursor,
    }
}

//! Whom a case has written to, as far as a reader may know: for what is told of its past. What a mail says stays between the
//! case and its receiver.

use countersign_core::{
    case::{PersonId, Purpose},
    policy::Policy,
    text::Language,
    time::Time,
};

use super::shown;
use crate::{
    Engine, Error, Scene,
    ports::{
        deliveries::DeliveryContent,
        reader::{DeliveryKind, DeliveryQuery, DeliveryRow, DeliveryStatus},
        store::CaseAddress,
    },
};

/// Mails of one case that are looked at, the newest.
const MOST: usize = 1_000;
/// Mails read by one statement.
const BLOCK: u32 = 200;

/// A mail of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldByMail {
    /// Who got it; `None`: an address of nobody in the directory.
    pub person: Option<PersonId>,
    /// Their name, or the address of nobody in the directory.
    pub to: String,
    /// What it is for.
    pub purpose: Purpose,
    /// When it was written.
    pub at: Time,
    /// How far it is.
    pub status: DeliveryStatus,
}

impl Engine {
    /// The mails of the case of a scene, the first first: those to its actor, and those to whom he may name as receivers.
    pub async fn told_by_mail(&self, scene: &Scene) -> Result<Vec<ToldByMail>, Error> {
        let Some(case) = &scene.case else {
            return Ok(Vec::new());
        };
        let mut query = DeliveryQuery {
            kind: Some(DeliveryKind::Mail),
            case: Some(CaseAddress::Id(case.id)),
            limit: BLOCK,
            ..DeliveryQuery::default()
        };
        let mut mails: Vec<ToldByMail> = Vec::new();
        loop {
            let page = self.reader.deliveries(&query).await?;
            mails.extend(page.items.into_iter().filter_map(told));
            query.cursor = page.next_cursor;
            if query.cursor.is_none() || mails.len() >= MOST {
                break;
            }
        }
        mails.reverse();
        let allowed = self.fill(scene.clone(), |scene| {
            shown(scene, Language::default(), |viewer, workflow, case| {
                let policy = Policy::new(workflow, case, viewer.actor, viewer.reading);
                let visible = policy.visible();
                let may_know = |mail: &ToldByMail| match &mail.person {
                    Some(person) => policy.may_name(person),
                    None => visible.internal(),
                };
                let seen = mails.iter().filter(|_| visible.proceedings());
                seen.filter(|mail| may_know(mail)).cloned().collect()
            })
        });
        Ok(allowed.await?.unwrap_or_default())
    }
}

/// What was wiped once it was sent was a secret, and is told by nobody.
fn told(row: DeliveryRow) -> Option<ToldByMail> {
    let Some(DeliveryContent::Mail(mail)) = row.content else {
        return None;
    };
    let to = if mail.to.name.is_empty() {
        mail.to.email
    } else {
        mail.to.name
    };
    Some(ToldByMail {
        person: mail.to.person.map(PersonId::new),
        to,
        purpose: mail.purpose,
        at: row.created_at,
        status: row.status,
    })
}

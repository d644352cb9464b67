//! Sample cases, people and rows that the checks write.

use std::collections::{BTreeMap, BTreeSet};

use countersign_core::{
    case::{
        ArmedTimer, Case, CaseId, Channel, Comment, CommentId, Content, DeliveryId, Doer, File,
        FileId, GroupId, Lifecycle, PartnerId, PersonId,
    },
    history::{Entry, Hash, Personal, SealedEntry, What},
    name::Name,
    outcome::{Subject, Waiting},
    text::Language,
    time::Time,
    workflow::StatePath,
};
use countersign_engine::ports::{
    deliveries::{
        Addressee, DeliveryContent, HookContent, Language as MailLanguage, MailContent, Markdown,
        Part,
    },
    directory::PersonRecord,
    store::{Batch, CaseWrite, DeliveryWrite},
};
use serde_json::json;
use uuid::Uuid;

use super::at;

pub fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

pub fn group(id: &str) -> Subject {
    Subject::Group(GroupId::new(id))
}

pub fn person(id: &str) -> Subject {
    Subject::Person(PersonId::new(id))
}

pub fn partner(id: &str) -> Subject {
    Subject::Partner(PartnerId::new(id))
}

/// The id of the `n`-th case: ids are in order of `n`.
pub fn id(n: u64) -> CaseId {
    CaseId(Uuid::from_u64_pair(
        0x0198_0000_0000_7000,
        0x8000_0000_0000_0000 | n,
    ))
}

/// The timer of a draft, if it has one.
pub fn timer(due: Option<&str>) -> Option<ArmedTimer> {
    Some(ArmedTimer {
        since: None,
        state: StatePath::new("draft"),
        timer: name("expire"),
        due: Some(at(due?)),
        fired: 0,
        fired_for: None,
    })
}

/// A new deal registration of pat of acme.
pub fn case(n: u64) -> Case {
    Case {
        id: id(n),
        number: format!("DR-2026-{n:05}"),
        workflow: name("deal_registration"),
        version: 1,
        partner: Some(PartnerId::new("acme")),
        starter: Some(PersonId::new("pat")),
        opened_at: at("01:00:00"),
        title: format!("Northwind {n}"),
        lifecycle: Lifecycle::Running,
        state: StatePath::new("draft"),
        visits: BTreeMap::from([(StatePath::new("draft"), 1)]),
        entered: BTreeMap::from([(StatePath::new("draft"), at("01:00:00"))]),
        left: BTreeSet::new(),
        last_inner: BTreeMap::new(),
        due: BTreeMap::new(),
        round: 1,
        revision: 1,
        submitted_at: None,
        etag: 1,
        entries: 0,
        head: None,
        timers: Vec::new(),
        ballots: Vec::new(),
        taken: Vec::new(),
        mandates: Vec::new(),
        claim: None,
        mail_links: Vec::new(),
        awaited: Vec::new(),
        held: Vec::new(),
        touched: BTreeMap::new(),
        failures: BTreeSet::new(),
        watches: BTreeSet::new(),
        tracks: BTreeMap::new(),
        paused: BTreeMap::new(),
        children: Vec::new(),
        parent: None,
        migrated: None,
        since_review: BTreeMap::default(),
        asked: Vec::new(),
        held_mails: Vec::new(),
        content: content(),
    }
}

/// A content with everything in it that JSON and SQL could trip over.
pub fn content() -> Content {
    let mut content = Content::default();
    let values = json!({
        "customer": "北风贸易有限公司 \"N\" \\ \u{1F600} it's",
        "amount": "330000.00",
        "lines": [{ "sku": "a\u{0}b", "count": 9_007_199_254_740_993_i64 }],
        "agreed": true,
        "zz_first": 1, "aa_last": 2,
    });
    content
        .forms
        .insert(name("deal"), values.as_object().unwrap().clone());
    let file = File {
        id: FileId(Uuid::from_u128(7)),
        name: "报告.pdf".to_owned(),
        size: 10,
        media_type: "application/pdf".to_owned(),
        sha256: "ab".repeat(32),
        uploaded_by: Doer::Person(PersonId::new("pat")),
        uploaded_at: at("01:00:00"),
    };
    content.materials.insert(name("report"), vec![file]);
    content.comments.push(Comment {
        id: CommentId(Uuid::from_u128(8)),
        at: Some("deal.amount".to_owned()),
        text: "为什么？".to_owned(),
        by: Doer::Person(PersonId::new("rita")),
        recorded_at: at("01:00:00"),
        internal: false,
        round: 1,
        by_starter_side: false,
        replies: Vec::new(),
        open: true,
        changed_since: false,
    });
    content
}

/// The next entry of a case, by this actor; the case is at it afterwards.
pub fn entry(case: &mut Case, actor: Doer, recorded_at: Time) -> (CaseId, SealedEntry) {
    case.entries += 1;
    let entry = Entry {
        entry: case.entries,
        recorded_at,
        actor,
        role: None,
        channel: Channel::Api,
        what: What::Action,
        action: Some(name("submit")),
        from: None,
        to: Some(case.state.clone()),
        round: case.round,
        revision: case.revision,
        etag: case.etag,
        digest: Hash::of(&[]),
    };
    let personal = Personal {
        text: Some("可以。".to_owned()),
        ..Personal::default()
    };
    let sealed = SealedEntry::seal(entry, personal, [5; 16], case.head);
    case.head = Some(sealed.hash);
    (case.id, sealed)
}

/// A batch that opens this case: one entry by pat, and nobody waits.
pub fn opening(mut case: Case) -> Batch {
    let mut batch = Batch {
        at: Some(case.opened_at),
        ..Batch::default()
    };
    let doer = Doer::Person(case.starter.clone().unwrap());
    let opened_at = case.opened_at;
    batch.entries.push(entry(&mut case, doer, opened_at));
    batch.cases.push(CaseWrite {
        search: format!("{} {} 北风贸易有限公司", case.number, case.title).to_lowercase(),
        case,
        etag_before: 0,
        content_changed: true,
        watches: None,
        waiting: Vec::new(),
        access: BTreeSet::from([person("pat"), partner("acme")]),
        hidden: BTreeSet::new(),
    });
    batch
}

/// The write of a case that was loaded at this etag; its content is as it was.
pub fn change(mut case: Case, waiting: Vec<Waiting>) -> CaseWrite {
    let etag_before = case.etag;
    case.etag += 1;
    CaseWrite {
        case,
        etag_before,
        content_changed: false,
        watches: None,
        waiting,
        access: BTreeSet::new(),
        hidden: BTreeSet::new(),
        search: String::new(),
    }
}

/// A row of the inbox.
pub fn waiting(who: Subject, since: &str, due: Option<&str>) -> Waiting {
    Waiting {
        who,
        but: BTreeSet::new(),
        role: name("reviewer"),
        since: at(since),
        due: due.map(at),
    }
}

/// One batch of several.
pub fn together(batches: impl IntoIterator<Item = Batch>) -> Batch {
    let mut all = Batch {
        at: Some(at("01:00:00")),
        ..Batch::default()
    };
    for batch in batches {
        all.cases.extend(batch.cases);
        all.entries.extend(batch.entries);
    }
    all
}

/// A batch of these cases only.
pub fn changes(cases: Vec<CaseWrite>) -> Batch {
    Batch {
        cases,
        at: Some(at("02:00:00")),
        ..Batch::default()
    }
}

pub fn record(id: &str, partner: Option<&str>) -> PersonRecord {
    PersonRecord {
        id: PersonId::new(id),
        name: format!("{id} 魏"),
        email: format!("{}@Example.com", id.to_uppercase()),
        language: Language::Zh,
        timezone: Some("Asia/Shanghai".to_owned()),
        partner: partner.map(PartnerId::new),
        attributes: json!({ "level": 3 }).as_object().unwrap().clone(),
        disabled: false,
    }
}

/// A mail to be delivered.
pub fn mail(n: u128, secret: bool) -> DeliveryWrite {
    let to = Addressee {
        person: Some("wei".to_owned()),
        name: "魏".to_owned(),
        email: "wei@example.com".to_owned(),
        language: MailLanguage::Zh,
        timezone: "Asia/Shanghai".to_owned(),
    };
    let content = MailContent {
        to,
        message: "decided".to_owned(),
        subject: "已批准".to_owned(),
        body: vec![Part::Text(Markdown::ours("您好！"))],
        purpose: countersign_engine::ports::deliveries::Purpose::Tell,
        lead: Markdown::default(),
        since: Vec::new(),
        otherwise: String::new(),
        facts: Vec::new(),
        answer_by: None,
        case_path: None,
        reason: String::new(),
        secret,
    };
    DeliveryWrite {
        id: DeliveryId(Uuid::from_u128(n)),
        case: None,
        content: DeliveryContent::Mail(content),
        sending: countersign_core::case::Sending::Now,
    }
}

/// A call of a hook to be delivered.
pub fn hook(n: u128, hook: &str) -> DeliveryWrite {
    let content = DeliveryContent::Hook(HookContent::new(
        hook,
        at("01:00:00"),
        &json!({ "amount": "1.00" }),
    ));
    DeliveryWrite {
        id: DeliveryId(Uuid::from_u128(n)),
        case: None,
        content,
        sending: countersign_core::case::Sending::Now,
    }
}

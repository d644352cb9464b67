//! The directory, facts, lists, workflows and codes.

use std::{collections::BTreeMap, sync::Arc};

use countersign_core::{
    case::{CaseId, GroupId, Partner, PartnerId, PersonId, ServiceId},
    context::{FactKey, Inputs, List, Needs},
    history::Hash,
};
use countersign_engine::{
    Registry,
    ports::{
        directory::{DirectoryChange, IdentityRecord, SessionRecord, TokenHolder, TokenRecord},
        store::{Batch, Caller, CodeChange, CodePurpose, PublishedWorkflow, Right, StoredCode},
    },
};
use serde_json::json;
use uuid::Uuid;

use super::{Fresh, at, samples};

fn directory(changes: Vec<DirectoryChange>) -> Batch {
    Batch {
        directory: changes,
        ..Batch::default()
    }
}

fn member(group: &str, person: &str) -> DirectoryChange {
    DirectoryChange::PutMember(GroupId::new(group), PersonId::new(person))
}

async fn load(fresh: &Fresh, needs: Needs) -> Inputs {
    let mut inside = Inputs::default();
    let mut transaction = fresh.store.begin().await.unwrap();
    transaction
        .inputs(&needs, &Registry::default(), &mut inside)
        .await
        .unwrap();
    transaction.rollback().await.unwrap();
    let mut outside = Inputs::default();
    fresh
        .reader()
        .inputs(&needs, &Registry::default(), &mut outside)
        .await
        .unwrap();
    assert_eq!(
        format!("{inside:?}"),
        format!("{outside:?}"),
        "both ways read the same"
    );
    inside
}

pub async fn people_groups_and_partners(fresh: Fresh) {
    let mut gone = samples::record("gone", None);
    gone.disabled = true;
    let acme = Partner {
        id: PartnerId::new("acme"),
        name: "Acme 有限公司".to_owned(),
    };
    let people =
        ["rita", "lena", "omar"].map(|id| DirectoryChange::PutPerson(samples::record(id, None)));
    let changes = people.into_iter().chain([
        DirectoryChange::PutPerson(samples::record("pat", Some("acme"))),
        DirectoryChange::PutPerson(gone),
        DirectoryChange::PutPartner(acme.clone()),
        member("reviewers", "rita"),
        member("reviewers", "lena"),
        member("reviewers", "lena"),
        member("reviewers", "gone"),
        member("acceptance", "lena"),
        member("reviewers", "omar"),
        DirectoryChange::RemoveMember(GroupId::new("reviewers"), PersonId::new("omar")),
        DirectoryChange::RemoveMember(GroupId::new("reviewers"), PersonId::new("nobody")),
    ]);
    fresh.write(directory(changes.collect())).await.unwrap();
    let reader = fresh.reader();
    let (lena, groups) = reader
        .person(&PersonId::new("lena"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(lena, samples::record("lena", None));
    assert_eq!(groups, ["acceptance", "reviewers"].map(GroupId::new));
    let members = reader.members(&GroupId::new("reviewers")).await.unwrap();
    assert_eq!(members, ["gone", "lena", "rita"].map(PersonId::new));
    assert_eq!(reader.partner(&acme.id).await.unwrap(), Some(acme.clone()));
    let mut needs = Needs::default();
    needs.groups.insert(GroupId::new("reviewers"));
    needs.addresses.insert("pat@example.com".to_owned());
    needs.partners.insert(acme.id.clone());
    let inputs = load(&fresh, needs).await;
    assert_eq!(
        *inputs.groups["reviewers"],
        ["lena", "rita"].map(PersonId::new),
        "those who have left are left out"
    );
    assert!(inputs.people["lena"].as_ref().unwrap().is_in("acceptance"));
    assert_eq!(
        inputs.addresses["pat@example.com"]
            .as_ref()
            .unwrap()
            .partner,
        Some(acme.id)
    );
    let mut renamed = samples::record("lena", None);
    renamed.name = "Lena 二".to_owned();
    fresh
        .write(directory(vec![DirectoryChange::PutPerson(renamed.clone())]))
        .await
        .unwrap();
    assert_eq!(
        reader.person(&renamed.id).await.unwrap().unwrap().0,
        renamed
    );
}

pub async fn tokens_name_their_holder(fresh: Fresh) {
    let token = |n: u8, holder, expires: Option<&str>| TokenRecord {
        id: Uuid::from_u128(n.into()),
        hash: [n; 32],
        holder,
        created_at: at("01:00:00"),
        expires_at: expires.map(at),
    };
    let mut gone = samples::record("gone", None);
    gone.disabled = true;
    let erp = TokenHolder::Service {
        id: ServiceId::new("erp"),
        rights: vec![Right::Facts, Right::Signals],
    };
    let tokens = [
        token(
            1,
            TokenHolder::Person(PersonId::new("pat")),
            Some("02:00:00"),
        ),
        token(2, erp, None),
        token(3, TokenHolder::Person(PersonId::new("gone")), None),
    ];
    let people = [samples::record("pat", Some("acme")), gone].map(DirectoryChange::PutPerson);
    let changes = people.into_iter().chain([member("partner_users", "pat")]);
    let changes = changes.chain(tokens.clone().map(DirectoryChange::PutToken));
    fresh.write(directory(changes.collect())).await.unwrap();
    let reader = fresh.reader();
    assert_eq!(reader.tokens().await.unwrap(), tokens);
    let Some(Caller::Person(pat)) = reader.caller(&[1; 32], at("01:59:59.999")).await.unwrap()
    else {
        panic!("the token names pat");
    };
    assert!(pat.is_in("partner_users"));
    let Some(Caller::Service { id, rights }) =
        reader.caller(&[2; 32], at("09:00:00")).await.unwrap()
    else {
        panic!("the token names a service");
    };
    assert_eq!(
        (id, rights),
        (ServiceId::new("erp"), vec![Right::Facts, Right::Signals])
    );
    for (token, when) in [
        ([1; 32], "02:00:00"),
        ([3; 32], "01:00:00"),
        ([4; 32], "01:00:00"),
    ] {
        assert_eq!(
            reader.caller(&token, at(when)).await.unwrap(),
            None,
            "expired, left, unknown"
        );
    }
    fresh
        .write(directory(vec![DirectoryChange::RemoveToken(
            Uuid::from_u128(2),
        )]))
        .await
        .unwrap();
    assert_eq!(reader.caller(&[2; 32], at("01:00:00")).await.unwrap(), None);
}

pub async fn facts_count_up_with_each_change(fresh: Fresh) {
    let key = FactKey {
        kind: samples::name("partner"),
        subject: "acme".to_owned(),
    };
    let put = |level: &str| {
        let values = json!({ "level": level, "rate": "0.5" })
            .as_object()
            .unwrap()
            .clone();
        directory(vec![DirectoryChange::PutFact(key.clone(), values)])
    };
    for (level, version) in [("gold", 1), ("gold", 1), ("银", 2), ("gold", 3)] {
        fresh.write(put(level)).await.unwrap();
        let fact = fresh.reader().fact(&key).await.unwrap().unwrap();
        assert_eq!(
            (fact.version, fact.values["level"].as_str().unwrap()),
            (version, level)
        );
    }
    let mut needs = Needs::default();
    needs.facts.insert(key.clone());
    let inputs = load(&fresh, needs).await;
    assert_eq!(inputs.facts[&key].as_ref().unwrap().version, 3);
}

pub async fn lists_are_read_in_their_last_version(fresh: Fresh) {
    let name = samples::name("products");
    let list = |version, entries: &[&str]| List {
        version,
        digest: Hash::of(&[u8::try_from(version).unwrap()]),
        entries: entries
            .iter()
            .map(|id| ((*id).to_owned(), json!({ "id": id, "title": "服务" })))
            .collect(),
    };
    let old = list(1, &["zeta", "alpha"]);
    let new = list(2, &["zeta", "alpha", "midway"]);
    for list in [old, new.clone()] {
        fresh
            .write(Batch {
                lists: vec![(name.clone(), Arc::new(list))],
                ..Batch::default()
            })
            .await
            .unwrap();
    }
    let mut needs = Needs::default();
    needs.lists.insert(name.clone());
    let inputs = load(&fresh, needs).await;
    assert_eq!(*inputs.lists[&name], new);
    let order: Vec<&String> = inputs.lists[&name].entries.keys().collect();
    assert_eq!(
        order,
        ["zeta", "alpha", "midway"],
        "entries keep their order"
    );
}

pub async fn workflows_are_kept_as_published(fresh: Fresh) {
    let published = |version, text: &str| PublishedWorkflow {
        id: samples::name("deal_registration"),
        version,
        path: "deal_registration.yaml".to_owned(),
        files: BTreeMap::from([("deal_registration.yaml".to_owned(), text.to_owned())]),
        sha256: "ab".repeat(32),
    };
    let versions = vec![published(1, "title: 交易"), published(2, "title: 交易 2")];
    fresh
        .write(Batch {
            workflows: versions.clone(),
            ..Batch::default()
        })
        .await
        .unwrap();
    assert_eq!(fresh.reader().workflows().await.unwrap(), versions);
}

pub async fn a_code_of_an_app_counts_once(fresh: Fresh) {
    let reader = fresh.reader();
    let rita = PersonId::new("rita");
    let app = async || reader.authenticator(&rita).await.unwrap();
    assert_eq!(app().await, None);
    let put = DirectoryChange::PutAuthenticator(rita.clone(), "salt".to_owned(), 5);
    fresh.put(directory(vec![put])).await;
    let used = |step| Batch {
        codes: vec![CodeChange::Stepped(rita.clone(), step)],
        at: Some(at("01:00:00")),
        ..Batch::default()
    };
    for (step, good) in [(5, false), (4, false), (6, true), (6, false)] {
        assert_eq!(fresh.write(used(step)).await.is_ok(), good, "{step}");
    }
    let missed = Batch {
        codes: vec![
            CodeChange::Missed(rita.clone()),
            CodeChange::Missed(rita.clone()),
        ],
        at: Some(at("01:00:00")),
        ..Batch::default()
    };
    fresh.put(missed).await;
    let now = app().await.unwrap();
    assert_eq!(
        (now.last_step, now.missed, now.missed_at),
        (6, 2, at("01:00:00"))
    );
    fresh.put(used(7)).await;
    assert_eq!(
        app().await.unwrap().missed,
        0,
        "a good one forgets the others"
    );
    let gone = DirectoryChange::RemoveAuthenticator(rita.clone());
    fresh.put(directory(vec![gone])).await;
    assert_eq!(app().await, None);
}

pub async fn an_account_of_a_provider_is_one_persons(fresh: Fresh) {
    let reader = fresh.reader();
    let put = |subject: &str, person: &str| {
        DirectoryChange::PutIdentity(IdentityRecord {
            issuer: "https://id.example".to_owned(),
            subject: subject.to_owned(),
            person: PersonId::new(person),
            since: at("01:00:00"),
        })
    };
    let who = async |issuer: &str, subject: &str| {
        let found = reader.identity(issuer, subject).await.unwrap();
        found.map(|person| person.to_string())
    };
    let changes = vec![put("1", "rita"), put("1", "omar"), put("2", "rita")];
    fresh.put(directory(changes)).await;
    let (here, rita) = ("https://id.example", Some("rita".to_owned()));
    assert_eq!(who(here, "1").await, rita, "the first keeps it");
    assert_eq!(who(here, "2").await, None, "she has one already");
    assert_eq!(who("https://other.example", "1").await, None);
}

pub async fn a_session_ends_with_its_time_its_owner_or_a_new_password(fresh: Fresh) {
    let rita = PersonId::new("rita");
    let session = |n: u8| {
        DirectoryChange::PutSession(SessionRecord {
            hash: [n; 32],
            person: rita.clone(),
            created_at: at("01:00:00"),
            expires_at: at("02:00:00"),
        })
    };
    let record = |disabled| {
        let mut record = samples::record("rita", None);
        record.disabled = disabled;
        DirectoryChange::PutPerson(record)
    };
    let reader = fresh.reader();
    let who = async |n: u8, now: &str| {
        let found = reader.signed_in(&[n; 32], at(now)).await.unwrap();
        found.map(|person| (person.id.to_string(), person.is_in("reviewers")))
    };
    let signed_in = Some(("rita".to_owned(), true));
    fresh
        .put(directory(vec![
            record(false),
            member("reviewers", "rita"),
            session(1),
            session(2),
        ]))
        .await;
    assert_eq!(who(1, "01:59:59.999").await, signed_in);
    assert_eq!(who(1, "02:00:00").await, None, "its time is over");
    assert_eq!(who(3, "01:30:00").await, None, "nobody has this cookie");
    fresh
        .put(directory(vec![DirectoryChange::RemoveSession([1; 32])]))
        .await;
    assert_eq!(who(1, "01:30:00").await, None, "she has signed out");
    assert_eq!(who(2, "01:30:00").await, signed_in, "here only");
    assert_eq!(reader.password(&rita).await.unwrap(), None);
    for hash in ["$first", "$second"] {
        let change = DirectoryChange::PutPassword(rita.clone(), hash.to_owned());
        fresh.put(directory(vec![change, session(4)])).await;
        assert_eq!(reader.password(&rita).await.unwrap(), Some(hash.to_owned()));
        assert_eq!(who(2, "01:30:00").await, None, "a new password signs out");
        assert_eq!(who(4, "01:30:00").await, signed_in);
    }
    fresh
        .put(directory(vec![record(true), record(false)]))
        .await;
    assert_eq!(who(4, "01:30:00").await, None, "she was disabled");
}

pub async fn codes_live_until_used_or_expired(fresh: Fresh) {
    let purpose = CodePurpose {
        case: samples::id(1),
        holder: "fin".to_owned(),
        action: samples::name("pay"),
    };
    let code = |hash, expires: &str, tries| StoredCode {
        hash: [hash; 32],
        expires_at: at(expires),
        tries,
    };
    let change = |change| Batch {
        codes: vec![change],
        ..Batch::default()
    };
    let read = async || {
        let mut transaction = fresh.store.begin().await.unwrap();
        let code = transaction.code(&purpose).await.unwrap();
        transaction.rollback().await.unwrap();
        code
    };
    assert_eq!(read().await, None);
    fresh
        .write(change(CodeChange::Made(
            purpose.clone(),
            code(1, "01:10:00", 0),
        )))
        .await
        .unwrap();
    fresh
        .write(change(CodeChange::Tried(purpose.clone())))
        .await
        .unwrap();
    assert_eq!(read().await, Some(code(1, "01:10:00", 1)));
    fresh
        .write(change(CodeChange::Made(
            purpose.clone(),
            code(2, "01:20:00", 0),
        )))
        .await
        .unwrap();
    assert_eq!(read().await, Some(code(2, "01:20:00", 0)));
    fresh.clock.advance(chrono::TimeDelta::minutes(20));
    assert_eq!(read().await, None, "it has expired");
    fresh
        .write(change(CodeChange::Made(
            purpose.clone(),
            code(3, "01:30:00", 0),
        )))
        .await
        .unwrap();
    fresh
        .write(change(CodeChange::Gone(purpose.clone())))
        .await
        .unwrap();
    assert_eq!(read().await, None, "it was used");
}

pub async fn what_is_not_there_is_loaded_as_not_there(fresh: Fresh) {
    let fact = FactKey {
        kind: samples::name("partner"),
        subject: "acme".to_owned(),
    };
    let mut needs = Needs::default();
    needs.people.insert(PersonId::new("nobody"));
    needs.addresses.insert("nobody@example.com".to_owned());
    needs.groups.insert(GroupId::new("nobody"));
    needs.partners.insert(PartnerId::new("nobody"));
    needs.facts.insert(fact.clone());
    needs.lists.insert(samples::name("nothing"));
    needs.cases.insert(CaseId(Uuid::from_u128(1)));
    needs.load.insert(PersonId::new("nobody"));
    let inputs = load(&fresh, needs).await;
    assert_eq!(inputs.people["nobody"], None);
    assert_eq!(inputs.addresses["nobody@example.com"], None);
    assert!(inputs.groups["nobody"].is_empty());
    assert_eq!(inputs.partners["nobody"], None);
    assert_eq!(inputs.facts[&fact], None);
    assert!(inputs.lists["nothing"].entries.is_empty());
    assert!(inputs.cases[&CaseId(Uuid::from_u128(1))].is_none());
    assert_eq!(inputs.load["nobody"], 0);
}

//! The demo's people, partners and services.

use countersign_core::{
    case::{GroupId, Partner, PartnerId, PersonId, ServiceId, Values},
    context::FactKey,
    name::Name,
    text::Language,
};
use countersign_engine::{
    Engine, Error, NewToken,
    ports::{
        directory::{DirectoryChange, PersonRecord, TokenHolder},
        store::Right,
    },
};
use serde::Serialize;

/// Somebody of the demo.
#[derive(Debug, Clone, Copy)]
pub struct DemoPerson {
    /// The id, which is also the beginning of the address.
    pub id: &'static str,
    /// The name.
    pub name: &'static str,
    /// What they read.
    pub language: Language,
    /// Their organisation.
    pub partner: Option<&'static str>,
    /// Their groups.
    pub groups: &'static [&'static str],
}

const fn of_partner(
    id: &'static str,
    name: &'static str,
    partner: &'static str,
    groups: &'static [&'static str],
) -> DemoPerson {
    DemoPerson {
        id,
        name,
        language: Language::En,
        partner: Some(partner),
        groups,
    }
}

const fn of_vendor(
    id: &'static str,
    name: &'static str,
    groups: &'static [&'static str],
) -> DemoPerson {
    DemoPerson {
        id,
        name,
        language: Language::En,
        partner: None,
        groups,
    }
}

/// Everybody of the demo.
pub const PEOPLE: [DemoPerson; 24] = [
    of_partner("pat", "Pat", "acme", &["partner_users"]),
    of_partner("paul", "Paul", "acme", &["partner_users"]),
    of_partner("nina", "Nina", "nordwind", &["partner_users"]),
    of_vendor("rita", "Rita", &["deal_reviewers"]),
    of_vendor("lena", "Lena", &["deal_reviewers"]),
    of_vendor("omar", "Omar", &["deal_reviewers", "acceptance_reviewers"]),
    of_vendor("amy", "Amy", &["acceptance_reviewers"]),
    of_vendor("ed", "Ed", &["sow_experts"]),
    of_vendor("eva", "Eva", &["sow_experts"]),
    of_vendor("eli", "Eli", &["sow_experts"]),
    of_vendor("mia", "Mia", &["sow_managers"]),
    DemoPerson {
        id: "wei",
        name: "魏",
        language: Language::Zh,
        partner: None,
        groups: &["psa"],
    },
    of_vendor("ivy", "Ivy", &["incentive_reviewers"]),
    of_vendor("fin", "Fin", &["finance"]),
    of_vendor("fay", "Fay", &["finance"]),
    of_vendor("ada", "Ada", &["administrators"]),
    of_vendor("otto", "Otto", &["operators"]),
    // The fuller processes of `workflows/programme`.
    of_partner(
        "peg",
        "Peg",
        "acme",
        &[
            "partner_users",
            "partner_administrators",
            "fund_managers",
            "customer_creators",
        ],
    ),
    of_vendor("cora", "Cora", &["customers"]),
    of_vendor(
        "bo",
        "Bo",
        &["business_staff", "operations", "representative_office"],
    ),
    of_vendor("bud", "Bud", &["business_developers"]),
    of_vendor("ema", "Ema", &["ecosystem_managers", "account_managers"]),
    of_vendor(
        "theo",
        "Theo",
        &[
            "case_reviewers",
            "identity_reviewers",
            "label_reviewers",
            "project_reviewers",
            "solution_reviewers",
            "technical_reviewers",
        ],
    ),
    of_vendor(
        "vera",
        "Vera",
        &[
            "certification_panel",
            "role_certifiers",
            "solution_certifiers",
            "value_experts",
        ],
    ),
];

/// The services of the demo.
pub const SERVICES: [&str; 1] = ["erp"];

/// What the host system says of a partner.
pub(super) type Facts = &'static [(&'static str, bool)];

/// The partners of the demo, and what the host system says of them: that their commercial information is certified,
/// and which programmes they have joined.
pub(super) const PARTNERS: [(&str, &str, Facts); 2] = [
    (
        "acme",
        "Acme Ltd",
        &[
            ("commercial_certified", true),
            ("migration_programme", true),
            ("co_expansion_programme", true),
            ("staff_programme", true),
            ("software_path", true),
            ("bills_overdue", false),
        ],
    ),
    (
        "nordwind",
        "Nordwind GmbH",
        &[("commercial_certified", false)],
    ),
];

/// What the demo says of itself when it is ready.
#[derive(Debug, Serialize)]
pub struct Shown {
    /// Where it is reached.
    pub url: String,
    /// Where the mails are.
    pub mailbox: String,
    /// Everybody.
    pub people: Vec<ShownPerson>,
    /// Every service.
    pub services: Vec<ShownService>,
}

/// Somebody with a token.
#[derive(Debug, Serialize)]
pub struct ShownPerson {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// What they read.
    pub language: Language,
    /// Their organisation.
    pub partner: Option<String>,
    /// Their groups.
    pub groups: Vec<String>,
    /// Opens the API.
    pub token: String,
    /// Opens the pages.
    pub sign_in: String,
}

/// A service with a token.
#[derive(Debug, Serialize)]
pub struct ShownService {
    /// The id.
    pub id: String,
    /// Opens the API.
    pub token: String,
}

/// Puts everybody into the directory, each with a new token.
pub async fn seed(engine: &Engine, url: &str) -> Result<Shown, Error> {
    let mut changes = Vec::new();
    for (id, name, facts) in PARTNERS {
        changes.push(DirectoryChange::PutPartner(Partner {
            id: PartnerId::new(id),
            name: name.to_owned(),
        }));
        let facts: Values = facts
            .iter()
            .map(|(fact, holds)| ((*fact).to_owned(), (*holds).into()))
            .collect();
        let kind = Name::parse("partner").expect("a name");
        let key = FactKey {
            kind,
            subject: id.to_owned(),
        };
        // What somebody has set in an earlier run of this folder stays.
        if engine.reader().fact(&key).await?.is_none() {
            changes.push(DirectoryChange::PutFact(key, facts));
        }
    }
    let people = PEOPLE.map(|person| add(engine, person, url, &mut changes));
    let services = SERVICES.map(|id| {
        let rights = vec![Right::Facts, Right::Signals, Right::Directory];
        let made = NewToken::make(
            TokenHolder::Service {
                id: ServiceId::new(id),
                rights,
            },
            engine.now(),
            None,
        );
        changes.push(DirectoryChange::PutToken(made.record));
        ShownService {
            id: id.to_owned(),
            token: made.token,
        }
    });
    engine.seed_directory(changes).await?;
    Ok(Shown {
        url: url.to_owned(),
        mailbox: format!("{url}/mailbox"),
        people: people.into(),
        services: services.into(),
    })
}

fn add(
    engine: &Engine,
    person: DemoPerson,
    url: &str,
    changes: &mut Vec<DirectoryChange>,
) -> ShownPerson {
    let id = PersonId::new(person.id);
    let email = format!("{}@example.com", person.id);
    changes.push(DirectoryChange::PutPerson(PersonRecord {
        id: id.clone(),
        name: person.name.to_owned(),
        email: email.clone(),
        language: person.language,
        timezone: None,
        partner: person.partner.map(PartnerId::new),
        attributes: Values::new(),
        disabled: false,
    }));
    for group in person.groups {
        changes.push(DirectoryChange::PutMember(GroupId::new(*group), id.clone()));
    }
    let made = NewToken::make(TokenHolder::Person(id), engine.now(), None);
    changes.push(DirectoryChange::PutToken(made.record));
    ShownPerson {
        id: person.id.to_owned(),
        name: person.name.to_owned(),
        email,
        language: person.language,
        partner: person.partner.map(ToOwned::to_owned),
        groups: person
            .groups
            .iter()
            .map(|group| (*group).to_owned())
            .collect(),
        sign_in: format!("{url}/sign-in/{}", made.token),
        token: made.token,
    }
}

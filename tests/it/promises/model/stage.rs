//! A world and an engine over a fresh store with the same people, workflows and lists, at the same moment.

use std::{
    path::Path,
    sync::{Arc, LazyLock},
};

use countersign_cli::shipped;
use countersign_core::{
    case::{GroupId, MailHabits, Partner, PartnerId, Person, PersonId, Values},
    context::FactKey,
    name::Name,
    text::Language,
    workflow::Workflow,
    world::World,
};
use countersign_engine::{
    Engine, HookForms, Ports, Publication,
    ports::{
        VirtualClock,
        directory::{DirectoryChange, PersonRecord},
        store::PublishedWorkflow,
    },
};
use countersign_language::{Published, ReferenceList, check_files};
use countersign_store::{
    SqlStore,
    materials::{self, Place},
    postgres, sqlite,
};
use countersign_tests::{MONDAY, postgres::database};
use serde_json::json;

/// Of each person the groups and the partner.
const PEOPLE: [(&str, &[&str], Option<&str>); 11] = [
    (
        "pat",
        &["partner_users", "partner_administrators"],
        Some("acme"),
    ),
    ("ann", &["partner_users"], Some("acme")),
    (
        "kim",
        &["partner_users", "partner_administrators"],
        Some("other"),
    ),
    (
        "rita",
        &[
            "deal_reviewers",
            "incentive_reviewers",
            "ecosystem_managers",
        ],
        None,
    ),
    ("omar", &["deal_reviewers", "acceptance_reviewers"], None),
    (
        "amy",
        &["acceptance_reviewers", "psa", "solution_certifiers"],
        None,
    ),
    ("eva", &["sow_experts"], None),
    // Three experts for three places: there is nothing to draw.
    ("ewan", &["sow_experts", "sow_managers"], None),
    ("eli", &["sow_experts"], None),
    ("bo", &["business_staff", "incentive_reviewers"], None),
    ("ola", &["operators", "sow_managers"], None),
];

/// Partners that may have solutions certified.
const ON_THE_PATH: [&str; 1] = ["acme"];

/// Both, before anything has happened.
pub(super) struct Stage {
    pub(super) world: World,
    pub(super) engine: Arc<Engine>,
    pub(super) clock: Arc<VirtualClock>,
}

impl Stage {
    pub(super) async fn on_sqlite(workflow: &str, folder: &Path) -> Self {
        let clock = clock();
        let file = folder.join("countersign.db");
        let store = sqlite::open(&file, clock.clone()).await;
        Self::on(store.expect("a fresh store"), clock, workflow, folder).await
    }

    pub(super) async fn on_postgresql(server: &str, workflow: &str, folder: &Path) -> Self {
        let clock = clock();
        let url = database(server).await;
        let store = postgres::open(&url, clock.clone()).await;
        Self::on(store.expect("a fresh store"), clock, workflow, folder).await
    }

    async fn on(store: SqlStore, clock: Arc<VirtualClock>, workflow: &str, folder: &Path) -> Self {
        let place = Place::Folder(folder.join("materials"));
        let materials = materials::open(&place, clock.clone()).await;
        let ports = Ports {
            store: Arc::new(store),
            materials: Arc::new(materials.expect("a folder")),
            clock: clock.clone(),
            hook_forms: HookForms::All,
        };
        let (engine, _) = Engine::start(ports, &[7; 32]).expect("the key is long enough");
        let mut world = World::new(MONDAY.parse().expect("a time"));
        let publication = publish(&mut world, workflow);
        let published = engine.publish_by_itself(publication).await;
        published.expect("a shipped workflow is published");
        let seeded = engine.seed_directory(people(&mut world)).await;
        seeded.expect("people are kept");
        Self {
            world,
            engine,
            clock,
        }
    }
}

fn clock() -> Arc<VirtualClock> {
    Arc::new(VirtualClock::stopped_at(MONDAY.parse().expect("a time")))
}

/// A workflow as it is kept, and as it is carried out.
type Shipped = (PublishedWorkflow, Arc<Workflow>);

/// The shipped workflows, checked once for all stories, and their lists.
static SHIPPED: LazyLock<(Vec<Shipped>, Vec<ReferenceList>)> = LazyLock::new(|| {
    let checked = check_files(&shipped());
    let texts = checked.published.into_iter().map(kept);
    let mut lists = checked.lists;
    lists.retain(|list| list.path.starts_with("lists/"));
    (texts.zip(checked.workflows).collect(), lists)
});

fn publish(world: &mut World, id: &str) -> Publication {
    let (workflows, lists) = &*SHIPPED;
    let workflow = workflows.iter().find(|(_, workflow)| workflow.id == *id);
    let workflow = workflow.expect("it is shipped").clone();
    world.publish(workflow.1.clone());
    for list in lists {
        world.put_list(&list.name, list.entries.values().cloned());
    }
    let lists = lists.iter().cloned();
    Publication {
        workflows: vec![workflow],
        lists: lists.map(|list| (list.name, list.entries)).collect(),
    }
}

fn kept(published: Published) -> PublishedWorkflow {
    let own = (published.path.clone(), published.text);
    PublishedWorkflow {
        id: published.id,
        version: published.version,
        path: published.path,
        files: published.parts.into_iter().chain([own]).collect(),
        sha256: published.sha256,
    }
}

/// Puts people, partners and facts into the world, and tells how they come into the engine.
fn people(world: &mut World) -> Vec<DirectoryChange> {
    let mut changes = Vec::new();
    for id in ["acme", "other"] {
        let partner = Partner {
            id: PartnerId::new(id),
            name: id.to_owned(),
        };
        world.put_partner(partner.clone());
        changes.push(DirectoryChange::PutPartner(partner));
    }
    let kind = Name::parse("partner").expect("a name");
    for id in ON_THE_PATH {
        let subject = id.to_owned();
        world.set_fact(&kind, id, "software_path", json!(true));
        let values = Values::from_iter([("software_path".to_owned(), json!(true))]);
        let kind = kind.clone();
        changes.push(DirectoryChange::PutFact(FactKey { kind, subject }, values));
    }
    for (id, groups, partner) in PEOPLE {
        let person = person(id, groups, partner);
        changes.push(DirectoryChange::PutPerson(PersonRecord {
            id: person.id.clone(),
            name: person.name.clone(),
            email: person.email.clone(),
            language: person.language,
            timezone: person.timezone.clone(),
            partner: person.partner.clone(),
            attributes: person.attributes.clone(),
            disabled: person.disabled,
        }));
        let groups = person.groups.iter().cloned();
        changes.extend(groups.map(|group| DirectoryChange::PutMember(group, person.id.clone())));
        world.put_person(person);
    }
    changes
}

fn person(id: &str, groups: &[&str], partner: Option<&str>) -> Person {
    Person {
        id: PersonId::new(id),
        name: id.to_owned(),
        email: format!("{id}@example.com"),
        language: Language::En,
        timezone: None,
        partner: partner.map(PartnerId::new),
        groups: groups.iter().map(|group| GroupId::new(*group)).collect(),
        attributes: Values::default(),
        away: None,
        stands_in: Vec::new(),
        mail: MailHabits::default(),
        disabled: false,
    }
}

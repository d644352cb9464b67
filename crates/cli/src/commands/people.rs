//! `people add`: a person, straight in the database while no server runs.

use countersign_core::{
    case::{GroupId, PartnerId, PersonId, Values},
    text::Language,
};
use countersign_engine::{
    ADMINISTRATORS, Engine,
    ports::directory::{DirectoryChange, PersonRecord},
};

use crate::{
    args::{AddPerson, People, PeopleCommand, Serve, Tongue},
    commands::tokens::with_engine,
    output,
    run::{Ended, Stopped},
};

/// Runs a command on people.
pub async fn run(arguments: People) -> Result<Ended, Stopped> {
    let PeopleCommand::Add(person) = arguments.command;
    let serve = Serve {
        config: person.config.clone(),
    };
    let id = person.id.clone();
    with_engine(&serve, async |engine: &Engine| {
        engine
            .seed_directory(changes(&person))
            .await
            .map_err(Stopped::new)
    })
    .await?;
    output::line(format_args!("{id} is in the directory"));
    Ok(Ended::Well)
}

fn changes(person: &AddPerson) -> Vec<DirectoryChange> {
    let id = PersonId::new(&person.id);
    let record = PersonRecord {
        id: id.clone(),
        name: person.name.clone(),
        email: person.email.clone(),
        language: match person.language {
            Tongue::En => Language::En,
            Tongue::Zh => Language::Zh,
        },
        timezone: None,
        partner: person.partner.as_ref().map(PartnerId::new),
        attributes: Values::new(),
        disabled: false,
    };
    let administers = person.admin.then(|| ADMINISTRATORS.to_owned());
    let groups = person.groups.iter().cloned().chain(administers);
    let members = groups.map(|group| DirectoryChange::PutMember(GroupId::new(group), id.clone()));
    std::iter::once(DirectoryChange::PutPerson(record))
        .chain(members)
        .collect()
}

//! `people add` and `people password`: straight in the database while no server runs.

use countersign_core::{
    case::{GroupId, PartnerId, PersonId, Values},
    text::Language,
};
use countersign_engine::{
    ADMINISTRATORS, Engine, Error,
    ports::directory::{DirectoryChange, PersonRecord},
};

use crate::{
    args::{AddPerson, CreateToken, People, PeopleCommand, Serve, Tongue},
    commands::tokens::with_engine,
    output,
    run::{Ended, Stopped},
};

/// Runs a command on people.
pub async fn run(arguments: People) -> Result<Ended, Stopped> {
    match arguments.command {
        PeopleCommand::Add(person) => add(&person).await,
        PeopleCommand::Password(of) => password(of).await,
    }
}

async fn add(person: &AddPerson) -> Result<Ended, Stopped> {
    let serve = Serve {
        config: person.config.clone(),
    };
    let id = person.id.clone();
    with_engine(&serve, async |engine: &Engine| {
        engine
            .seed_directory(changes(person))
            .await
            .map_err(Stopped::new)
    })
    .await?;
    output::line(format_args!("{id} is in the directory"));
    Ok(Ended::Well)
}

async fn password(of: CreateToken) -> Result<Ended, Stopped> {
    let serve = Serve { config: of.config };
    let url = super::serve::settings(&serve)?.server.public_url;
    let id = PersonId::new(&of.person);
    let link = with_engine(&serve, async |engine: &Engine| {
        engine
            .new_password_link(&id)
            .await
            .map_err(|error| match error {
                Error::NotFound => {
                    Stopped::new(format!("there is no person `{id}` who may sign in"))
                        .hint("add them first: `countersign people add`")
                }
                error => Stopped::new(error),
            })
    })
    .await?;
    let url = url.as_str().trim_end_matches('/');
    output::line(format_args!("{url}/password/{}", link.token));
    output::note("This link sets the password once, within two days. Give it to that person only.");
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

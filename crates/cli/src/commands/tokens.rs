//! `tokens create`: a token for a person, straight in the database: on a file while no server runs.

use std::sync::Arc;

use countersign_core::case::PersonId;
use countersign_engine::{
    Engine, HookForms, NewToken, Ports,
    ports::directory::{DirectoryChange, TokenHolder},
};

use crate::{
    args::{Serve, Tokens, TokensCommand},
    commands::serve::not_opened,
    key, output,
    run::{Ended, Stopped},
    service::{ServiceClock, StoreAt},
};

/// Runs a command on tokens.
pub async fn run(arguments: Tokens) -> Result<Ended, Stopped> {
    let TokensCommand::Create(create) = arguments.command;
    let serve = Serve {
        config: create.config,
    };
    let token = with_engine(&serve, async |engine: &Engine| {
        let id = PersonId::new(&create.person);
        let known = engine.reader().person(&id).await.map_err(Stopped::new)?;
        if known.is_none() {
            return Err(Stopped::new(format!("there is no person `{id}`"))
                .hint("add them first: `countersign people add`"));
        }
        let made = NewToken::make(TokenHolder::Person(id), engine.now(), None);
        engine
            .seed_directory(vec![DirectoryChange::PutToken(made.record)])
            .await
            .map_err(Stopped::new)?;
        Ok(made.token)
    })
    .await?;
    output::line(token);
    output::note("This token is shown once. Keep it safe.");
    Ok(Ended::Well)
}

/// Works with an engine on the settings' database: on a file while no server runs on it, on PostgreSQL at any time.
pub async fn with_engine<T>(
    serve: &Serve,
    work: impl AsyncFnOnce(&Engine) -> Result<T, Stopped>,
) -> Result<T, Stopped> {
    let settings = super::serve::settings(serve)?;
    let (store, clock) = StoreAt::of(&settings.database)
        .open(&ServiceClock::System)
        .await
        .map_err(|error| not_opened(&error))?;
    let store = Arc::new(store);
    let place = super::serve::materials_at(&settings.materials);
    let materials = countersign_store::materials::at(&place, clock.clone())
        .map_err(|error| not_opened(&error))?;
    let ports = Ports {
        store: store.clone(),
        materials: Arc::new(materials),
        clock,
        hook_forms: HookForms::All,
    };
    let key = key::read_or_make(&settings.server.key_file)?;
    let (engine, lane) = Engine::start(ports, &key).map_err(Stopped::new)?;
    let result = work(&engine).await;
    drop(engine);
    lane.await.map_err(Stopped::new)?;
    store.close().await.map_err(|error| Stopped::by(&error))?;
    result
}

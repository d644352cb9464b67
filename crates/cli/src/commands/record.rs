//! `record`: a real case as a scenario test, read from the database beside a server that runs.

use std::sync::Arc;

use countersign_engine::{RecordError, Registry, ports::store::CaseAddress, record_case};

use crate::{
    args::{Record, Serve},
    commands::serve::{not_opened, settings},
    output,
    run::{Ended, Stopped},
    service::StoreAt,
    workflows::compile_stored,
};

/// Prints the case as a test file.
pub async fn run(arguments: Record) -> Result<Ended, Stopped> {
    let settings = settings(&Serve {
        config: arguments.config,
    })?;
    let reader = StoreAt::of(&settings.database)
        .look()
        .await
        .map_err(|error| not_opened(&error))?;
    let registry = Registry::default();
    for stored in reader.workflows().await.map_err(Stopped::new)? {
        registry.add(Arc::new(compile_stored(&stored).map_err(Stopped::new)?));
    }
    let address = CaseAddress::parse(&arguments.case);
    let story = record_case(reader.as_ref(), &registry, &address)
        .await
        .map_err(|error| Stopped::by(&error).hint(hint(&error)))?;
    output::text(story);
    output::note("People are told by their ids. Read it before you pass it on.");
    Ok(Ended::Well)
}

/// What to do instead.
fn hint(error: &RecordError) -> &'static str {
    match error {
        RecordError::NotFound => {
            "give the number or the id of a case, as `GET /v1/cases` lists them"
        }
        RecordError::UnknownWorkflow(..) => "publish this version of the workflow, and try again",
        RecordError::Untellable(_) => "read its history: `GET /v1/cases/{case}/history`",
        RecordError::Store(_) => "see that the database of the settings can be read",
    }
}

//! `demo`: the whole product on embedded SQLite, with people, cases and a mailbox.

use std::path::Path;

use countersign_api::RateLimits;
use countersign_store::materials::Place;

use crate::{
    args::Demo,
    demo::{self, Shown},
    key, logs, output,
    run::{Ended, Stopped},
    service::{self, HookWay, MailWay, Service, ServiceClock, Setup, StoreAt},
    signals::Signals,
    workflows::Source,
};

/// Runs the demo until it is told to stop.
pub async fn run(arguments: Demo) -> Result<Ended, Stopped> {
    logs::quiet();
    let temporary;
    let dir = match &arguments.dir {
        Some(dir) => {
            std::fs::create_dir_all(dir)
                .map_err(|error| Stopped::new(format!("{}: {error}", dir.display())))?;
            dir.as_path()
        }
        None => {
            temporary = tempfile::tempdir()
                .map_err(|error| Stopped::new(format!("no temporary folder: {error}")))?;
            temporary.path()
        }
    };
    let mut signals = Signals::listen()?;
    let fresh = !dir.join("countersign.db").exists();
    let service = Service::start(setup(&arguments, dir)?)
        .await
        .map_err(|error| super::serve::not_started(&error))?;
    let shown = demo::seed(service.engine(), service.url())
        .await
        .map_err(Stopped::new)?;
    if fresh && !arguments.empty {
        demo::open_cases(service.engine())
            .await
            .map_err(Stopped::new)?;
    }
    show(&shown, arguments.json)?;
    // A terminal that is closed (SIGHUP) ends it too.
    signals.next().await;
    service.stop().await;
    Ok(Ended::Well)
}

fn setup(arguments: &Demo, dir: &Path) -> Result<Setup, Stopped> {
    let remembered = dir.join("clock");
    Ok(Setup {
        listen: arguments.listen,
        public_url: None,
        key: key::read_or_make(&dir.join("countersign.key"))?,
        database: StoreAt::File(dir.join("countersign.db")),
        materials: Place::Folder(dir.join("materials")),
        workflows: Source::Shipped,
        mail: MailWay::Memory,
        from: "Countersign <countersign@example.com>".to_owned(),
        hooks: HookWay::Demo,
        clock: ServiceClock::Movable(service::remembered(&remembered), Some(remembered)),
        rate_limits: RateLimits::default(),
        metrics: None,
        provider: None,
    })
}

fn show(shown: &Shown, as_json: bool) -> Result<(), Stopped> {
    if as_json {
        output::announce(serde_json::to_string(shown).map_err(Stopped::new)?);
        return Ok(());
    }
    output::announce(format_args!("Countersign is ready at {}\n", shown.url));
    output::announce(format_args!(
        "{:6} {:12} {:42} token",
        "who", "partner", "groups"
    ));
    for person in &shown.people {
        let partner = person.partner.as_deref().unwrap_or("–");
        output::announce(format_args!(
            "{:6} {partner:12} {:42} {}",
            person.id,
            person.groups.join(", "),
            person.token
        ));
    }
    for service in &shown.services {
        output::announce(format_args!(
            "{:6} {:12} {:42} {}",
            service.id, "–", "(service: facts, signals, directory)", service.token
        ));
    }
    output::announce(format_args!(
        "\nMails      GET {0}/v1/mailbox?to=rita@example.com\nTime       POST {0}/v1/clock  {{\"advance\": \"7 days\"}}\nAPI        {0}/openapi.json\nStop       Ctrl-C",
        shown.url
    ));
    Ok(())
}

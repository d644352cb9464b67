//! Starting: one server a database file, and no server on broken workflow files.

use std::path::Path;

use countersign_cli::{
    HookWay, MailWay, RateLimits, Service, ServiceClock, Setup, Source, StoreAt,
};
use countersign_store::materials::Place;

fn setup(folder: &Path, workflows: Source) -> Setup {
    Setup {
        listen: "127.0.0.1:0".parse().expect("an address"),
        public_url: None,
        key: vec![7; 32],
        database: StoreAt::File(folder.join("countersign.db")),
        materials: Place::Folder(folder.join("materials")),
        workflows,
        mail: MailWay::Memory,
        from: "countersign@example.com".to_owned(),
        hooks: HookWay::Taken,
        clock: ServiceClock::System,
        rate_limits: RateLimits::default(),
        metrics: None,
        provider: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_server_on_the_same_file_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let first = Service::start(setup(folder.path(), Source::Shipped)).await;
    let first = first.expect("the first starts");
    let second = Service::start(setup(folder.path(), Source::Shipped)).await;
    let error = second.err().expect("the second is refused").to_string();
    assert!(
        error.contains("countersign.db"),
        "it names the file: {error}"
    );
    first.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_workflow_file_is_refused_with_its_place() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text =
        "workflow: small\nversion: 1\ntitle: { en: Small, zh: 小 }\nopne: { who: nobody, to: a }\n";
    let source = Source::Texts(vec![("small.yaml".to_owned(), text.to_owned())]);
    let error = Service::start(setup(folder.path(), source))
        .await
        .err()
        .expect("it is refused")
        .to_string();
    assert!(error.contains("small.yaml:4:1"), "{error}");
    assert!(error.contains("E101") && error.contains("open"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_published_version_with_other_content_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let workflows = folder.path().join("workflows");
    copy_shipped(&workflows);
    let first = setup(folder.path(), Source::Folder(workflows.clone()));
    Service::start(first).await.expect("it starts").stop().await;

    let file = workflows.join("invitation.yaml");
    let text = std::fs::read_to_string(&file).expect("a shipped workflow");
    std::fs::write(&file, text.replace("after: 7 days", "after: 8 days"))
        .expect("it can be changed");
    let second = Service::start(setup(folder.path(), Source::Folder(workflows))).await;
    let error = second.err().expect("it is refused").to_string();
    assert!(
        error.contains("invitation.yaml") && error.contains("raise `version`"),
        "{error}"
    );
}

fn copy_shipped(to: &Path) {
    fn copy(from: &Path, to: &Path) {
        std::fs::create_dir_all(to).expect("a folder");
        for entry in std::fs::read_dir(from).expect("a folder") {
            let entry = entry.expect("an entry");
            let target = to.join(entry.file_name());
            if entry.path().is_dir() {
                copy(&entry.path(), &target);
            } else {
                std::fs::copy(entry.path(), target).expect("a file");
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests are a folder of the repository");
    copy(&root.join("workflows"), to);
}

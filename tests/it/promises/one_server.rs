//! Starting: one server a database file, and no server on broken workflow files.

use countersign_cli::{HookWay, MailWay, Service, ServiceClock, Setup, Source};
use countersign_tests::Product;

fn setup(folder: &std::path::Path, workflows: Source) -> Setup {
    Setup {
        listen: "127.0.0.1:0".parse().expect("an address"),
        public_url: None,
        key: vec![7; 32],
        database: folder.join("countersign.db"),
        materials: folder.join("materials"),
        workflows,
        mail: MailWay::Memory,
        from: "countersign@example.com".to_owned(),
        hooks: HookWay::Taken,
        clock: ServiceClock::System,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_server_on_the_same_file_is_refused() {
    let product = Product::start().await;
    let second = Service::start(setup(product.folder(), Source::Shipped)).await;
    let error = second.err().expect("the second is refused").to_string();
    assert!(
        error.contains("countersign.db"),
        "it names the file: {error}"
    );
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
    let shipped: Vec<(String, String)> = countersign_cli::shipped()
        .texts()
        .filter(|(path, _)| !path.contains(".test."))
        .map(|(path, text)| (path.to_owned(), text.to_string()))
        .collect();
    let first = Service::start(setup(folder.path(), Source::Texts(shipped.clone())))
        .await
        .expect("it starts");
    first.stop().await;
    let changed = shipped
        .into_iter()
        .map(|(path, text)| {
            let text = if path == "invitation.yaml" {
                text.replace("after: 7 days", "after: 8 days")
            } else {
                text
            };
            (path, text)
        })
        .collect();
    let second = Service::start(setup(folder.path(), Source::Texts(changed))).await;
    let error = second.err().expect("it is refused").to_string();
    assert!(
        error.contains("invitation.yaml") && error.contains("raise `version`"),
        "{error}"
    );
}

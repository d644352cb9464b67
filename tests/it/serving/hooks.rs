//! Hooks as operators set them up: a receiver whose calls are not encrypted is warned of when the server starts.

use countersign_tests::Site;

const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

#[tokio::test(flavor = "multi_thread")]
async fn calls_that_are_not_encrypted_are_warned_of() {
    let site = Site::shipped()
        .with("log.format", "json")
        .with("hooks.add_member.url", "http://127.0.0.1:9/members")
        .with("hooks.add_member.secret", SECRET)
        .with("hooks.pay_partner.url", "https://127.0.0.1:9/pay")
        .with("hooks.pay_partner.secret", SECRET)
        .with("hooks.allow_private_addresses", true);
    let server = site.serve();
    let warned = "calls of this hook are signed but not encrypted";
    let entry = server.logs(warned, 0).await;
    assert_eq!(
        (&entry["level"], &entry["hook"]),
        (&"WARN".into(), &"add_member".into())
    );
    let all = server.log().into_iter();
    let all = all.filter(|entry| {
        entry["message"]
            .as_str()
            .is_some_and(|said| said.starts_with(warned))
    });
    assert_eq!(all.count(), 1, "https is not warned of");
}

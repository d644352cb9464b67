//! What settings mean and what is said about wrong ones, over real files.

use super::*;
use crate::{materials::folder, sections::database_kind};
use std::{env, fs, process};

const KEY: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Loads a file with this text under these variables; the file is called `settings.toml` in what is answered.
fn load(text: &str, variables: &[(&str, &str)]) -> Result<Settings, String> {
    let thread = format!("{:?}", std::thread::current().id());
    let number = thread
        .chars()
        .filter(char::is_ascii_digit)
        .collect::<String>();
    let path = env::temp_dir().join(format!(
        "countersign-config-{}-{number}.toml",
        process::id()
    ));
    fs::write(&path, text).expect("the temporary folder can be written");
    let variables = variables
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let loaded = Settings::load(Some(&path), variables);
    fs::remove_file(&path).expect("written above");
    let plain = |error: Error| {
        error
            .to_string()
            .replace(&path.display().to_string(), "settings.toml")
    };
    loaded.map_err(plain)
}

#[test]
fn the_defaults_are_whole() {
    let settings = Settings::load(None, []).expect("the defaults are right");
    assert_eq!(settings.server.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(
        settings.database.kind,
        DatabaseKind::Sqlite {
            file: "countersign.db".into()
        }
    );
    assert!(matches!(
        settings.materials,
        Materials::Folder(folder) if folder == Path::new("materials")
    ));
    assert!(matches!(
        settings.mail.transport,
        MailTransport::Smtp { .. }
    ));
    assert_eq!(settings.log.format, LogFormat::Text);
    assert!(settings.hooks.named.is_empty() && !settings.hooks.allow_private_addresses);
}

#[test]
fn each_default_is_explained() {
    let lines: Vec<&str> = DEFAULTS.lines().collect();
    for pair in lines.windows(2) {
        if pair[1].contains(" = ") && !pair[1].starts_with('#') {
            assert!(pair[0].starts_with("# "), "{} has no sentence", pair[1]);
        }
    }
}

#[test]
fn a_variable_lies_over_the_file_over_the_defaults() {
    let file = "[server]\nlisten = \"0.0.0.0:1\"\n[log]\nformat = \"json\"\n";
    let settings = load(
        file,
        &[("COUNTERSIGN__SERVER__LISTEN", "[::1]:2"), ("OTHER", "x")],
    )
    .expect("all is right");
    assert_eq!(settings.server.listen.to_string(), "[::1]:2");
    assert_eq!(settings.log.format, LogFormat::Json);
    assert_eq!(settings.workflows.dir, Path::new("workflows"));
}

#[test]
fn a_hook_may_lead_elsewhere_for_a_partner() {
    let file = format!(
        "[hooks.tell]\nurl = \"https://erp.example.com/x\"\nsecret = \"{KEY}\"\n\
         [hooks.tell.partners.acme]\nurl = \"https://acme.example.com/y\"\nsecret = \"{KEY}\"\n"
    );
    let settings = load(&file, &[]).expect("all is right");
    let hook = &settings.hooks.named["tell"];
    let acme = &hook.partners["acme"];
    assert_eq!(acme.url.as_str(), "https://acme.example.com/y");
    assert_eq!((hook.partners.len(), acme.secret.expose()), (1, KEY));
    let half = "[hooks.tell.partners.acme]\nurl = \"https://acme.example.com/y\"\n";
    let told = load(half, &[]).expect_err("three are missing");
    for missing in ["tell.url", "tell.secret", "tell.partners.acme.secret"] {
        assert!(
            told.contains(&format!("`hooks.{missing}` is missing")),
            "{told}"
        );
    }
}

#[test]
fn a_hook_may_be_put_together_from_two_layers() {
    let file = "[hooks]\nallow_private_addresses = true\n[hooks.pay_partner]\nurl = \"https://erp.example.com/x\"\n";
    let variables = [
        ("COUNTERSIGN__HOOKS__PAY_PARTNER__SECRET", KEY),
        ("COUNTERSIGN__HOOKS__PAY_PARTNER__FORMS", "payment, sow"),
    ];
    let settings = load(file, &variables).expect("all is right");
    let hook = &settings.hooks.named["pay_partner"];
    assert_eq!(hook.url.as_str(), "https://erp.example.com/x");
    assert_eq!(hook.secret.expose(), KEY);
    assert_eq!(hook.forms, ["payment", "sow"]);
    assert!(settings.hooks.allow_private_addresses);
    assert!(
        !format!("{settings:?}").contains(KEY),
        "secrets are not printed"
    );
}

#[test]
fn databases_and_folders_are_understood() {
    let sqlite = |file: &str| Some(DatabaseKind::Sqlite { file: file.into() });
    let cases = [
        ("sqlite:a.db", sqlite("a.db")),
        ("sqlite:///var/a.db?mode=rwc", sqlite("/var/a.db")),
        ("sqlite::memory:", None),
        ("sqlite:", None),
        (
            "postgres://user:password@host/database",
            Some(DatabaseKind::Postgres),
        ),
        ("postgresql://host/database", Some(DatabaseKind::Postgres)),
        ("mysql://host", None),
    ];
    for (text, kind) in cases {
        assert_eq!(database_kind(text), kind, "{text}");
    }
    assert_eq!(folder("file:///var/files"), Some("/var/files".into()));
    assert_eq!(folder("file:files"), Some("files".into()));
    assert_eq!(folder("s3://files"), None);
}

#[test]
fn each_fault_is_told_with_its_place_and_what_is_right() {
    let cases = [
        (
            "[server]\nlisen = \"x\"\n",
            "settings.toml:2:1: `server.lisen` is not a setting; did you mean `server.listen`?",
        ),
        (
            "[mial]\nfrom = \"x\"\n",
            "settings.toml:1:2: `mial` is not a setting; did you mean `mail`?",
        ),
        (
            "colour = 1\n",
            "settings.toml:1:1: `colour` is not a setting",
        ),
        (
            "server = 1\n",
            "settings.toml:1:10: `server` is a section of settings, not a setting: write `[server]`",
        ),
        (
            "[server]\nlisten = 8080\n",
            "settings.toml:2:10: `server.listen` must be a text in quotes",
        ),
        (
            "# 端口\n[server]\nlisten = \"8080\"\n",
            "settings.toml:3:10: `server.listen` must be an address with a port, such as 127.0.0.1:8080, not `8080`",
        ),
        (
            "[log]\nformat = \"xml\"\n",
            "settings.toml:2:10: `log.format` must be `text` or `json`, not `xml`",
        ),
        (
            "[hooks]\nallow_private_addresses = \"yes\"\n",
            "settings.toml:2:27: `hooks.allow_private_addresses` must be `true` or `false`",
        ),
        (
            "[hooks.erp]\nurl = \"https://erp\"\n",
            "settings.toml:2:7: `hooks.erp.secret` is missing",
        ),
        (
            "[workflows]\ndir = \" \"\n",
            "settings.toml:2:7: `workflows.dir` must be a text that is not empty, not ` `",
        ),
        (
            "[log]\nformat = \"text\"\nformat = \"json\"\n",
            "settings.toml:3:1: not TOML: duplicate key",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(load(text, &[]).expect_err(text), expected);
    }
}

#[test]
fn a_wrong_variable_is_told_by_its_name() {
    let variables = [
        ("COUNTERSIGN__MAIL__FORM", "a@b"),
        ("COUNTERSIGN__SERVER__PUBLIC_URL", "approvals"),
    ];
    let told = load("", &variables).expect_err("both are wrong");
    assert_eq!(
        told,
        "COUNTERSIGN__MAIL__FORM: `mail.form` is not a setting; did you mean `mail.from`?\n\
         COUNTERSIGN__SERVER__PUBLIC_URL: `server.public_url` must be how people reach the server, such as \
         https://approvals.example.com, not `approvals`"
    );
}

#[test]
fn a_wrong_secret_is_not_repeated() {
    let file = "[database]\nurl = \"mysql://root:hunter2@db\"\n[mail]\nsmtp_url = \"http://root:hunter2@mail\"\n\
                [hooks.erp]\nurl = \"https://erp\"\nsecret = \"hunter2\"\n";
    let told = load(file, &[]).expect_err("three are wrong");
    assert_eq!(told.lines().count(), 3, "{told}");
    assert!(!told.contains("hunter2"), "{told}");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let told = Settings::load(Some(Path::new("/nowhere/settings.toml")), [])
        .expect_err("no such file")
        .to_string();
    assert_eq!(told, "cannot read the settings in /nowhere/settings.toml");
}

#[test]
fn a_level_that_is_none_would_silence_the_log_and_is_refused() {
    let level = |level: &str| load(&format!("[log]\nlevel = \"{level}\"\n"), &[]);
    for right in [
        "info",
        "WARN",
        "off",
        "info,countersign_store=debug",
        "warn, countersign_engine::lane=trace",
    ] {
        assert_eq!(level(right).expect(right).log.level, right);
    }
    for wrong in [
        "",
        "loud",
        "warning",
        "info,",
        "info,countersign_store",
        "store=much",
    ] {
        let told = level(wrong).expect_err(wrong);
        assert!(
            told.starts_with("settings.toml:2:9: `log.level` must be"),
            "{told}"
        );
    }
}

#[test]
fn rate_limits_are_numbers_and_proxies_networks() {
    let settings = Settings::load(None, []).expect("the defaults are right");
    assert_eq!(settings.server.rate_limits.links, 20);
    assert!(settings.server.trusted_proxies.is_empty());
    let file = "[server]\ntrusted_proxies = [\"10.0.0.0/8\", \"::1\"]\n[server.rate_limits]\ntoken = 0x10\n";
    let variables = [("COUNTERSIGN__SERVER__RATE_LIMITS__FAILURES", "7")];
    let server = load(file, &variables).expect("all is right").server;
    let proxies: Vec<String> = server
        .trusted_proxies
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(proxies, ["10.0.0.0/8", "::1/128"]);
    assert_eq!(
        (server.rate_limits.token, server.rate_limits.failures),
        (16, 7)
    );

    let file = "[server]\ntrusted_proxies = [\"nginx\"]\n[server.rate_limits]\ntoken = -1\nlinks = \"20\"\n";
    let told = load(file, &[]).expect_err("three faults");
    for fault in [
        "settings.toml:2:19: `server.trusted_proxies` must be a list of addresses or networks",
        "settings.toml:4:9: `server.rate_limits.token` must be a whole number",
        "settings.toml:5:9: `server.rate_limits.links` must be a whole number",
    ] {
        assert!(told.contains(fault), "{told}");
    }
}

#[test]
fn a_provider_is_off_until_its_issuer_is_set() {
    let none = load("[oidc]\npeople = \"email\"\n", &[]).expect("no provider");
    assert!(none.oidc.is_none());
    let text = "[oidc]\nissuer = \"https://id.example.com/realms/staff\"\nclient_id = \"countersign\"\npeople = \"email\"\n";
    let secret = [("COUNTERSIGN__OIDC__CLIENT_SECRET", "s3cret")];
    let oidc = load(text, &secret).expect("a provider").oidc;
    let oidc = oidc.expect("it is on");
    assert_eq!(oidc.issuer.as_str(), "https://id.example.com/realms/staff");
    assert_eq!(oidc.people, OidcPeople::Email);
    assert_eq!(oidc.scopes, ["email"]);
    assert!(oidc.client_secret.is_some() && oidc.audience.is_none() && oidc.title.is_none());
    assert!(!format!("{:?}", oidc.client_secret).contains("s3cret"));
    let wrong = "[oidc]\nissuer = \"id.example.com\"\npeople = \"name\"\n";
    let faults = load(wrong, &[]).expect_err("several faults");
    for part in ["oidc.issuer", "oidc.people", "client_id"] {
        assert!(faults.contains(part), "{part}: {faults}");
    }
}

#[test]
fn materials_may_lie_in_a_bucket() {
    let text = "[materials]\nurl = \"s3://files/countersign/\"\nregion = \"eu-central-1\"\nendpoint = \"https://s3.example.com\"\n\
                access_key_id = \"AKIA\"\n";
    let secret = [("COUNTERSIGN__MATERIALS__SECRET_ACCESS_KEY", "s3cret")];
    let Materials::Bucket(bucket) = load(text, &secret).expect("a bucket").materials else {
        panic!("a bucket was named");
    };
    assert_eq!(
        (bucket.name.as_str(), bucket.prefix.as_str()),
        ("files", "countersign")
    );
    assert_eq!(bucket.region.as_deref(), Some("eu-central-1"));
    assert!(!format!("{bucket:?}").contains("s3cret"));
    let alone = load("[materials]\nurl = \"s3://files\"\n", &[]).expect("the environment opens it");
    assert!(matches!(
        alone.materials,
        Materials::Bucket(Bucket { key: None, endpoint: None, prefix, .. }) if prefix.is_empty()
    ));
    for wrong in [
        "s3://",
        "s3://key:secret@files",
        "s3://files?x=y",
        "http://files",
    ] {
        let text = format!("[materials]\nurl = \"{wrong}\"\n");
        let faults = load(&text, &[]).expect_err(wrong);
        assert!(faults.contains("materials.url"), "{faults}");
    }
    let half = load(text, &[]).expect_err("a key without its secret");
    assert!(half.contains("secret_access_key"), "{half}");
}

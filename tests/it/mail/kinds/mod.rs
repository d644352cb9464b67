//! Every kind of mail that the product sends, in both languages: what each says is held by `en.txt` and `zh.txt` beside this
//! file, and how it looks is looked at in a browser, narrow and wide, light and dark.
//!
//! A mail of the product's own or a purpose that is new does not compile until its kinds are named here, and the test fails
//! until the stories send them. With `UPDATE_MAILS=1` the texts are written anew; with
//! `COUNTERSIGN_WRITE_PICTURES=FOLDER` pictures are written there (`cargo xtask pictures` does the latter).

mod told;

use std::{collections::BTreeSet, env, fmt::Write as _, fs, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use countersign_core::case::{OwnMail, Purpose};
use countersign_tests::{Browser, axe};

use told::{Told, told};

/// The kinds of a mail of the product's own: one for each thing that it may say.
fn of_own(mail: OwnMail) -> &'static [&'static str] {
    match mail {
        OwnMail::Settled => &[
            "settled",
            "settled-withdrawn",
            "settled-claimed",
            "settled-handed-over",
        ],
        OwnMail::HandedOn => &["handed-on"],
        OwnMail::GivenBack => &["given-back"],
        OwnMail::ClaimLost => &["claim-lapsed", "claim-ended"],
        OwnMail::ConfirmationCode => &["code"],
        OwnMail::Daily => &["daily"],
    }
}

/// The kinds of mails of workflows by what they are for: to reviewers, roles and addresses.
fn of_workflows(purpose: Purpose) -> &'static [&'static str] {
    match purpose {
        Purpose::Ask => &[
            "turn",
            "turn-again",
            "turn-of-substitute",
            "turn-of-role",
            "sent-back",
            "rejected",
            "invitation",
        ],
        Purpose::Remind => &["reminder", "reminder-to-applicant", "invitation-again"],
        Purpose::Tell => &["outcome", "escalation"],
        // Only the product says so by itself.
        Purpose::Settled | Purpose::Daily => &[],
    }
}

fn kinds() -> BTreeSet<&'static str> {
    let own = OwnMail::ALL.into_iter().flat_map(of_own);
    let purposes = [
        Purpose::Ask,
        Purpose::Remind,
        Purpose::Tell,
        Purpose::Settled,
        Purpose::Daily,
    ];
    own.chain(purposes.into_iter().flat_map(of_workflows))
        .copied()
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_mail_says_what_it_should_and_fits_any_window() {
    let browser = Browser::start(640).await;
    let axe = axe();
    let mut faults = Vec::new();
    for language in ["en", "zh"] {
        let mails = told(language).await;
        let sent: BTreeSet<&str> = mails.iter().map(|mail| mail.kind).collect();
        assert_eq!(sent, kinds(), "each kind is sent by a story, in {language}");
        assert_eq!(sent.len(), mails.len(), "each once");
        hold(language, &mails);
        if let Some(browser) = &browser {
            for mail in &mails {
                faults.extend(looked_at(browser, axe.as_deref(), language, mail).await);
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// Holds the texts to what they were.
fn hold(language: &str, mails: &[Told]) {
    let mut all = String::new();
    for mail in mails {
        let Told {
            kind,
            to,
            subject,
            text,
            ..
        } = mail;
        let _ = writeln!(
            all,
            "######## {kind}\nTo: {to}\nSubject: {subject}\n\n{text}"
        );
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("it/mail/kinds/{language}.txt"));
    if env::var_os("UPDATE_MAILS").is_some() {
        fs::write(&path, &all).expect("the texts are written");
    }
    let held = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        held == all,
        "{} says otherwise; look at `git diff` after UPDATE_MAILS=1:\n{all}",
        path.display()
    );
}

/// What axe wants of a page: the page is the mail program's, and a mail stands within it.
const OF_A_PAGE: [&str; 3] = ["landmark-one-main", "page-has-heading-one", "region"];

/// What is wrong with a mail in each look, of which pictures are written.
async fn looked_at(
    browser: &Browser,
    axe: Option<&str>,
    language: &str,
    mail: &Told,
) -> Vec<String> {
    let folder = env::var_os("COUNTERSIGN_WRITE_PICTURES");
    let page = format!("data:text/html;base64,{}", STANDARD.encode(&mail.html));
    let mut faults = Vec::new();
    for (width, scheme) in [(320, "light"), (320, "dark"), (640, "light"), (640, "dark")] {
        let at = format!("mail-{}-{width}-{language}-{scheme}", mail.kind);
        browser.resize(width).await;
        browser.paint(scheme).await;
        browser.open(&page).await;
        let over =
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        if browser.run(over).await != 0 {
            faults.push(format!("{at} is cut off"));
        }
        if let Some(axe) = axe {
            let mut found = browser.faults(axe).await;
            found.retain(|fault| !OF_A_PAGE.iter().any(|rule| fault.starts_with(rule)));
            faults.extend(found.into_iter().map(|fault| format!("{at}: {fault}")));
        }
        if let Some(folder) = &folder {
            let picture = STANDARD
                .decode(browser.picture().await)
                .expect("a picture in base64");
            let file = Path::new(folder).join(format!("{at}.png"));
            fs::write(file, picture).expect("the picture is written");
        }
    }
    faults
}

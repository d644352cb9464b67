//! A mail for the tests of transports.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use countersign_engine::{
    ConfirmationCodes, LinkTokens,
    ports::deliveries::{Addressee, Language, MailContent, Markdown, Purpose},
};
use uuid::Uuid;

use crate::{MailSettings, MailWriter, mail::OutgoingMail};

/// What a transport is given, of this delivery.
pub fn mail(id: Uuid) -> OutgoingMail {
    let settings = MailSettings::new("a@approve.example", "https://approve.example").unwrap();
    let writer = MailWriter::new(
        settings,
        LinkTokens::new(&[7; 32]).unwrap(),
        ConfirmationCodes::new(&[7; 32]).unwrap(),
    );
    let content = MailContent {
        to: Addressee {
            person: None,
            name: String::new(),
            email: "b@acme.example".to_owned(),
            language: Language::En,
            timezone: "UTC".to_owned(),
        },
        message: "m".to_owned(),
        subject: "s".to_owned(),
        body: Vec::new(),
        purpose: Purpose::Tell,
        lead: Markdown::default(),
        since: Vec::new(),
        otherwise: String::new(),
        facts: Vec::new(),
        answer_by: None,
        case_path: None,
        reason: String::new(),
        secret: false,
    };
    let now = "2026-11-23T01:00:00Z".parse().unwrap();
    writer.write(id, None, &content, now).unwrap()
}

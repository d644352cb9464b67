//! The MIME message: headers, the two alternatives, and a last look at the bytes that go on the wire.

use std::time::SystemTime;

use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue},
    },
};

use super::RenderedMail;
use crate::error::Unmailable;

/// A message ready to be sent, and what its receiver will see.
#[derive(Clone)]
pub struct OutgoingMail {
    /// What the receiver sees.
    pub rendered: RenderedMail,
    from: Address,
    to: Address,
    bytes: Vec<u8>,
}

impl OutgoingMail {
    /// The sender of the envelope.
    pub(crate) fn from(&self) -> &Address {
        &self.from
    }

    /// The receiver of the envelope.
    pub(crate) fn to(&self) -> &Address {
        &self.to
    }

    /// The message as it goes over the wire: 7-bit, lines ended by CR LF, dots not yet doubled.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// What a message's head says beside its mail.
pub(super) struct Heads<'a> {
    /// The id that all mails of one case answer to.
    pub thread: Option<String>,
    /// Where one is told to send no more of these.
    pub unsubscribe: Option<String>,
    /// What it is written in.
    pub language: &'a str,
}

/// Puts the message together.
pub(super) fn build(
    rendered: RenderedMail,
    from: &Mailbox,
    to: Mailbox,
    heads: Heads<'_>,
) -> Result<OutgoingMail, Unmailable> {
    let receiver = to.email.clone();
    let mut builder = Message::builder()
        .from(from.clone())
        .to(to)
        .subject(rendered.subject.clone())
        .date(SystemTime::from(rendered.sent_at))
        .message_id(Some(rendered.message_id.clone()))
        .header(AutoSubmitted)
        .header(ContentLanguage(heads.language.to_owned()));
    if let Some(url) = heads.unsubscribe {
        builder = builder
            .header(ListUnsubscribe(format!("<{url}>")))
            .header(ByOneClick);
    }
    if let Some(thread) = heads.thread {
        builder = builder.in_reply_to(thread.clone()).references(thread);
    }
    if let Some(number) = &rendered.case {
        builder = builder.header(CaseNumber(number.clone()));
    }
    let parts = MultiPart::alternative()
        .singlepart(part(&ContentType::TEXT_PLAIN, &rendered.text))
        .singlepart(part(&ContentType::TEXT_HTML, &rendered.html));
    let message = builder
        .multipart(parts)
        .map_err(|error| Unmailable::Build(error.to_string()))?;
    let bytes = message.formatted();
    look_over(&bytes)?;
    Ok(OutgoingMail {
        rendered,
        from: from.email.clone(),
        to: receiver,
        bytes,
    })
}

/// Always encoded, never as it stands: a body that is sent raw can carry SMTP commands
/// (RUSTSEC-2026-0561). Quoted-printable can be read without a program; base64 is shorter for Chinese,
/// and leaves no line that begins with a dot, which is where the end of a mail is forged.
fn part(kind: &ContentType, body: &str) -> SinglePart {
    let encoded = |encoding| {
        SinglePart::builder()
            .header(kind.clone())
            .header(encoding)
            .body(body.replace('\r', ""))
    };
    let foreign = body.bytes().filter(|byte| !byte.is_ascii()).count();
    let readable = encoded(ContentTransferEncoding::QuotedPrintable);
    let dots = readable
        .raw_body()
        .split(|byte| *byte == b'\n')
        .any(|line| line.starts_with(b"."));
    if dots || foreign * 5 > body.len() {
        encoded(ContentTransferEncoding::Base64)
    } else {
        readable
    }
}

/// What no server can misread: ASCII, no NUL, CR and LF only together, no endless line. Whatever slips
/// past every other check stops here.
fn look_over(bytes: &[u8]) -> Result<(), Unmailable> {
    let refused = |what: &str| Err(Unmailable::Build(what.to_owned()));
    if bytes.iter().any(|byte| !byte.is_ascii() || *byte == 0) {
        return refused("it holds bytes that are not plain ASCII");
    }
    let lone = |pair: &[u8]| (pair[0] == b'\r') != (pair[1] == b'\n');
    if bytes.windows(2).any(lone) || bytes.first() == Some(&b'\n') || bytes.last() == Some(&b'\r') {
        return refused("it holds half a line break");
    }
    if bytes
        .split(|byte| *byte == b'\n')
        .any(|line| line.len() > 999)
    {
        return refused("it holds an endless line");
    }
    Ok(())
}

/// `Auto-Submitted: auto-generated` (RFC 3834), so that nobody's holiday notice answers.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }
    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }
    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// `X-Case`, by which mail programs can sort.
#[derive(Clone)]
struct CaseNumber(String);

impl Header for CaseNumber {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("X-Case")
    }
    fn parse(value: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(value.to_owned()))
    }
    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.clone())
    }
}

/// `List-Unsubscribe` (RFC 2369): where mails of this kind are stopped.
#[derive(Clone)]
struct ListUnsubscribe(String);

impl Header for ListUnsubscribe {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe")
    }
    fn parse(value: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(value.to_owned()))
    }
    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.clone())
    }
}

/// `List-Unsubscribe-Post` (RFC 8058): the mail program may do it itself.
#[derive(Clone)]
struct ByOneClick;

impl Header for ByOneClick {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe-Post")
    }
    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }
    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "List-Unsubscribe=One-Click".to_owned())
    }
}

/// `Content-Language`, by which screen readers choose their voice.
#[derive(Clone)]
struct ContentLanguage(String);

impl Header for ContentLanguage {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Content-Language")
    }
    fn parse(value: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(value.to_owned()))
    }
    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_look_sees_what_a_server_could_misread() {
        let table: [(&[u8], bool); 11] = [
            (b"Subject: x\r\n\r\nbody\r\n", true),
            (b"", true),
            (b"a\nb", false),
            (b"a\rb", false),
            (b"a\n", false),
            (b"\n", false),
            (b"a\r", false),
            (b"a\r\r\n", false),
            (b"a\r\n\n", false),
            (b"a\0b", false),
            ("魏".as_bytes(), false),
        ];
        for (bytes, fine) in table {
            assert_eq!(
                look_over(bytes).is_ok(),
                fine,
                "{:?}",
                String::from_utf8_lossy(bytes)
            );
        }
        assert!(look_over("a".repeat(998).as_bytes()).is_ok());
        assert!(look_over("a".repeat(1_000).as_bytes()).is_err());
    }
}

//! A delivery's content → a message ready to be sent, as MIME and as what its receiver sees.

mod header;
mod html;
mod markdown;
mod mime;
mod plain;
mod texts;

pub use mime::OutgoingMail;

use std::fmt;

use countersign_core::{expression::Value, template::shown, time::Zone};
use countersign_engine::{
    ConfirmationCodes, LinkTokens,
    ports::{
        Time,
        deliveries::{CaseRef, MailContent, Part},
    },
};
use lettre::message::Mailbox;
use serde::Serialize;
use url::Url;
use uuid::Uuid;

use crate::error::{Error, Unmailable};
use markdown::Rendered;
use texts::{Texts, texts};

/// Who mails come from, and where their links lead.
#[derive(Debug, Clone)]
pub struct MailSettings {
    from: Mailbox,
    /// The domain of message ids: the sender's, which is the same at each start and on each replica.
    domain: String,
    public_url: Url,
}

impl MailSettings {
    /// `from` is `Name <name@example.com>` or a bare address; `public_url` is where people reach the
    /// server.
    pub fn new(from: &str, public_url: &str) -> Result<Self, Error> {
        let refused = || Error::From(from.to_owned());
        let line = header::one_line("sender", from).map_err(|_| refused())?;
        let parsed: Mailbox = line.parse().map_err(|_| refused())?;
        let email = header::address(parsed.email.as_ref()).map_err(|_| refused())?;
        let mut url: Url = public_url
            .parse()
            .map_err(|_| Error::PublicUrl(public_url.to_owned()))?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(Error::PublicUrl(public_url.to_owned()));
        }
        // Without the slash at its end the last folder would be lost when paths are joined to it.
        if !url.path().ends_with('/') {
            let path = format!("{}/", url.path());
            url.set_path(&path);
        }
        let domain = email.domain().to_owned();
        Ok(Self {
            from: Mailbox::new(parsed.name, email),
            domain,
            public_url: url,
        })
    }

    /// The full address of one of our paths, which may begin with a slash.
    fn address_of(&self, path: &str) -> String {
        let mut url = self.public_url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments
                .pop_if_empty()
                .extend(path.split('/').filter(|segment| !segment.is_empty()));
        }
        url.into()
    }
}

/// Writes mails. Cheap to clone.
#[derive(Debug, Clone)]
pub struct MailWriter {
    settings: MailSettings,
    tokens: LinkTokens,
    codes: ConfirmationCodes,
}

/// A mail as its receiver sees it; serialised, an item of the mailbox of `demo`.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct RenderedMail {
    /// The delivery.
    pub id: Uuid,
    /// The address it goes to.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its body in plain text.
    pub text: String,
    /// Its body in HTML: a whole document.
    pub html: String,
    /// When it was written.
    pub sent_at: Time,
    /// The message's name in the workflow file.
    pub message: String,
    /// The case's number.
    pub case: Option<String>,
    /// Where its buttons lead.
    pub links: Vec<RenderedLink>,
    /// Its `Message-ID`, the same at each attempt.
    #[serde(skip)]
    pub message_id: String,
}

/// A button of a mail.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct RenderedLink {
    /// The action's name.
    pub action: String,
    /// The page that it leads to.
    pub url: String,
}

impl MailWriter {
    /// Writes mails from this sender, with links sealed by these tokens, and with these codes.
    pub fn new(settings: MailSettings, tokens: LinkTokens, codes: ConfirmationCodes) -> Self {
        Self {
            settings,
            tokens,
            codes,
        }
    }

    /// The message of this delivery, dated `now`. An error means that it must never be sent.
    pub fn write(
        &self,
        delivery: Uuid,
        case: Option<&CaseRef>,
        content: &MailContent,
        now: Time,
    ) -> Result<OutgoingMail, Unmailable> {
        let to = header::address(&content.to.email)?;
        let name = header::one_line("name", &content.to.name)?;
        let subject = naming_the_case(header::subject(&content.subject)?, case)?;
        let letter = self.letter(delivery, &subject, case, content, now);
        let rendered = RenderedMail {
            id: delivery,
            to: to.to_string(),
            subject: letter.subject.to_owned(),
            text: plain::lay_out(&letter),
            html: html::lay_out(&letter),
            sent_at: now,
            message: content.message.clone(),
            case: case.map(|case| case.number.clone()),
            links: letter.links(),
            message_id: self.message_id(delivery),
        };
        let to = Mailbox::new((!name.is_empty()).then(|| name.to_owned()), to);
        let thread = case.map(|case| self.message_id(case.id));
        let person = content.to.person.as_deref();
        let stop = person.and_then(|person| self.tokens.make_stop(person, content.purpose));
        let unsubscribe =
            stop.map(|token| self.settings.address_of(&format!("stop-mails/{token}")));
        let heads = mime::Heads {
            thread,
            unsubscribe,
            language: letter.texts.code,
        };
        mime::build(rendered, &self.settings.from, to, heads)
    }

    /// `<id@domain>`: of a delivery, or of the case that all its mails answer to.
    fn message_id(&self, id: Uuid) -> String {
        format!("<{id}@{}>", self.settings.domain)
    }

    fn letter<'a>(
        &self,
        delivery: Uuid,
        subject: &'a str,
        case: Option<&'a CaseRef>,
        content: &'a MailContent,
        now: Time,
    ) -> Letter<'a> {
        let language = content.to.language;
        let case_page = content
            .case_path
            .as_deref()
            .map(|path| self.settings.address_of(path));
        let blocks = self.blocks(delivery, content, case_page.as_deref());
        let says_where = content.body.contains(&Part::CaseLink);
        let has_buttons = blocks
            .iter()
            .any(|block| matches!(block, Block::Buttons(_)));
        let case_line = case.map(|case| match case.title.trim() {
            "" => case.number.clone(),
            title if title == case.number => case.number.clone(),
            title => format!("{} · {title}", case.number),
        });
        let (blocks, buttons) = with_buttons_last(blocks);
        let zone = content.to.timezone.parse().unwrap_or(Zone::UTC);
        let moment = |at| shown(&Value::Time(at), language, zone);
        Letter {
            subject,
            texts: texts(language),
            case_line,
            lead: (!content.lead.is_empty())
                .then(|| markdown::render(content.lead.as_str(), &self.settings.public_url)),
            blocks,
            buttons,
            since: &content.since,
            otherwise: &content.otherwise,
            settings: content
                .to
                .person
                .is_some()
                .then(|| self.settings.address_of("me")),
            facts: content
                .facts
                .iter()
                .map(|fact| (fact.label.as_str(), fact.value.as_str()))
                .collect(),
            answer_by: content.answer_by.map(|at| (moment(at), at <= now)),
            // One button is enough: the case's page only where the body leads nowhere.
            open_case: case_page.filter(|_| !has_buttons && !says_where),
            has_links: content
                .body
                .iter()
                .any(|part| matches!(part, Part::Button { link: Some(_), .. })),
            reason: &content.reason,
        }
    }

    /// The body: text that belongs together as one piece, neighbouring buttons as one row.
    fn blocks<'a>(
        &self,
        delivery: Uuid,
        content: &'a MailContent,
        case_page: Option<&str>,
    ) -> Vec<Block<'a>> {
        let mut blocks = Vec::new();
        let mut markdown = String::new();
        for part in &content.body {
            match part {
                Part::Text(text) => markdown.push_str(text.as_str()),
                Part::Code => markdown.push_str(&self.codes.of(delivery)),
                Part::Page { title, path } => {
                    markdown::link(&mut markdown, title, &self.settings.address_of(path));
                }
                // Our own address, percent-encoded by the parser of URLs: safe between angle brackets.
                Part::CaseLink => match case_page {
                    Some(url) => markdown.extend(["<", url, ">"]),
                    None => markdown.push('–'),
                },
                Part::Button {
                    action,
                    title,
                    link,
                } => {
                    self.close_text(&mut blocks, &mut markdown);
                    let url = match link {
                        Some(link) => self
                            .settings
                            .address_of(&format!("l/{}", self.tokens.make(*link))),
                        None => case_page
                            .unwrap_or(self.settings.public_url.as_str())
                            .to_owned(),
                    };
                    let button = Button { action, title, url };
                    match blocks.last_mut() {
                        Some(Block::Buttons(row)) => row.push(button),
                        Some(Block::Text(_)) | None => blocks.push(Block::Buttons(vec![button])),
                    }
                }
            }
        }
        self.close_text(&mut blocks, &mut markdown);
        blocks
    }

    fn close_text(&self, blocks: &mut Vec<Block<'_>>, markdown: &mut String) {
        if !markdown.trim().is_empty() {
            blocks.push(Block::Text(markdown::render(
                markdown,
                &self.settings.public_url,
            )));
        }
        markdown.clear();
    }
}

/// What stands in a mail, before it is laid out.
struct Letter<'a> {
    subject: &'a str,
    texts: &'static Texts,
    /// Number and title.
    case_line: Option<String>,
    /// Whose turn it is, and why theirs.
    lead: Option<Rendered>,
    /// What the workflow says.
    blocks: Vec<Block<'a>>,
    /// The buttons at its end.
    buttons: Vec<Button<'a>>,
    facts: Vec<(&'a str, &'a str)>,
    /// What has changed since the last review.
    since: &'a [String],
    /// Until when an answer is wanted, and whether that is over.
    answer_by: Option<(String, bool)>,
    /// What happens if nobody acts.
    otherwise: &'a str,
    open_case: Option<String>,
    /// Where the receiver chooses what mail comes.
    settings: Option<String>,
    has_links: bool,
    reason: &'a str,
}

enum Block<'a> {
    Text(Rendered),
    Buttons(Vec<Button<'a>>),
}

struct Button<'a> {
    action: &'a str,
    title: &'a str,
    url: String,
}

impl Letter<'_> {
    /// Until when an answer is wanted, and what that is called.
    fn due(&self) -> Option<(&'static str, &str)> {
        let (at, is_over) = self.answer_by.as_ref()?;
        let label = if *is_over {
            self.texts.was_due
        } else {
            self.texts.answer_by
        };
        Some((label, at))
    }

    fn links(&self) -> Vec<RenderedLink> {
        let rows = self.blocks.iter().filter_map(|block| match block {
            Block::Buttons(row) => Some(row),
            Block::Text(_) => None,
        });
        rows.flatten()
            .chain(&self.buttons)
            .map(|button| RenderedLink {
                action: button.action.to_owned(),
                url: button.url.clone(),
            })
            .collect()
    }
}

/// Buttons at the end of the text stand at the end of the mail, behind the facts; those within stay.
fn with_buttons_last(mut blocks: Vec<Block<'_>>) -> (Vec<Block<'_>>, Vec<Button<'_>>) {
    match blocks.pop() {
        Some(Block::Buttons(row)) => (blocks, row),
        last => {
            blocks.extend(last);
            (blocks, Vec::new())
        }
    }
}

/// The subject names the case: by its number, unless the workflow's author has put it there.
fn naming_the_case(subject: String, case: Option<&CaseRef>) -> Result<String, Unmailable> {
    let Some(case) = case else { return Ok(subject) };
    let number = header::one_line("case number", &case.number)?;
    if subject.contains(number) {
        Ok(subject)
    } else {
        Ok(format!("{subject} [{number}]"))
    }
}

/// Shows no body and no link: a log must not open what only the receiver may.
impl fmt::Debug for RenderedMail {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            id, message, case, ..
        } = self;
        formatter
            .debug_struct("RenderedMail")
            .field("id", id)
            .field("message", message)
            .field("case", case)
            .finish_non_exhaustive()
    }
}

/// Shows no address, for it holds the token.
impl fmt::Debug for RenderedLink {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RenderedLink")
            .field("action", &self.action)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;

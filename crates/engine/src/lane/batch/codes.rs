//! Confirmation codes: kept hashed, and bound to one person, action, case and content; the mail's row says only where
//! the code stands, and the notifier makes it when it sends. A step only learns whether a code is good.

use std::fmt;

use chrono::TimeDelta;
use countersign_core::{
    case::{Actor, Case, DeliveryId, OwnMail, PersonId},
    command::{Act, Code},
    markdown::Markdown,
    name::Name,
    text::Language,
    time::Time,
    workflow::Workflow,
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use uuid::Uuid;

use super::outbox;
use crate::{
    ConfirmationCodes,
    authenticator::Judged,
    ports::{
        deliveries::{Addressee, DeliveryContent, MailContent, Part},
        store::{CodeChange, CodePurpose, DeliveryWrite, StoredCode},
    },
};

/// How long a code can be used.
const VALID: TimeDelta = TimeDelta::minutes(10);
/// How many wrong tries kill a code.
const TRIES_MOST: u32 = 5;

/// Makes and judges codes under the server's key.
#[derive(Clone)]
pub struct CodeKey {
    keyed: Hmac<Sha256>,
    codes: ConfirmationCodes,
}

impl fmt::Debug for CodeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeKey")
    }
}

/// What is known of a code that came with an action.
pub(super) struct Verdict {
    pub code: Code,
    purpose: Option<CodePurpose>,
    tries: u32,
    /// Whose app was asked, and the step of the code if it is right.
    app: Option<(PersonId, Option<u64>)>,
}

impl Verdict {
    pub(super) fn absent() -> Self {
        Self {
            code: Code::Absent,
            purpose: None,
            tries: 0,
            app: None,
        }
    }

    /// By somebody's app.
    pub(super) fn by_app(person: PersonId, judged: Judged) -> Self {
        let (code, app) = match judged {
            Judged::Good(step) => (Code::Good, Some((person, Some(step)))),
            Judged::Wrong => (Code::Bad, Some((person, None))),
            Judged::NotLookedAt => (Code::Bad, None),
        };
        Self {
            code,
            app,
            ..Self::absent()
        }
    }

    /// What a refused action does to the code: a wrong try is counted, the fifth kills it.
    pub(super) fn tried(&self) -> Option<CodeChange> {
        if let Some((person, None)) = &self.app {
            return Some(CodeChange::Missed(person.clone()));
        }
        let purpose = self.purpose.clone()?;
        match self.code {
            Code::Bad if self.tries + 1 >= TRIES_MOST => Some(CodeChange::Gone(purpose)),
            Code::Bad => Some(CodeChange::Tried(purpose)),
            Code::Good | Code::Absent => None,
        }
    }

    /// What a committed action does to the code: it is used up.
    pub(super) fn used(&self) -> Option<CodeChange> {
        if let Some((person, Some(step))) = &self.app {
            return Some(CodeChange::Stepped(person.clone(), *step));
        }
        match self.code {
            Code::Good => self.purpose.clone().map(CodeChange::Gone),
            Code::Bad | Code::Absent => None,
        }
    }
}

/// What a code for this action would be for; `None` for actors who get no mail.
pub(super) fn purpose(actor: &Actor, case: &Case, act: &Act) -> Option<CodePurpose> {
    let (holder, _) = holder(actor)?;
    let action = Name::parse(&act.action).ok()?;
    Some(CodePurpose {
        case: case.id,
        holder,
        action,
    })
}

/// Who holds a code, and where it is mailed.
fn holder(actor: &Actor) -> Option<(String, Addressee)> {
    let person = |person: &countersign_core::case::Person| Addressee {
        person: Some(person.id.to_string()),
        name: person.name.clone(),
        email: person.email.clone(),
        language: outbox::language(person.language),
        timezone: person.timezone.clone().unwrap_or_else(|| "UTC".to_owned()),
    };
    match actor {
        Actor::Person(known) => Some((known.id.to_string(), person(known))),
        Actor::LinkHolder(by_link) => {
            let known = by_link.person.as_ref().map(person);
            let bare = || Addressee {
                person: None,
                name: String::new(),
                email: by_link.email.clone(),
                language: outbox::language(by_link.language),
                timezone: "UTC".to_owned(),
            };
            // The code goes where the link went, whoever the address belongs to.
            let addressee = Addressee {
                email: by_link.email.clone(),
                ..known.unwrap_or_else(bare)
            };
            Some((by_link.email.clone(), addressee))
        }
        Actor::Service(_) | Actor::Machine => None,
    }
}

impl CodeKey {
    /// Codes under this server key, which all replicas share.
    pub fn new(server_key: &[u8], codes: ConfirmationCodes) -> Self {
        let mut keyed = Hmac::new_from_slice(server_key).expect("HMAC takes keys of any length");
        keyed.update(b"countersign confirmation code");
        Self { keyed, codes }
    }

    /// Judges a code that was given.
    pub(super) fn judge(
        &self,
        purpose: CodePurpose,
        stored: Option<&StoredCode>,
        given: &str,
        case: &Case,
        act: &Act,
        now: Time,
    ) -> Verdict {
        let Some(stored) =
            stored.filter(|stored| stored.expires_at > now && stored.tries < TRIES_MOST)
        else {
            return Verdict {
                code: Code::Bad,
                purpose: None,
                tries: 0,
                app: None,
            };
        };
        let right = self
            .sealed(&purpose, given.trim(), case, act)
            .verify_slice(&stored.hash)
            .is_ok();
        let code = if right { Code::Good } else { Code::Bad };
        Verdict {
            code,
            purpose: Some(purpose),
            tries: stored.tries,
            app: None,
        }
    }

    /// Makes a code and the mail that carries it.
    pub(super) fn make(
        &self,
        actor: &Actor,
        case: &Case,
        workflow: &Workflow,
        act: &Act,
        now: Time,
    ) -> Option<(CodeChange, DeliveryWrite)> {
        let purpose = purpose(actor, case, act)?;
        let (_, to) = holder(actor)?;
        let id = DeliveryId(Uuid::now_v7());
        let code = self.codes.of(id.0);
        let hash = self
            .sealed(&purpose, &code, case, act)
            .finalize()
            .into_bytes()
            .into();
        let stored = StoredCode {
            hash,
            expires_at: now + VALID,
            tries: 0,
        };
        let mail = mail(to, workflow, case, act);
        let delivery = DeliveryWrite {
            id,
            case: Some(outbox::case_ref(case)),
            content: DeliveryContent::Mail(mail),
            sending: countersign_core::case::Sending::Now,
        };
        Some((CodeChange::Made(purpose, stored), delivery))
    }

    /// Binds a code to person, action, case and content.
    fn sealed(&self, purpose: &CodePurpose, code: &str, case: &Case, act: &Act) -> Hmac<Sha256> {
        let mut sealed = self.keyed.clone();
        let data = serde_json::to_string(&act.data).expect("JSON always serialises");
        let revision = case.revision.to_string();
        for part in [
            &purpose.case.to_string(),
            &purpose.holder,
            &*purpose.action,
            &revision,
            &data,
            code,
        ] {
            sealed.update(&(part.len() as u64).to_be_bytes());
            sealed.update(part.as_bytes());
        }
        sealed
    }
}

fn mail(to: Addressee, workflow: &Workflow, case: &Case, act: &Act) -> MailContent {
    let language = match to.language {
        crate::ports::deliveries::Language::En => Language::En,
        crate::ports::deliveries::Language::Zh => Language::Zh,
    };
    let action = workflow
        .action_title(case.state.as_str(), &act.action, language)
        .unwrap_or_else(|| act.action.clone());
    let (subject, before, after, reason) = match language {
        Language::En => (
            format!("Your confirmation code for {}", case.number),
            Markdown::ours("Your code for “")
                .strong(&action)
                .then("” is\n\n## "),
            "\n\nIt can be used once, within 10 minutes. Nobody will ever ask you for it.",
            "somebody, most likely you, is about to confirm this action.",
        ),
        Language::Zh => (
            format!("{} 的验证码", case.number),
            Markdown::ours("您正在进行“")
                .strong(&action)
                .then("”，验证码为\n\n## "),
            "\n\n10 分钟内有效，仅可使用一次。请勿告诉任何人。",
            "有人（很可能是您本人）正在确认此操作。",
        ),
    };
    MailContent {
        to,
        message: OwnMail::ConfirmationCode.name().to_owned(),
        subject,
        body: vec![
            Part::Text(before),
            Part::Code,
            Part::Text(Markdown::ours(after)),
        ],
        purpose: countersign_core::case::Purpose::Tell,
        lead: Markdown::default(),
        since: Vec::new(),
        otherwise: String::new(),
        facts: Vec::new(),
        answer_by: None,
        case_path: None,
        reason: reason.to_owned(),
        secret: true,
    }
}

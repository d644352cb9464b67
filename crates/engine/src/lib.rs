//! The engine: use cases over lanes that commit in batches, and the ports that they need. It knows no
//! HTTP, no SQL and no SMTP: adapters bring those.

mod authenticator;
mod checkpoint;
mod confirmation_code;
mod engine;
mod error;
mod evidence;
mod lane;
mod link_token;
mod password;
pub mod ports;
mod registry;
mod stop_token;
mod usecases;
mod webhook;

pub use authenticator::{Authenticator, GUESSES_COUNT};
pub use checkpoint::{Checkpoint, Head, NoCheckpoint};
pub use confirmation_code::ConfirmationCodes;
pub use engine::{Engine, Hints, HookForms, Manner, Ports};
pub use error::{Error, Refused};
pub use evidence::{Evidence, EvidenceKey, Examined, NoEvidence};
pub use lane::{Answered, Render, Rendered, Scene};
pub use link_token::{KeyTooShort, LinkTokens};
pub use registry::Registry;
pub use usecases::{
    ADMINISTRATORS, Attempted, Audit, Begun, Compile, DueCase, Fault, FaultKind, Fired, Fitting,
    Glance, HowMoved, LEARN, LastMove, LinkScene, Move, Moved, NewSession, NewToken, NotSignedIn,
    OPERATORS, OwnMove, PasswordLink, Possible, Publication, PublishError, Published, RecordError,
    ToldByMail, WebhookTarget, audit, case_view, explained, link_expires, link_takes, mailed,
    may_open, must_be_publishable, offers, possible, record_case, shown,
};
pub use webhook::{Disabled, Webhook, WebhookRecord, WebhookSecrets};

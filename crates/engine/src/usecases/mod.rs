//! Use cases: what can be done with the engine, one file each. This folder is the feature list.

mod answer_link;
mod audit;
mod authenticate;
mod clean_up;
mod erase_person;
mod fire_timers;
mod follow_events;
mod keep_directory;
mod list_cases;
mod migrate_case;
mod migrate_cases;
mod open_case;
mod publish_workflows;
mod read_directory;
mod read_history;
mod read_revisions;
mod record_case;
mod retry_delivery;
mod set_password;
mod show_case;
mod sign_in;
mod store_material;
mod watch_outbox;

pub use answer_link::{LinkScene, link_expires};
pub use audit::{Audit, Fault, FaultKind};
pub use authenticate::NewToken;
pub use fire_timers::Fired;
pub use keep_directory::ADMINISTRATORS;
pub use migrate_cases::{HowMoved, Move, Moved};
pub use open_case::may_open;
pub use publish_workflows::{Compile, LEARN, Publication, PublishError, Published};
pub use record_case::{RecordError, record_case};
pub use retry_delivery::OPERATORS;
pub use set_password::PasswordLink;
pub use show_case::{case_view, dry_run, offers, shown};
pub use sign_in::NewSession;

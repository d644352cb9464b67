//! Server-rendered pages, in English and Chinese, that need no script. They decide nothing: what a page shows and which
//! buttons it has is what the engine answers the API too. A GET changes nothing.

mod absence;
mod account;
mod answer;
mod case;
mod cases;
mod decide_many;
mod door;
mod inbox;
mod link;
mod mailbox;
mod me;
mod new;
mod operate;
mod page;
mod router;
mod rows;
mod state;
mod stop;
mod texts;
mod workflow;

pub use door::{DemoPerson, WAY_BACK};
pub use link::too_many;
pub use mailbox::{Mailbox, ShownMail};
pub use page::nowhere;
pub use router::routes;
pub use state::WebState;
pub use workflow::{Stories, Story};

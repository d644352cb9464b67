//! Cases: one endpoint a file.

mod act;
mod act_on_many;
mod attach;
mod carry_out;
mod comment;
mod detach;
mod diagram;
mod download;
mod edit;
mod export;
mod history;
mod hold;
mod list;
mod migrate;
mod open;
mod read;
mod reply;
mod revision;
mod revisions;
mod row;
mod signal;
mod take_back;
mod timers;
mod turns;
mod why;

pub use act::ActBody;
pub use attach::newest;
pub use list::{CasePage, case_page};
pub use migrate::{VerdictDocument, verdict};
pub use row::{CaseSummary, VotesInRow};

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::ApiState;

/// The routes of cases.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list::list, open::open))
        .routes(routes!(read::read, edit::edit))
        .routes(routes!(act::act, take_back::take_back))
        .routes(routes!(act_on_many::act_on_many))
        .routes(routes!(history::history))
        .routes(routes!(why::why))
        .routes(routes!(revisions::revisions))
        .routes(routes!(revision::revision))
        .routes(routes!(comment::comment))
        .routes(routes!(reply::reply))
        .routes(routes!(attach::attach))
        .routes(routes!(download::download, detach::detach))
        .routes(routes!(diagram::diagram))
        .routes(routes!(export::export))
        .routes(routes!(timers::timers))
        .routes(routes!(hold::hold))
        .routes(routes!(hold::resume))
        .routes(routes!(hold::move_to))
        .routes(routes!(migrate::migrate))
        .routes(routes!(signal::signal))
        .routes(routes!(turns::claim))
        .routes(routes!(turns::release))
        .routes(routes!(turns::delegate))
        .routes(routes!(turns::reassign))
}

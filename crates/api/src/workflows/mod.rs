//! Workflows: what can be opened, their forms, pictures and versions; publishing and checking them.

mod check;
mod diagram;
mod difference;
mod entries;
mod fitting;
mod form;
mod list;
mod migrate;
mod one;
mod reload;
mod template;
mod versions;

use std::sync::Arc;

use countersign_core::workflow::Workflow;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{ApiState, Problem};

/// The routes of workflows.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(one::one))
        .routes(routes!(form::form))
        .routes(routes!(entries::entries))
        .routes(routes!(fitting::fitting))
        .routes(routes!(diagram::diagram))
        .routes(routes!(template::template))
        .routes(routes!(versions::versions))
        .routes(routes!(difference::compare))
        .routes(routes!(migrate::migrate))
        .routes(routes!(reload::reload))
        .routes(routes!(check::check))
}

/// The newest version of a workflow that an address names.
fn named(state: &ApiState, workflow: &str) -> Result<Arc<Workflow>, Problem> {
    state
        .engine
        .workflow(workflow)
        .map_err(|_| Problem::not_found())
}

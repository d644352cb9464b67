//! `/operate`: where all cases stand, what needs an operator, what is on its way and what will fire, and the tools for one
//! case and for all of a version. For operators only; what changes something is a POST with a reason or a retry.

mod batch;
mod case;
mod deliveries;
mod frame;
mod incidents;
mod live;
mod overview;
mod plot;
mod timers;
mod verdicts;
mod versions;

use axum::{
    Router,
    routing::{get, post},
};

use crate::WebState;

pub use overview::counts;

/// The pages of operators.
pub fn routes() -> Router<WebState> {
    Router::new()
        .route("/operate", get(overview::overview))
        .route("/operate/live", get(live::live))
        .route("/operate/find", get(case::find))
        .route("/operate/cases/{number}", get(case::tools))
        .route("/operate/cases/{number}/{tool}", post(case::use_tool))
        .route("/operate/incidents", get(incidents::incidents))
        .route("/operate/incidents/retry", post(incidents::retry_all))
        .route("/operate/incidents/{id}/retry", post(incidents::retry))
        .route("/operate/deliveries", get(deliveries::deliveries))
        .route("/operate/deliveries/retry", post(deliveries::retry_all))
        .route("/operate/deliveries/{id}/retry", post(deliveries::retry))
        .route("/operate/timers", get(timers::timers))
        .route("/operate/versions", get(versions::all))
        .route("/operate/versions/{workflow}", get(versions::one))
        .route("/operate/versions/{workflow}/move", post(batch::start))
}

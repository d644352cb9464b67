//! What only concerns a workflow as a whole: whether it can be left, reached, decided and filled in,
//! whether texts keep private what is private, whether tables are whole, and whether people are told. Each module is one question.

mod agreeing;
mod at_once;
mod barred;
mod complete;
mod conditions;
mod exclusion;
mod filling;
mod graph;
mod hiding;
mod joining;
mod late;
mod leaving;
pub(crate) mod older;
mod places;
mod privacy;
mod quorum;
mod ringing;
mod running_review;
mod site;
mod solve;
mod splitting;
mod state_set;
mod tables;
mod telling;
mod waiting;

use countersign_core::workflow::Workflow;

use crate::{diagnostic::Code, file::File, shared::Shared};

use complete::Completeness;
use graph::Graph;
use site::Site;

/// What makes the graph of states unsound: on such a graph nothing is said about ways.
const UNSOUND: [Code; 13] = [
    Code::UnknownKeyword,
    Code::Tag,
    Code::Anchor,
    Code::DuplicateKey,
    Code::WrongShape,
    Code::MissingKeyword,
    Code::ExclusiveKeywords,
    Code::NotAName,
    Code::NoSuchState,
    Code::NoStart,
    Code::NoOtherwise,
    Code::NotALength,
    Code::OtherTrack,
];

/// Checks a lowered workflow.
pub(crate) fn workflow(file: &File, shared: &Shared, workflow: &Workflow) {
    let site = Site::new(file, workflow);
    splitting::check(&site);
    exclusion::check(&site);
    running_review::check(&site);
    filling::check(&site);
    privacy::check(&site, shared);
    tables::check(&site);
    if file.has_error(&UNSOUND) {
        return;
    }
    let graph = Graph::of(workflow);
    leaving::check(&site, &graph);
    late::check(&site, &graph);
    ringing::check(&site, &graph);
    telling::check(&site, &graph);
    hiding::check(&site);
    if file.is_broken() {
        return;
    }
    let known = Completeness::of(&site, &graph);
    conditions::check(&site, &known);
    barred::check(&site, &graph, &known);
    quorum::check(&site, &graph);
    waiting::check(&site, &graph, &known);
    waiting::named_starter(&site);
    at_once::check(&site, &graph, &known);
}

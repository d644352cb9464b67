//! What only concerns a workflow as a whole: whether it can be left, reached, decided and filled in.

use countersign_core::workflow::Workflow;

use crate::{file::File, shared::Shared};

/// Checks a lowered workflow.
pub(crate) fn workflow(_file: &File, _shared: &Shared, _workflow: &Workflow) {}

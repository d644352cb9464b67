//! What a lane is asked, and what it answers.

use std::{fmt, sync::Arc};

use countersign_core::{
    case::{Actor, Case, CaseId, Channel, DeliveryId},
    command::{Command, Opening},
    context::{Inputs, List, Needs},
    name::Name,
    outcome::{Incident, Receipt},
    time::Time,
    workflow::Workflow,
};

use crate::ports::{
    directory::DirectoryChange,
    store::{CaseAddress, PublishedWorkflow, RequestKey, StoredAnswer},
};

/// One request to a lane.
pub struct Request {
    /// Who asks.
    pub actor: Actor,
    /// By which way.
    pub channel: Channel,
    /// The key under which the answer is kept, and the request's fingerprint.
    pub key: Option<(RequestKey, [u8; 32])>,
    /// What is asked.
    pub work: Work,
    /// Makes the answer that is kept under the key.
    pub render: Option<Render>,
}

/// What a lane can do.
#[derive(Debug)]
pub enum Work {
    /// Open a case.
    Open {
        /// Of this workflow, in its newest version.
        workflow: Arc<Workflow>,
        /// With this.
        opening: Opening,
    },
    /// A command on a case.
    Case {
        /// The case.
        address: CaseAddress,
        /// The command.
        command: Command,
        /// The etag that the caller believes in.
        if_match: Option<u64>,
        /// The code that came with it.
        code: Option<String>,
    },
    /// Change the directory. Whether the caller may is decided before.
    Directory(Vec<DirectoryChange>),
    /// Publish workflow versions and lists.
    Publish {
        /// New versions.
        workflows: Vec<PublishedWorkflow>,
        /// Lists of a new version.
        lists: Vec<(Name, Arc<List>)>,
    },
    /// Tell operators of cases that need them, and of what is over.
    Tell {
        /// What happened, and in which case.
        told: Vec<(CaseId, Incident)>,
        /// The cases and causes that are no matter any more.
        settled: Vec<(CaseId, String)>,
    },
    /// Try a delivery again. Whether the caller may is decided before.
    RetryDelivery(DeliveryId),
    /// Nothing but a look at the key: whether the request was carried out already.
    Nothing,
    /// Nothing but a write, to see whether the store takes one again.
    Probe,
}

/// What a request came to.
#[derive(Debug)]
pub enum Answered {
    /// It was carried out, and is durable.
    Fresh(Box<Scene>),
    /// Its key had an answer already.
    Replayed(StoredAnswer),
}

/// A case right after a request, with what is needed to show it.
#[derive(Debug, Clone)]
pub struct Scene {
    /// The case; `None` for work that is about none.
    pub case: Option<Arc<Case>>,
    /// Its workflow.
    pub workflow: Option<Arc<Workflow>>,
    /// What was committed.
    pub receipt: Option<Receipt>,
    /// Who asked.
    pub actor: Actor,
    /// What was loaded for the batch.
    pub inputs: Arc<Inputs>,
    /// The moment of the batch.
    pub now: Time,
    /// The answer, if one was made to be kept.
    pub rendered: Option<Rendered>,
}

/// An answer over HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The status.
    pub status: u16,
    /// Headers that belong to it.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// Makes an answer of a scene; asks for what it lacks.
#[derive(Clone)]
pub struct Render(pub Arc<RenderFn>);

/// See [`Render`].
pub type RenderFn = dyn Fn(&Scene) -> Result<Rendered, Needs> + Send + Sync;

impl fmt::Debug for Render {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Render")
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("work", &self.work)
            .finish_non_exhaustive()
    }
}

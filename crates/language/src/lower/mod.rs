//! From the tree of a file to a [`Workflow`]: one module for each section of the language. Lowering
//! goes on after a finding, so that one run reports all; whoever calls it uses the result only when
//! there is no error among the findings. What only concerns the whole is `check`'s.

mod action;
mod children;
mod computed_role;
mod effect;
mod except;
mod expression;
mod field;
mod form;
mod head;
mod json_schema;
mod limit;
mod link;
mod material;
mod meaningless;
mod message;
mod migrate;
mod names;
mod open;
mod panel;
mod requirement;
mod review;
mod role;
mod rule;
mod scope;
mod state;
pub(crate) mod states;
mod table;
mod target;
mod text;
mod thing;
mod timer;

use std::{collections::BTreeMap, sync::Arc};

use countersign_core::{
    expression::Scope,
    name::Name,
    workflow::{Form, States, Surroundings, Workflow},
};
use indexmap::{IndexMap, IndexSet};

use crate::{
    diagnostic::Code,
    file::{File, Section},
    shared::Shared,
    source::{Around, Span},
    vocabulary,
};

pub(crate) use expression::expression;
pub(crate) use form::{forms_of, schema_files};
pub(crate) use material::size;
pub(crate) use names::Names;
pub(crate) use scope::OF_A_REVIEW;
use states::Outline;

/// What a workflow that is linked to must tell of itself.
pub(crate) struct Neighbour {
    pub(crate) forms: IndexMap<Name, Form>,
    pub(crate) surroundings: Arc<Surroundings>,
    pub(crate) states: Vec<String>,
    /// Whether a case of it can end in anything but success.
    pub(crate) can_be_cancelled: bool,
}

/// Everything around a file while it is lowered.
pub(crate) struct Lowering<'a> {
    pub(crate) file: &'a File,
    pub(crate) shared: &'a Shared,
    pub(crate) surroundings: Arc<Surroundings>,
    pub(crate) neighbours: &'a BTreeMap<Name, Neighbour>,
    pub(crate) around: Around<'a>,
    pub(crate) outline: Outline<'a>,
    pub(crate) names: Names,
    pub(crate) forms: IndexMap<Name, Form>,
    /// What every expression of this file sees.
    pub(crate) scope: Scope,
    /// The limits that count money; none until tables are known, which they may read.
    limits_of_money: Option<IndexSet<Name>>,
}

/// Lowers a workflow file. `None` if it lacks what a workflow cannot be without; that was reported.
pub(crate) fn workflow(
    file: &File,
    shared: &Shared,
    neighbours: &BTreeMap<Name, Neighbour>,
    around: Around<'_>,
) -> Option<(Workflow, Scope)> {
    let surroundings = shared.surroundings(file);
    let outline = Outline::read(file);
    let forms = forms_of(file, &surroundings, around);
    let names = Names::read(file, shared, &outline);
    names.check_namespace(file);
    let mut lowering = Lowering {
        file,
        shared,
        surroundings,
        neighbours,
        around,
        outline,
        names,
        forms,
        scope: Scope::new(),
        limits_of_money: None,
    };
    lowering.scope = lowering.base_scope();
    lowering.finish()
}

impl Lowering<'_> {
    /// The workflow, and what somebody sees who looks at its cases from outside.
    fn finish(mut self) -> Option<(Workflow, Scope)> {
        let root = self.file.keywords(&self.file.root, &vocabulary::WORKFLOW);
        // First, for everything else may read them.
        let tables = self.tables(root.get("tables"));
        self.limits_of_money = Some(self.limits_of_money());
        let head = self.head(root);
        let roles = self.roles(root.get("roles"));
        self.complete_forms();
        let materials = self.materials(root.get("materials"));
        let rules = self.rules(root.get("rules"));
        let limits = self.limits(root.get("limits"));
        let links = self.links(root.get("links"));
        let children = self.children(root.get("children"));
        let states = self.states();
        let messages = self.messages(root.get("messages"));
        let open = self.open(root);
        let version = head.as_ref().map_or(u32::MAX, |head| head.version);
        let migrate = self.migrations(root.get("migrate"), version);
        let tree = self.outline.tree();
        if tree.is_none() && !self.file.has_error(&[Code::NoStart, Code::TooLarge]) {
            self.missing_section(root, "states", "states: { draft: { … } }");
        }
        let (head, open, tree) = (head?, open?, tree?);
        let scope = self.scope_of_onlooker();
        let workflow = Workflow {
            id: head.id,
            version: head.version,
            title: head.title,
            about: head.about,
            number: head.number,
            case_title: head.case_title,
            partner: head.partner,
            surroundings: self.surroundings,
            roles,
            forms: self.forms,
            materials,
            rules,
            limits,
            links,
            children,
            tables,
            messages,
            open,
            states: States::new(states, tree),
            migrate,
        };
        Some((workflow, scope))
    }

    fn missing_section(&self, root: Section<'_>, keyword: &str, example: &str) {
        let span = root
            .entry(keyword)
            .map_or(Span::new(0, 0), |entry| entry.key.span);
        self.file.missing(span, keyword, "the workflow", example);
    }
}

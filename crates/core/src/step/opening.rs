//! Opening a case: judged like an action on the case-to-be, and then begun. With `then` an action follows in the same
//! step, all or nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};

use crate::{
    ballot,
    case::{Actor, Case, CaseId, Content, Lifecycle, Parent, Person},
    command::{Act, Opening},
    context::Context,
    expression::Value,
    form,
    history::{Change, What},
    outcome::Refusal,
    policy,
    reading::Reading,
    workflow::{Link, Target, Workflow},
};

use super::{act::Offered, dispatch::Leads, run::Run, seal::Draft, supply::invalid};

pub(super) fn open<'a>(
    workflow: &'a Workflow,
    opening: &Opening,
    id: CaseId,
    number: &str,
    ctx: &'a Context<'a>,
    reading: &'a Reading<'a>,
) -> Result<Run<'a>, Refusal> {
    if let Some(parent) = &opening.parent {
        return child(workflow, opening, parent, (id, number), ctx, reading);
    }
    let starter = starter(opening, ctx, reading)?;
    let case = case_to_be(workflow, id, number, ctx, starter.as_ref());
    let mut run = Run::new(workflow, case, ctx, reading);
    run.open(opening)?;
    run.settle()?;
    if let Some(then) = &opening.then {
        run.act(then)?;
        run.settle()?;
    }
    Ok(run)
}

/// A child is its parent's: of the same partner and starter. Its own `open` says where it begins and what it does; who
/// may open it, when and with what is for people. A parent that has ended since opens none: nothing is to be done.
fn child<'a>(
    workflow: &'a Workflow,
    opening: &Opening,
    parent: &Parent,
    (id, number): (CaseId, &str),
    ctx: &'a Context<'a>,
    reading: &'a Reading<'a>,
) -> Result<Run<'a>, Refusal> {
    let mut case = case_to_be(workflow, id, number, ctx, None);
    case.partner.clone_from(&parent.partner);
    case.starter.clone_from(&parent.starter);
    case.parent = Some(parent.clone());
    let mut run = Run::new(workflow, case, ctx, reading);
    let there = reading.case(parent.case);
    if !parent.keep && there.is_none_or(|there| there.end.is_some()) {
        return Ok(run);
    }
    run.revised = true;
    run.content_changed = true;
    let link = workflow.links.get_key_value("parent");
    if let Some((name, link)) = link
        && link.workflow == parent.workflow
        && link.many.is_none()
    {
        run.case.content.links.insert(name.clone(), parent.case);
    }
    let content = &mut run.case.content;
    let changes =
        form::apply(workflow, content, &opening.data, None, reading).map_err(Refusal::Invalid)?;
    run.changed(&changes);
    run.begin_case(json!({ "number": number, "parent": parent.case }))?;
    run.settle()?;
    Ok(run)
}

/// Who opens it: the person who acts, or the one on whose behalf a service does.
fn starter(
    opening: &Opening,
    ctx: &Context<'_>,
    reading: &Reading<'_>,
) -> Result<Option<Person>, Refusal> {
    match (ctx.actor, &opening.on_behalf_of) {
        (Actor::Service(_), Some(person)) => {
            match reading.person(person).filter(|person| !person.disabled) {
                Some(person) => Ok(Some((*person).clone())),
                None => Err(invalid(
                    "on_behalf_of",
                    "There is no such person.",
                    "没有这个人。",
                )),
            }
        }
        (Actor::Service(_) | Actor::Machine, None) | (Actor::Machine, Some(_)) => Ok(None),
        (Actor::Person(person), None) => Ok(Some(person.clone())),
        (Actor::Person(person), Some(other)) if person.id == *other => Ok(Some(person.clone())),
        (Actor::Person(_), Some(_)) | (Actor::LinkHolder(_), _) => Err(Refusal::Who { at: None }),
    }
}

/// Whether a link would take this case of a case that the actor opens. What it matches by and is not filled in yet is
/// judged when it is opened.
pub(super) fn fits(
    workflow: &Workflow,
    link: &Link,
    picked: CaseId,
    ctx: &Context<'_>,
    reading: &Reading<'_>,
) -> bool {
    let starter = ctx.actor.person();
    let mut case = case_to_be(workflow, picked, "", ctx, starter);
    case.id = CaseId(uuid::Uuid::nil());
    case.content.links.insert(link.name.clone(), picked);
    let mut run = Run::new(workflow, case, ctx, reading);
    if matches!(run.reckon_partner(), Err(Refusal::Who { .. })) {
        return false;
    }
    let mut link = link.clone();
    link.matches.retain(|wanted| {
        let value = wanted.value.evaluate(&run.sight());
        value.is_ok_and(|value| !matches!(value, Value::Null))
    });
    run.judge_link(&link).is_none()
}

fn partner_named(value: &Value) -> Option<crate::case::PartnerId> {
    let id = value.as_str().or_else(|| value.member("id")?.as_str())?;
    Some(crate::case::PartnerId::new(id))
}

fn case_to_be(
    workflow: &Workflow,
    id: CaseId,
    number: &str,
    ctx: &Context<'_>,
    starter: Option<&Person>,
) -> Case {
    let first = match &workflow.open.target {
        Target::To(choice) => choice.otherwise,
        Target::Stay | Target::Resume(_) => crate::machine::Slot(0),
    };
    let states = &workflow.states;
    Case {
        id,
        number: number.to_owned(),
        workflow: workflow.id.clone(),
        version: workflow.version,
        partner: starter.and_then(|starter| starter.partner.clone()),
        starter: starter.map(|starter| starter.id.clone()),
        opened_at: ctx.now,
        title: String::new(),
        lifecycle: Lifecycle::Running,
        state: states.get(states.tree().leaf_of(first)).path.clone(),
        visits: BTreeMap::new(),
        entered: BTreeMap::new(),
        left: BTreeSet::new(),
        last_inner: BTreeMap::new(),
        due: BTreeMap::new(),
        round: 1,
        revision: 1,
        submitted_at: None,
        etag: 0,
        entries: 0,
        head: None,
        timers: Vec::new(),
        ballots: Vec::new(),
        taken: Vec::new(),
        mandates: Vec::new(),
        claim: None,
        mail_links: Vec::new(),
        awaited: Vec::new(),
        held: Vec::new(),
        touched: BTreeMap::new(),
        failures: BTreeSet::new(),
        watches: BTreeSet::new(),
        tracks: BTreeMap::new(),
        paused: BTreeMap::new(),
        children: Vec::new(),
        parent: None,
        migrated: None,
        since_review: BTreeMap::default(),
        asked: Vec::new(),
        held_mails: Vec::new(),
        content: Content::default(),
    }
}

impl Run<'_> {
    fn open(&mut self, opening: &Opening) -> Result<(), Refusal> {
        let workflow = self.workflow;
        let action = &workflow.open;
        let offered = Offered {
            state: self.leaf(),
            action,
            decision: None,
        };
        let Some(role) = self.policy().may_take(action) else {
            return Err(Refusal::Who { at: None });
        };
        if action.when.as_ref().is_some_and(|when| !self.is_true(when)) {
            return Err(Refusal::When);
        }
        if let (Some(person), Some(except)) = (self.actor().person(), &action.except)
            && ballot::is_excepted(&self.sight(), except, person)
        {
            return Err(Refusal::Except);
        }
        self.cause.role = Some(role);
        self.cause.starter_side = self.case.starter.is_some();
        self.revised = true;
        self.content_changed = true;
        self.pick_links(opening)?;
        let allowed = self.policy().openable();
        self.write_data(&opening.data, &allowed, None)?;
        self.reckon_partner()?;
        self.require(&offered, &Act::new("open"))?;
        let behalf = opening.on_behalf_of.as_ref().map(ToString::to_string);
        let detail = Self::detail(&[
            ("number", json!(self.case.number)),
            ("on_behalf_of", json!(behalf)),
        ]);
        self.begin_case(detail)
    }

    /// What `open` does, and where it leads.
    fn begin_case(&mut self, detail: Json) -> Result<(), Refusal> {
        let action = &self.workflow.open;
        self.write_values(&action.effects)?;
        let entry = self.entries.len();
        self.write(Draft::of(What::Opened).with(detail));
        if let Leads::To(state) | Leads::BackTo(state) = self.leads(&action.target) {
            self.begin(state, &action.effects);
        }
        if let Some(opened) = self.entries.get_mut(entry) {
            opened.to = Some(self.case.state.clone());
        }
        Ok(())
    }

    /// Whose case it is, where the file says so: told from what was supplied, once and for ever. Nobody opens a case
    /// that belongs to no partner because of a slip, nor one on the other side of the wall (rule 21).
    fn reckon_partner(&mut self) -> Result<(), Refusal> {
        let Some(partner) = &self.workflow.partner else {
            return Ok(());
        };
        let named = self.value(partner).and_then(|value| partner_named(&value));
        if named.is_none() {
            return Err(invalid(
                "partner",
                "What was supplied does not tell which partner this case belongs to.",
                "所提供的内容没有说明此申请属于哪个伙伴。",
            ));
        }
        self.case.partner = named;
        match self.actor().person() {
            Some(person) if !policy::is_within_wall(&self.case, person) => {
                Err(Refusal::Who { at: None })
            }
            _ => Ok(()),
        }
    }

    fn pick_links(&mut self, opening: &Opening) -> Result<(), Refusal> {
        for (name, id) in &opening.links {
            let link = self.workflow.links.get(name);
            if link.is_none_or(|link| link.many.is_some()) {
                return Err(invalid(
                    name,
                    "There is no such link to choose.",
                    "没有可以选择的这个关联。",
                ));
            }
            self.case.content.links.insert(name.clone(), *id);
            let now = Json::from(id.to_string());
            self.changes.push(Change {
                at: name.to_string(),
                was: Json::Null,
                now,
            });
        }
        Ok(())
    }
}

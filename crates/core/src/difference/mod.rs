//! What has changed from one version of a workflow to another, in sentences that a process owner understands. It tells what
//! the files say, not what it means for running cases: that is what a migration's verdict is for.

mod actions;
mod content;
mod people;
mod states;
mod thing;
mod words;

use crate::{
    text::Text,
    workflow::{Place, Workflow},
};

use thing::{Facet, Thing, Value};

pub use thing::ThingKind;

/// One thing that has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// How.
    pub how: HowChanged,
    /// What kind of thing.
    pub kind: ThingKind,
    /// Its place in the file: `states.draft.actions.submit`. Of what has gone, the place that it had.
    pub place: String,
    /// The change in a sentence.
    pub text: Text,
}

/// How a thing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HowChanged {
    /// It is new.
    Added,
    /// It has gone.
    Removed,
    /// It is otherwise now.
    Changed,
}

impl HowChanged {
    /// The word in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

/// What has changed from the older version to the newer one, in the order of the newer file; what has gone comes last.
/// A state that `migrate` says is called otherwise now counts as the same.
pub fn difference(older: &Workflow, newer: &Workflow) -> Vec<Change> {
    let state = |path: &str| states::called_now(older, newer, path);
    let place = |place: &Place| content::called_now(older, newer, place);
    let before = things(older, &state, &place);
    let after = things(newer, &str::to_owned, &Place::clone);
    let mut changes = Vec::new();
    for thing in &after {
        match before.iter().find(|other| other.is_same(thing)) {
            Some(other) => changed(other, thing, &mut changes),
            None => added(thing, &after, &before, &mut changes),
        }
    }
    for thing in &before {
        let has_gone = |thing: &Thing| !after.iter().any(|other| other.is_same(thing));
        let inside_gone = before
            .iter()
            .any(|outer| outer.holds(thing) && has_gone(outer));
        if has_gone(thing) && !inside_gone {
            changes.push(Change {
                how: HowChanged::Removed,
                kind: thing.kind,
                place: thing.written.clone(),
                text: removed(thing, older, newer),
            });
        }
    }
    changes
}

/// What there is in a version, by what it is called in the newer one.
fn things(
    workflow: &Workflow,
    state: &dyn Fn(&str) -> String,
    place: &dyn Fn(&Place) -> Place,
) -> Vec<Thing> {
    let mut things = vec![content::head(workflow)];
    things.extend(people::roles(workflow));
    content::gather(workflow, place, &mut things);
    things.push(actions::opening(workflow));
    states::gather(workflow, state, &mut things);
    things.extend(people::messages(workflow));
    things
}

fn added(thing: &Thing, after: &[Thing], before: &[Thing], changes: &mut Vec<Change>) {
    let is_new = |thing: &Thing| !before.iter().any(|other| other.is_same(thing));
    // What belongs to a new form or table is told with it.
    let told = after.iter().any(|outer| {
        outer.holds(thing)
            && is_new(outer)
            && matches!(outer.kind, ThingKind::Form | ThingKind::Table)
    });
    if told {
        return;
    }
    let en = thing
        .facets
        .iter()
        .filter_map(|facet| facet.told(|text| &text.en, ", "));
    let zh = thing
        .facets
        .iter()
        .filter_map(|facet| facet.told(|text| &text.zh, "、"));
    let en = en.map(|(label, value)| format!(" {}: {value}.", upper(label)));
    let en = en.collect::<Vec<_>>().concat();
    let zh = zh.map(|(label, value)| format!("{label}：{value}。"));
    let zh = zh.collect::<Vec<_>>().concat();
    let called = &thing.called;
    changes.push(Change {
        how: HowChanged::Added,
        kind: thing.kind,
        place: thing.written.clone(),
        text: Text::new(
            format!("{} is new.{en}", upper(&called.en)),
            format!("新增{}。{zh}", called.zh),
        ),
    });
}

fn removed(thing: &Thing, older: &Workflow, newer: &Workflow) -> Text {
    let called = &thing.called;
    let en = upper(&called.en);
    if thing.kind != ThingKind::State {
        return Text::new(format!("{en} has gone."), format!("{}已取消。", called.zh));
    }
    let path = thing.path.as_str();
    let goes = newer.migrate.get(&older.version).and_then(|how| {
        let stays = how.stay.iter().any(|state| state.as_str() == path);
        let goes = how
            .mapped(path)
            .map(|(state, _)| words::state(newer, state));
        stays
            .then(|| Text::new("its cases stay with their version", "其申请保留原版本"))
            .or_else(|| {
                goes.map(|to| {
                    Text::new(
                        format!("its cases go to {}", to.en),
                        format!("其申请转入{}", to.zh),
                    )
                })
            })
    });
    match goes {
        Some(goes) => Text::new(
            format!("{en} has gone; {}.", goes.en),
            format!("{}已取消，{}。", called.zh, goes.zh),
        ),
        None => Text::new(format!("{en} has gone."), format!("{}已取消。", called.zh)),
    }
}

fn changed(before: &Thing, after: &Thing, changes: &mut Vec<Change>) {
    let mut tell = |text: Text| {
        changes.push(Change {
            how: HowChanged::Changed,
            kind: after.kind,
            place: after.written.clone(),
            text: Text::new(
                format!("{}: {}.", upper(&after.called.en), text.en),
                format!("{}：{}。", after.called.zh, text.zh),
            ),
        });
    };
    let compared_ones = after.facets.iter().filter(|facet| facet.is_compared);
    let labels = compared_ones.map(|facet| &facet.label);
    let gone = before.facets.iter().filter(|facet| facet.is_compared);
    let gone = gone.map(|facet| &facet.label);
    let mut seen: Vec<&Text> = Vec::new();
    for label in labels.chain(gone) {
        if seen.contains(&label) {
            continue;
        }
        seen.push(label);
        let of = |thing: &'_ Thing| {
            let facet = thing.facets.iter().find(|facet| facet.label == *label);
            facet.map(|facet| facet.value.clone())
        };
        for text in compared(label, of(before).as_ref(), of(after).as_ref()) {
            tell(text);
        }
    }
}

/// What has become of one trait of a thing.
fn compared(label: &Text, before: Option<&Value>, after: Option<&Value>) -> Vec<Text> {
    let (en, zh) = (&label.en, &label.zh);
    match (before, after) {
        (Some(before), Some(after)) if before == after => Vec::new(),
        (Some(Value::Many(before)), Some(Value::Many(after))) => {
            let more = missing_in(after, before);
            let less = missing_in(before, after);
            let also = more.map(|more| {
                Text::new(
                    format!("{en}: now also {}", more.en),
                    format!("{zh}增加{}", more.zh),
                )
            });
            let no_longer = less.map(|less| {
                Text::new(
                    format!("{en}: no longer {}", less.en),
                    format!("{zh}不再包括{}", less.zh),
                )
            });
            if also.is_none() && no_longer.is_none() {
                return vec![Text::new(
                    format!("{en}: in another order now"),
                    format!("{zh}的顺序有变化"),
                )];
            }
            also.into_iter().chain(no_longer).collect()
        }
        (Some(Value::Long(_)), Some(Value::Long(_))) => {
            vec![Text::new(
                format!("{en} reads otherwise now"),
                format!("{zh}有修改"),
            )]
        }
        (None, Some(after)) => {
            let after = after.shown();
            vec![Text::new(
                format!("{en}: {}, which is new", after.en),
                format!("新增{zh}：{}", after.zh),
            )]
        }
        (Some(before), None) => {
            let before = before.shown();
            vec![Text::new(
                format!("{en}: nothing any more; it was {}", before.en),
                format!("取消{zh}（原为{}）", before.zh),
            )]
        }
        (Some(before), Some(after)) => {
            let (before, after) = (before.shown(), after.shown());
            // What reads the same in one language has changed in the other.
            let en = if before.en == after.en {
                format!("{en} in Chinese: now {}; it was {}", after.zh, before.zh)
            } else {
                format!("{en}: now {}; it was {}", after.en, before.en)
            };
            let zh = if before.zh == after.zh {
                format!("{zh}的英文由{}改为{}", before.en, after.en)
            } else {
                format!("{zh}由{}改为{}", before.zh, after.zh)
            };
            vec![Text::new(en, zh)]
        }
        (None, None) => Vec::new(),
    }
}

/// Those of the first that are not among the second.
fn missing_in(all: &[Text], others: &[Text]) -> Option<Text> {
    let found: Vec<Text> = all
        .iter()
        .filter(|one| !others.contains(one))
        .cloned()
        .collect();
    (!found.is_empty()).then(|| words::listed(&found))
}

fn upper(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

impl Facet {
    /// The label and the value, if there is something to tell of a new thing.
    fn told<'f>(
        &'f self,
        of: impl Fn(&'f Text) -> &'f String,
        between: &str,
    ) -> Option<(&'f str, String)> {
        let value = match &self.value {
            Value::One(text) => of(text).clone(),
            Value::Many(texts) if texts.is_empty() => return None,
            Value::Many(texts) => {
                let texts: Vec<&str> = texts.iter().map(|text| of(text).as_str()).collect();
                texts.join(between)
            }
            Value::Long(_) => return None,
        };
        self.is_told.then(|| (of(&self.label).as_str(), value))
    }
}

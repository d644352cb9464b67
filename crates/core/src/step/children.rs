//! Child cases (rule 45): which of them an effect opens, what becomes of one that cannot be opened, and that a child
//! ends with its parent. Each is opened in a commit of its own, by whoever carries the step out.

use std::collections::BTreeSet;

use serde_json::{Map, json};

use crate::{
    case::{CaseId, Child, Parent},
    command::Patch,
    expression::{ENGINE_LIST, Value},
    history::What,
    limits,
    outcome::NewChild,
    sight::Beside,
    text::{Language, Text},
    workflow::{Children, End, State, StateKind, Workflow},
};

use super::{
    run::Run,
    seal::{Draft, digest},
};

/// How many cases may be each the child of the one before: workflows could open each other without end.
const MOST_GENERATIONS: u32 = 8;

impl<'a> Run<'a> {
    /// Opens one for each entry that has none open or ended in success; without entries, one.
    pub fn open_children(&mut self, children: &'a Children) {
        if self.generation() >= MOST_GENERATIONS {
            let message = Text::new(
                format!(
                    "Child cases of child cases: more than {MOST_GENERATIONS} generations are not opened."
                ),
                format!("子申请层级超过 {MOST_GENERATIONS} 层，不再打开。"),
            );
            let cause = format!("generations {}", children.name);
            self.incident(cause, "too_many_generations", message);
            return;
        }
        // What could not be opened is tried again, if it is still wanted.
        let before = &mut self.case.children;
        before.retain(|child| child.of != children.name || !child.refused);
        let mut seen = BTreeSet::new();
        for (key, item) in self.entries_of(children) {
            if seen.len() == ENGINE_LIST as usize {
                let message = Text::new(
                    format!(
                        "More than {ENGINE_LIST} child cases at once; the others are not opened."
                    ),
                    format!("一次最多打开 {ENGINE_LIST} 个子申请，其余未打开。"),
                );
                let cause = format!("children {}", children.name);
                self.incident(cause, "too_many_children", message);
                break;
            }
            if seen.insert(key.clone()) && !self.has_child(children, &key) {
                self.open_child(children, key, item.as_ref());
            }
        }
    }

    fn generation(&self) -> u32 {
        let parent = self.case.parent.as_ref();
        parent.map_or(0, |parent| parent.generation)
    }

    /// For what children are wanted: keys, and the items of the list.
    fn entries_of(&self, children: &Children) -> Vec<(String, Option<Value>)> {
        let Some(each) = &children.each else {
            let before = self.case.children.iter();
            let before = before.filter(|child| child.of == children.name).count();
            return vec![((before + 1).to_string(), None)];
        };
        let list = self.value(&each.list);
        let items = list.as_ref().and_then(Value::as_list).unwrap_or(&[]);
        let entries = items.iter().filter_map(|item| {
            let key = self.value_over(&each.key, Some(item))?;
            let key = limits::spelt(&key).into_iter().next()?;
            Some((key, Some(item.clone())))
        });
        entries.collect()
    }

    /// The value of an expression over an item; a failure is written down once.
    fn value_over(
        &self,
        expression: &crate::expression::Expression,
        item: Option<&Value>,
    ) -> Option<Value> {
        let found = expression.evaluate(&Beside {
            sight: &self.sight(),
            own: &|name| item.filter(|_| name == "item").map(|item| Ok(item.clone())),
        });
        self.or_note(expression.source(), found)
    }

    /// Whether the newest child of this key is open (or about to be) or has ended in success.
    fn has_child(&self, children: &Children, key: &str) -> bool {
        let mut of = self.case.children.iter().rev();
        let newest = of.find(|child| child.of == children.name && child.key == key);
        newest.is_some_and(|child| match self.reading.case(child.case) {
            Some(other) => other.end.is_none_or(|end| end == End::Success),
            None => true,
        })
    }

    fn open_child(&mut self, children: &'a Children, key: String, item: Option<&Value>) {
        let mut data = Patch::new();
        for with in &children.with {
            let Some(value) = self.value_over(&with.value, item) else {
                continue;
            };
            let form = data.entry(with.form.to_string());
            let form = form.or_insert_with(|| Map::new().into());
            if let Some(form) = form.as_object_mut() {
                form.insert(with.field.to_string(), value.to_json());
            }
        }
        let id = self.child_id(&children.name, &key);
        self.write(
            Draft::of(What::Child)
                .about(&children.name)
                .with(json!({ "key": key, "case": id })),
        );
        self.case.children.push(Child {
            of: children.name.clone(),
            key,
            case: id,
            refused: false,
        });
        self.children.push(NewChild {
            id,
            workflow: children.workflow.clone(),
            data,
            parent: Parent {
                case: self.case.id,
                workflow: self.workflow.id.clone(),
                partner: self.case.partner.clone(),
                starter: self.case.starter.clone(),
                keep: children.keep,
                generation: self.generation() + 1,
            },
        });
    }

    /// The same whenever this step is stepped again, and in the order of time like all cases' (`UUIDv7`).
    fn child_id(&self, name: &str, key: &str) -> CaseId {
        let before = self.case.children.len().to_be_bytes();
        let parts = [
            self.case.id.0.as_bytes().as_slice(),
            name.as_bytes(),
            key.as_bytes(),
            before.as_slice(),
        ];
        let digest = digest(&parts);
        let mut random = [0; 10];
        random.copy_from_slice(&digest[..10]);
        let millis = u64::try_from(self.now.timestamp_millis()).unwrap_or(0);
        CaseId(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    /// A child could not be opened: an operator is told, and the effect can open it again.
    pub fn not_opened(&mut self, child: CaseId, why: &Text) {
        let mut children = self.case.children.iter_mut();
        let Some(child) = children.find(|known| known.case == child) else {
            return;
        };
        child.refused = true;
        let child = child.clone();
        let why = |language| why.get(language);
        let message = Text::new(
            format!(
                "The child case `{}` could not be opened: {}",
                child.of,
                why(Language::En)
            ),
            format!("无法打开子申请 `{}`：{}", child.of, why(Language::Zh)),
        );
        self.incident(format!("child {}", child.case), "child_not_opened", message);
        self.touched = true;
    }

    /// A child ends with its parent, unless it is to go on.
    pub fn end_with_parent(&mut self) {
        let parent = self.case.parent.as_ref().filter(|parent| !parent.keep);
        let Some(parent) = parent
            .map(|parent| parent.case)
            .filter(|_| self.is_running())
        else {
            return;
        };
        let ended = self.reading.case(parent).and_then(|parent| parent.end);
        if let (Some(_), Some(end)) = (ended, cancelled_in(self.workflow)) {
            let text = "The case that it is a child of has ended.";
            self.place_in(end, text, json!({ "parent": parent }));
        }
    }
}

/// Where a child of this workflow ends that its parent takes with it: the first neutral end, else the first failure.
pub fn cancelled_in(workflow: &Workflow) -> Option<&State> {
    let end = |wanted: End| {
        let mut states = workflow.states.iter();
        states.find(|state| state.kind == StateKind::End(wanted))
    };
    end(End::Neutral).or_else(|| end(End::Failure))
}

//! A workflow in plain words, for people who read no diagrams: what may happen in each state, one sentence a way, and
//! who does it. The short form with arrows, for pictures, is `words`'s.

use countersign_core::{
    name::Name,
    text::Language,
    workflow::{End, State, StateId, StateKind, Workflow},
};

use crate::{
    mark::Mover,
    picture::Way,
    read::{WayRead, ways_of_all},
    words,
};

/// What may happen in one state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateSaid {
    /// What the state is called.
    pub title: String,
    /// Whole sentences, in document order.
    pub sentences: Vec<String>,
}

/// Every state, outer before inner, with what may happen there.
pub fn in_sentences(workflow: &Workflow, language: Language) -> Vec<StateSaid> {
    let ways = ways_of_all(workflow, language);
    let said = Said { workflow, language };
    let states = workflow.states.iter().map(|state| {
        let here = ways.iter().filter(|way| way.from == state.id);
        let mut sentences = said.of_kind(state);
        sentences.extend(here.map(|way| said.of_way(state, way)));
        StateSaid {
            title: said.title(state.id),
            sentences,
        }
    });
    states.collect()
}

struct Said<'w> {
    workflow: &'w Workflow,
    language: Language,
}

impl Said<'_> {
    fn title(&self, state: StateId) -> String {
        let state = self.workflow.states.get(state);
        state.title.get(self.language).to_owned()
    }

    fn pick(&self, en: String, zh: String) -> String {
        match self.language {
            Language::En => en,
            Language::Zh => zh,
        }
    }

    /// What a state is, before what may happen in it.
    fn of_kind(&self, state: &State) -> Vec<String> {
        let states = &self.workflow.states;
        let said = match state.kind {
            StateKind::Leaf => return Vec::new(),
            StateKind::Outer { start } => {
                let first = self.title(start);
                self.pick(
                    format!("It begins with “{first}”."),
                    format!("从“{first}”开始。"),
                )
            }
            StateKind::Tracks => {
                let tracks = states.tree().tracks(state.id);
                let titles: Vec<String> = tracks
                    .map(|track| format!("“{}”", self.title(track)))
                    .collect();
                self.pick(
                    format!("These run at the same time: {}.", titles.join(", ")),
                    format!("以下部分同时进行：{}。", titles.join("、")),
                )
            }
            StateKind::End(End::Success) => self.pick(
                "The case ends here, with success.".into(),
                "申请在此成功结束。".into(),
            ),
            StateKind::End(End::Failure) => self.pick(
                "The case ends here, without success.".into(),
                "申请在此结束，未获通过。".into(),
            ),
            StateKind::End(End::Neutral) => {
                self.pick("The case ends here.".into(), "申请在此结束。".into())
            }
        };
        vec![said]
    }

    fn of_way(&self, state: &State, way: &WayRead) -> String {
        let to = self.title(way.to);
        let (if_en, if_zh) = match (&way.condition, way.is_last_of_several(self.language)) {
            (Some(_), _) => (", on a condition,", "（符合条件时）"),
            (None, true) => (", in all other cases,", "（其他情况下）"),
            (None, false) => ("", ""),
        };
        match &way.by {
            Mover::Named(name) => match way.kind {
                Way::Timer => {
                    let when = state.timers.get(name);
                    let when =
                        when.map_or_else(String::new, |timer| words::timer(timer, self.language));
                    self.pick(
                        format!("By itself ({when}) it goes on{if_en} to “{to}”."),
                        format!("系统自动（{when}）{if_zh}进入“{to}”。"),
                    )
                }
                Way::Decision => self.by_decision(state, name, (if_en, if_zh), &to),
                Way::Action | Way::Otherwise => self.by_action(state, name, (if_en, if_zh), &to),
            },
            Mover::Opening | Mover::NoDecision | Mover::Operator => self.pick(
                format!("If no decision comes about, it goes on{if_en} to “{to}”."),
                format!("未形成决定时{if_zh}进入“{to}”。"),
            ),
        }
    }

    fn by_action(&self, state: &State, name: &Name, (en, zh): (&str, &str), to: &str) -> String {
        let Some(action) = state.actions.get(name) else {
            return String::new();
        };
        let title = action.title.get(self.language);
        let who = self.roles(&action.who.roles, action.who.system);
        self.pick(
            format!("{who} may take “{title}”, which leads{en} to “{to}”."),
            format!("{who}可以进行“{title}”{zh}，进入“{to}”。"),
        )
    }

    fn by_decision(&self, state: &State, name: &Name, (en, zh): (&str, &str), to: &str) -> String {
        let Some(review) = &state.review else {
            return String::new();
        };
        let decision = review.decisions.get(name);
        let title = decision.map_or(name.as_str(), |decision| {
            decision.action.title.get(self.language)
        });
        let who = self.roles(&review.by, false);
        self.pick(
            format!("{who} may decide “{title}”, which leads{en} to “{to}”."),
            format!("{who}可以作出决定“{title}”{zh}，进入“{to}”。"),
        )
    }

    /// Who it is for, at the beginning of a sentence.
    fn roles(&self, roles: &[Name], system: bool) -> String {
        let titles = roles.iter().map(|role| {
            let declared = self.workflow.roles.get(role);
            let title = declared.map_or(role.as_str(), |role| role.title.get(self.language));
            title.to_owned()
        });
        let service = self.pick("A service".into(), "外部服务".into());
        let all: Vec<String> = titles.chain(system.then_some(service)).collect();
        if all.is_empty() {
            return self.pick("Those whose turn it is".into(), "当前处理人".into());
        }
        all.join(&self.pick(" or ".into(), "或".into()))
    }
}

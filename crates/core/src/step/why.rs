//! Why somebody can or cannot take an action: every condition of it by itself, in the order of judging, by the same
//! judges that commands go through. What is given with the click is asked for, not missing.

use std::collections::BTreeSet;

use crate::{
    ballot::{self, Count},
    case::{Case, Lifecycle, PersonId},
    context::Context,
    name::Name,
    outcome::{Missing, Refusal},
    policy::people_of,
    reading::Reading,
    template::Template,
    text::{Language, Text},
    view::{Condition, ConditionStatus, OfferKind, Why, refusal_text},
    workflow::{Localized, Place, Requirement, State, Workflow},
};

use super::{act::Offered, met, run::Run, waits};

/// Everything that decides whether the actor could take this action or decision now. `None`: the workflow has none
/// of this name, or he does not see the case. Complete only if nothing is missing in `reading` afterwards.
pub fn why(
    workflow: &Workflow,
    case: &Case,
    ctx: &Context<'_>,
    reading: &Reading<'_>,
    action: &Name,
) -> Option<Why> {
    let mut run = Run::new(workflow, case.clone(), ctx, reading);
    if run.must_be_seen().is_err() {
        return None;
    }
    let here = run.offering(action, None);
    let declares = |state: &&State| Offered::at(state, action).is_some();
    let state = here.or_else(|| workflow.states.iter().find(declares))?;
    let offered = Offered::at(state, action)?;
    run.cause.at = Some(state.id);
    let mut conditions = vec![run.is_offered(&offered, here.is_some())];
    conditions.extend(run.is_his(&offered));
    conditions.extend(run.brings_all(&offered));
    Some(Why {
        action: action.clone(),
        title: offered.action.title.clone(),
        kind: if offered.decision.is_some() {
            OfferKind::Decision
        } else {
            OfferKind::Action
        },
        state: state.path.clone(),
        conditions,
        who_can: run.who_can(&offered),
    })
}

impl Run<'_> {
    /// The state, and that the case runs.
    fn is_offered(&self, offered: &Offered<'_>, is_here: bool) -> Condition {
        let told = |refusal: &Refusal| refusal_text(refusal, Some(self.workflow)).1;
        let refusal = match self.case.lifecycle {
            Lifecycle::OnHold { .. } => Some(Refusal::OnHold),
            Lifecycle::Running if is_here => None,
            Lifecycle::Running | Lifecycle::Ended { .. } => Some(self.not_here()),
        };
        let title = |language| offered.state.title.get(language).to_owned();
        let fine = || {
            Text::new(
                format!("It is offered in “{}”.", title(Language::En)),
                format!("在“{}”中提供。", title(Language::Zh)),
            )
        };
        Condition {
            line: offered.state.line,
            ..judged(
                offered,
                "state",
                refusal.as_ref().map(told).ok_or_else(fine),
            )
        }
    }

    /// Everything that depends on who he is.
    fn is_his(&self, offered: &Offered<'_>) -> Vec<Condition> {
        let told = |refusal: &Refusal| refusal_text(refusal, Some(self.workflow)).1;
        let stand = |word: &str, refusal: Option<Refusal>, fine: Text| {
            judged(offered, word, refusal.as_ref().map(told).ok_or(fine))
        };
        let standing = self.standing(offered);
        let stranger = standing.is_none().then_some(Refusal::Who { at: None });
        let mut conditions = vec![stand("who", stranger, self.roles_in_words(offered))];
        let Some(standing) = standing else {
            return conditions;
        };
        if let Err(refusal) = self.must_be_unclaimed(offered, &standing) {
            conditions.push(stand("turn", Some(refusal), Text::default()));
        }
        if let Some(when) = &offered.action.when {
            let truth = self.sight_at(offered.state).truth(when);
            let is_true = self.or_note(when.source(), truth).unwrap_or(false);
            let fine = Text::new("Its condition is met.", "条件已满足。");
            conditions.push(Condition {
                expression: Some(when.clone()),
                ..stand("when", (!is_true).then_some(Refusal::When), fine)
            });
        }
        let Some(person) = self.actor().person() else {
            return conditions;
        };
        let owners = standing
            .instead_of
            .iter()
            .filter_map(|id| self.reading.person(id));
        let apart = owners
            .map(|owner| self.must_be_apart(offered, &owner))
            .chain([self.must_be_apart(offered, person)])
            .find_map(Result::err);
        let fine = Text::new("Nothing keeps these duties apart.", "不涉及职责分离。");
        conditions.push(stand("except", apart, fine));
        if offered.decision.is_some() {
            let voted = self.open_votes(offered, person, &standing).err();
            let fine = Text::new("There is no such vote yet.", "尚未投过此票。");
            conditions.push(stand("vote", voted, fine));
        }
        conditions
    }

    /// The words of `require`, then `confirm`, then `code`.
    fn brings_all(&self, offered: &Offered<'_>) -> Vec<Condition> {
        let action = offered.action;
        let mut conditions = Vec::new();
        let words = self.judge_words(offered, None);
        let told = waits::of_forms(&words);
        for (word, missing) in words {
            let rule = match word {
                Requirement::Rule(name) => self.workflow.rules.get(name),
                _ => None,
            };
            let condition = |status, message, at| Condition {
                word: word.name().to_owned(),
                status,
                message,
                expression: rule.map(|rule| rule.check.clone()),
                line: rule.map_or(action.line, |rule| rule.line),
                tells: Vec::new(),
                at,
            };
            if missing.is_empty() {
                let status = if self.is_given_with(word) {
                    ConditionStatus::Asked
                } else {
                    ConditionStatus::Met
                };
                let message = self.fine(word, status == ConditionStatus::Asked);
                conditions.push(Condition {
                    tells: self.told_of(word, None),
                    ..condition(status, message, None)
                });
            }
            let waits =
                rule.and_then(|rule| waits::waits_for(&self.case.content, &rule.check, &told));
            if let (Some(place), false) = (waits, missing.is_empty()) {
                let message = waits::told(self.workflow, place);
                let at = Some(place.clone());
                conditions.push(condition(ConditionStatus::Unmet, message, at));
                continue;
            }
            conditions.extend(missing.into_iter().map(|missing| {
                let Missing { message, at, .. } = missing;
                Condition {
                    tells: self.told_of(word, at.as_ref()),
                    ..condition(ConditionStatus::Unmet, message, at)
                }
            }));
        }
        conditions.extend(self.judge_confirm(action, false).map(|tick| {
            Condition {
                word: tick.name,
                status: ConditionStatus::Asked,
                message: tick.message,
                expression: None,
                line: action.line,
                tells: action
                    .confirm
                    .as_ref()
                    .map_or_else(Vec::new, |confirm| self.shown_in(&confirm.text)),
                at: None,
            }
        }));
        conditions
    }

    /// The places whose values are told when this word of `require` is not met: a form's own words may say what is
    /// there, and a text of the workflow what it shows.
    fn told_of(&self, word: &Requirement, at: Option<&Place>) -> Vec<String> {
        let workflow = self.workflow;
        let text = match word {
            Requirement::Form(_) => return at.map(ToString::to_string).into_iter().collect(),
            Requirement::Rule(name) => workflow.rules.get(name).map(|rule| &rule.otherwise),
            Requirement::Limit(name) => workflow
                .limits
                .get(name)
                .and_then(|limit| limit.otherwise.as_ref()),
            Requirement::Link(name) => workflow
                .links
                .get(name)
                .and_then(|link| link.otherwise.as_ref()),
            Requirement::Material(_)
            | Requirement::Action(_)
            | Requirement::Comment
            | Requirement::Replies
            | Requirement::Code
            | Requirement::CodeIfEnabled => None,
        };
        text.map_or_else(Vec::new, |text| self.shown_in(text))
    }

    fn shown_in(&self, text: &Localized<Template>) -> Vec<String> {
        let expressions = text.en.expressions().chain(text.zh.expressions());
        let paths = expressions.flat_map(|expression| self.workflow.reads_of(expression));
        paths.map(str::to_owned).collect()
    }

    /// Whether what satisfies it comes with the click.
    fn is_given_with(&self, word: &Requirement) -> bool {
        match word {
            Requirement::Form(form) => !self.workflow.some_edit_names(form),
            Requirement::CodeIfEnabled => {
                let person = self.actor().person();
                person.is_some_and(crate::case::Person::verifies)
            }
            Requirement::Comment | Requirement::Code => true,
            Requirement::Material(_)
            | Requirement::Rule(_)
            | Requirement::Limit(_)
            | Requirement::Link(_)
            | Requirement::Action(_)
            | Requirement::Replies => false,
        }
    }

    /// What a word of `require` says where nothing stands in the way, or where it is asked for with the click.
    fn fine(&self, word: &Requirement, is_asked: bool) -> Text {
        let workflow = self.workflow;
        let named = |title: Option<&Text>, en: &str, zh: &str| {
            let title = title.cloned();
            let title = title.unwrap_or_else(|| Text::same(word.name()));
            Text::new(en.replace("{}", &title.en), zh.replace("{}", &title.zh))
        };
        match word {
            Requirement::Form(name) => {
                let title = workflow.forms.get(name).map(|form| &form.title);
                if is_asked {
                    named(title, "You fill in “{}” with it.", "操作时填写“{}”。")
                } else {
                    named(title, "“{}” is filled in.", "“{}”已填写完整。")
                }
            }
            Requirement::Material(name) => {
                let title = workflow.materials.get(name).map(|found| &found.title);
                named(title, "“{}” is there.", "“{}”已提供。")
            }
            Requirement::Link(name) => {
                let title = workflow.links.get(name).map(|link| &link.title);
                named(title, "“{}” is there and fits.", "“{}”已选择且符合要求。")
            }
            Requirement::Action(name) => {
                let mut states = workflow.states.iter();
                let title = states.find_map(|state| Some(&Offered::at(state, name)?.action.title));
                named(title, "“{}” is done.", "“{}”已完成。")
            }
            Requirement::Comment => Text::new("You write a comment with it.", "操作时填写意见。"),
            Requirement::Replies => Text::new("Every comment is answered.", "所有意见均已回复。"),
            Requirement::Code | Requirement::CodeIfEnabled if is_asked => Text::new(
                "You enter a confirmation code with it.",
                "操作时输入验证码。",
            ),
            Requirement::Code | Requirement::CodeIfEnabled => {
                Text::new("No confirmation code is asked for.", "不需要验证码。")
            }
            Requirement::Rule(name) => workflow
                .rules
                .get(name)
                .map_or_else(Text::default, |rule| met::told(workflow, rule)),
            Requirement::Limit(_) => Text::new("There is room for this.", "尚有名额或额度。"),
        }
    }

    fn roles_in_words(&self, offered: &Offered<'_>) -> Text {
        let roles = roles_of(offered);
        let titles = |language| {
            let titles = roles.iter().map(|role| {
                let declared = self.workflow.roles.get(*role);
                declared.map_or(role.as_str(), |role| role.title.get(language))
            });
            titles.collect::<Vec<_>>()
        };
        Text::new(
            format!("It is for: {}.", titles(Language::En).join(", ")),
            format!("适用角色：{}。", titles(Language::Zh).join("、")),
        )
    }

    /// Those who may still vote where a ballot runs; else the people of the roles whom no separation of duties
    /// keeps out.
    fn who_can(&self, offered: &Offered<'_>) -> BTreeSet<PersonId> {
        let sight = self.sight_at(offered.state);
        let runs = offered.decision.is_some() && self.ballot_of(offered.state).is_some();
        if let Some(count) = Count::running(&sight).filter(|_| runs) {
            let substitutes = count.substitutes(&sight).into_iter().map(|(who, _)| who);
            let mut may = count.remaining();
            may.extend(substitutes);
            return may;
        }
        let roles = roles_of(offered).into_iter();
        let mut people: BTreeSet<_> = roles
            .flat_map(|role| people_of(self.workflow, &self.case, role, self.reading))
            .collect();
        people.retain(|id| {
            let person = self.reading.person(id);
            person.is_some_and(|person| {
                let except = offered.action.except.as_ref();
                let is_kept_out =
                    except.is_some_and(|except| ballot::is_excepted(&sight, except, &person));
                !person.disabled && !is_kept_out
            })
        });
        people
    }
}

fn judged(offered: &Offered<'_>, word: &str, said: Result<Text, Text>) -> Condition {
    let (status, message) = match said {
        Ok(refused) => (ConditionStatus::Unmet, refused),
        Err(fine) => (ConditionStatus::Met, fine),
    };
    Condition {
        word: word.to_owned(),
        status,
        message,
        expression: None,
        line: offered.action.line,
        tells: Vec::new(),
        at: None,
    }
}

fn roles_of<'a>(offered: &Offered<'a>) -> Vec<&'a Name> {
    match offered.decision {
        Some((review, _)) => review.by.iter().collect(),
        None => offered.action.who.roles.iter().collect(),
    }
}

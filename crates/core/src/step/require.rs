//! The words of `require`, then `confirm`, then `code`: all of them are judged, and all that fail are told, in the
//! order written.

use crate::{
    case::Copy,
    command::{Act, Code},
    form,
    found::CaseQuery,
    limits,
    name::Name,
    outcome::{Missing, Refusal},
    template::Template,
    text::{Language, Text},
    workflow::{Action, Link, Localized, Place, Requirement, Window, Within},
};

use super::{act::Offered, comments::unanswered, run::Run, waits};

impl Run<'_> {
    /// Judges everything that an action or vote requires.
    pub fn require(&mut self, offered: &Offered<'_>, act: &Act) -> Result<(), Refusal> {
        let words = self.judge_words(offered, Some(act));
        let mut missing = waits::without_waiting(self.workflow, &self.case.content, words);
        missing.extend(self.judge_confirm(offered.action, act.confirm));
        let wanted = self.asks_code(offered.action);
        let code = match self.ctx.code {
            _ if !wanted => None,
            Code::Good => None,
            Code::Bad => Some((
                "The code is wrong or no longer valid.",
                "验证码错误或已失效。",
            )),
            Code::Absent if missing.is_empty() => return Err(Refusal::CodeNeeded),
            Code::Absent => Some(("Enter the code that you are sent.", "请输入收到的验证码。")),
        };
        if let Some((en, zh)) = code {
            missing.push(word("code", Text::new(en, zh)));
        }
        if !missing.is_empty() {
            return Err(Refusal::Missing(missing));
        }
        self.count_within(offered.action);
        Ok(())
    }

    /// Whether the actor is asked for a code: always, or because he has switched verification on.
    pub fn asks_code(&self, action: &Action) -> bool {
        action.require.iter().any(|word| match word {
            Requirement::Code => true,
            Requirement::CodeIfEnabled => {
                let person = self.actor().person();
                person.is_some_and(crate::case::Person::verifies)
            }
            _ => false,
        })
    }

    /// Every word of `require` with what it lacks, in the order written.
    pub fn judge_words<'w>(
        &self,
        offered: &Offered<'w>,
        act: Option<&Act>,
    ) -> Vec<(&'w Requirement, Vec<Missing>)> {
        let words = offered.action.require.iter();
        let judged = words.map(|word| (word, self.judge_word(offered, word, act)));
        judged.collect()
    }

    /// One word of `require`. Without an act (an explanation), what is supplied with the click is not missing.
    fn judge_word(
        &self,
        offered: &Offered<'_>,
        word_: &Requirement,
        act: Option<&Act>,
    ) -> Vec<Missing> {
        match word_ {
            Requirement::Form(name) => self.judge_form(offered, name, act.is_none()),
            Requirement::Material(name) => {
                let Some(material) = self.workflow.materials.get(name) else {
                    return Vec::new();
                };
                let files = self
                    .case
                    .content
                    .materials
                    .get(name)
                    .map_or(&[][..], Vec::as_slice);
                form::enough_files(material, files).into_iter().collect()
            }
            Requirement::Rule(name) => self.judge_rule(name).into_iter().collect(),
            Requirement::Limit(name) => self.judge_limit(name).into_iter().collect(),
            Requirement::Link(name) => {
                let link = self.workflow.links.get(name);
                link.and_then(|link| self.judge_link(link))
                    .into_iter()
                    .collect()
            }
            Requirement::Action(name) => {
                let stands = self
                    .case
                    .taken
                    .iter()
                    .any(|taken| taken.action == *name && taken.fallen.is_none());
                if stands {
                    Vec::new()
                } else {
                    vec![word(name, self.not_taken(name))]
                }
            }
            Requirement::Comment => match act {
                Some(act) if act.comments.iter().all(|comment| comment.internal) => {
                    let message = Text::new("Say why in a comment.", "请填写意见说明原因。");
                    vec![word("comment", message)]
                }
                Some(_) | None => Vec::new(),
            },
            Requirement::Replies => self.judge_replies(),
            Requirement::Code | Requirement::CodeIfEnabled => Vec::new(),
        }
    }

    fn judge_form(&self, offered: &Offered<'_>, name: &Name, dry: bool) -> Vec<Missing> {
        let Some(form) = self.workflow.forms.get(name) else {
            return Vec::new();
        };
        if dry && !self.workflow.some_edit_names(name) {
            return Vec::new();
        }
        let none = serde_json::Map::new();
        if !form.each_reviewer {
            return form::complete(form, self.case.content.forms.get(name).unwrap_or(&none));
        }
        let visit = self.case.visits_of(offered.state.path.as_str());
        let own = |copy: &&Copy| {
            copy.by == self.cause.doer && copy.state == offered.state.path && copy.visit == visit
        };
        let copy = self
            .case
            .content
            .copies
            .get(name)
            .into_iter()
            .flatten()
            .find(own);
        form::complete(form, copy.map_or(&none, |copy| &copy.values))
    }

    fn judge_rule(&self, name: &Name) -> Option<Missing> {
        let rule = self.workflow.rules.get(name)?;
        if self.is_true(&rule.check) {
            return None;
        }
        Some(Missing {
            name: name.to_string(),
            message: self.told(&rule.otherwise),
            at: rule.at.clone(),
        })
    }

    fn judge_limit(&self, name: &Name) -> Option<Missing> {
        let limit = self.workflow.limits.get(name)?;
        // A key that cannot be reckoned holds nothing; the form that lacks its data is told by its own word.
        let place = format!("limits.{name}");
        let places = self.or_wait(&place, limits::places(&self.sight(), limit))?;
        if limits::has_room(&self.sight(), &places) {
            return None;
        }
        Some(self.over(name))
    }

    /// What is told of a limit that has no room.
    pub fn over(&self, name: &Name) -> Missing {
        let limit = self.workflow.limits.get(name);
        let told = limit.and_then(|limit| limit.otherwise.as_ref());
        let default = || Text::new("There is no room left for this.", "名额或额度已用完。");
        let message = told.map_or_else(default, |told| self.told(told));
        Missing {
            name: name.to_string(),
            message,
            at: limit.and_then(|limit| limit.at.clone()),
        }
    }

    /// What a link lacks.
    pub fn judge_link(&self, link: &Link) -> Option<Missing> {
        let picked = self.case.content.links.get(&link.name);
        if picked.is_none() && link.optional {
            return None;
        }
        let query = CaseQuery::of(&self.sight(), link);
        let query = self.or_note(&link.name, query);
        let there = query.is_some_and(|query| match picked {
            _ if link.many.is_some() => !self.reading.found(&query).is_empty(),
            Some(id) => self
                .reading
                .case(*id)
                .is_some_and(|other| query.takes(&other)),
            None => false,
        });
        if there {
            return None;
        }
        let default = || match link.many {
            Some(_) => {
                let title = |language| link.title.get(language);
                Text::new(
                    format!("There is none yet: {}.", title(Language::En)),
                    format!("还没有：{}。", title(Language::Zh)),
                )
            }
            None => chosen(link),
        };
        let message = link
            .otherwise
            .as_ref()
            .map_or_else(default, |told| self.told(told));
        Some(Missing {
            name: link.name.to_string(),
            message,
            at: Some(Place::Whole(link.name.clone())),
        })
    }

    fn not_taken(&self, name: &Name) -> Text {
        let mut states = self.workflow.states.iter();
        let title = states.find_map(|state| Some(Offered::at(state, name)?.action.title.clone()));
        let title = title.unwrap_or_else(|| Text::same(name));
        Text::new(
            format!("Needed first: {}.", title.get(Language::En)),
            format!("需要先完成：{}。", title.get(Language::Zh)),
        )
    }

    /// One entry for each open comment without an answer, all under the name `replies`.
    fn judge_replies(&self) -> Vec<Missing> {
        let open = unanswered(&self.case.content);
        open.map(|comment| {
            let place = comment.at.as_deref();
            let at = place.and_then(|at| self.place_of(at));
            let message = match place {
                Some(place) => Text::new(
                    format!(
                        "Answer the open comment on “{}”.",
                        self.place_title(place, Language::En)
                    ),
                    format!("请回复“{}”的意见。", self.place_title(place, Language::Zh)),
                ),
                None => Text::new("Answer the open comment.", "请回复未处理的意见。"),
            };
            Missing {
                name: "replies".to_owned(),
                message,
                at,
            }
        })
        .collect()
    }

    pub fn judge_confirm(&self, action: &Action, ticked: bool) -> Option<Missing> {
        let confirm = action.confirm.as_ref()?;
        let asked = confirm.when.as_ref().is_none_or(|when| self.is_true(when));
        (asked && !ticked).then(|| word("confirm", self.told(&confirm.text)))
    }

    /// A text of the workflow, filled in from the case, in both languages.
    pub fn told(&self, text: &Localized<Template>) -> Text {
        let zone = self.workflow.surroundings.zone;
        let in_ = |language| {
            let sight = crate::sight::Sight {
                language,
                ..self.sight()
            };
            text.get(language).render(&sight, language, zone).text()
        };
        Text::new(in_(Language::En), in_(Language::Zh))
    }

    /// Counts this step in the `within` limits that the action requires.
    fn count_within(&mut self, action: &Action) {
        for requirement in &action.require {
            let Requirement::Limit(name) = requirement else {
                continue;
            };
            let Some(limit) = self.workflow.limits.get(name) else {
                continue;
            };
            if !matches!(
                limit.window,
                Window::Within(Within::Rolling(_) | Within::Calendar(_))
            ) {
                continue;
            }
            let places = limits::places(&self.sight(), limit);
            if let Some(places) = self.or_note(name, places) {
                self.count_places(places);
            }
        }
    }
}

fn chosen(link: &Link) -> Text {
    let title = |language| link.title.get(language);
    Text::new(
        format!("Choose: {}.", title(Language::En)),
        format!("请选择：{}。", title(Language::Zh)),
    )
}

/// Something missing that has no place.
pub(super) fn word(name: &str, message: Text) -> Missing {
    Missing {
        name: name.to_owned(),
        message,
        at: None,
    }
}

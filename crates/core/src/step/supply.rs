//! What comes with a command: values, comments, replies, files. Who may supply what is `policy`'s, reading values
//! is `form`'s; here they are put into the case, and what follows from a change is done.

use serde_json::Value as Json;

use crate::{
    case::{Comment, CommentId, File, FileId, Lifecycle, Reply},
    command::{Act, NewComment, NewReply, Patch},
    form::{self, CopyOf},
    history::{Change, What},
    name::Name,
    outcome::{Missing, Refusal},
    policy::Policy,
    text::Text,
    workflow::{Place, Thing},
};

use super::{act::Offered, derived::derive, run::Run, seal::Draft};

/// The longest value that is kept for telling what has changed, in bytes of JSON.
const LONGEST_KEPT: usize = 200;

impl<'a> Run<'a> {
    /// Values, comments and replies that come with an action or a vote. Values are an edit first.
    pub fn supply(&mut self, offered: &Offered<'_>, act: &Act) -> Result<(), Refusal> {
        let policy = self.policy();
        let mut allowed = policy.editable();
        allowed.extend(policy.suppliable(offered.action));
        let visit = self.case.visits_of(offered.state.path.as_str());
        let copy = CopyOf {
            by: self.cause.doer.clone(),
            state: offered.state.path.clone(),
            visit,
        };
        self.write_data(&act.data, &allowed, Some(&copy))?;
        for reply in &act.replies {
            self.add_reply(reply)?;
        }
        for comment in &act.comments {
            self.check_comment(comment)?;
        }
        Ok(())
    }

    /// Puts values into the case, if all of them may be written by the actor.
    pub fn write_data(
        &mut self,
        data: &Patch,
        allowed: &std::collections::BTreeSet<Thing>,
        copy: Option<&CopyOf>,
    ) -> Result<(), Refusal> {
        if data.is_empty() {
            return Ok(());
        }
        let places = form::places(self.workflow, data);
        if let Some(place) = Policy::first_foreign(allowed, &places) {
            return Err(Refusal::Who {
                at: Some(place.clone()),
            });
        }
        let content = &mut self.case.content;
        let changes = form::apply(self.workflow, content, data, copy, self.reading)
            .map_err(Refusal::Invalid)?;
        self.changed(&changes);
        Ok(())
    }

    /// Saves a draft. A late one is merged when it touches what nobody changed since.
    pub fn edit(&mut self, data: &Patch) -> Result<(), Refusal> {
        self.must_be_seen()?;
        if let Some(etag) = self.ctx.if_match {
            let places = form::places(self.workflow, data);
            let stale = places.iter().any(|place| self.touched_since(place, etag));
            if stale || etag > self.case.etag {
                return Err(Refusal::Stale {
                    etag: self.case.etag,
                });
            }
        }
        self.must_run()?;
        let allowed = self.policy().editable();
        self.cause.starter_side = self.policy().is_starter_side();
        self.write_data(data, &allowed, None)?;
        self.write(Draft::of(What::Edit));
        Ok(())
    }

    fn touched_since(&self, place: &Place, etag: u64) -> bool {
        let place = place.to_string();
        let inside = |at: &String| {
            at == &place
                || at.starts_with(&format!("{place}."))
                || place.starts_with(&format!("{at}."))
        };
        self.case
            .touched
            .iter()
            .any(|(at, changed)| *changed > etag && inside(at))
    }

    /// Only a running case is written to.
    pub fn must_run(&self) -> Result<(), Refusal> {
        match self.case.lifecycle {
            Lifecycle::Running => Ok(()),
            Lifecycle::OnHold { .. } => Err(Refusal::OnHold),
            Lifecycle::Ended { .. } => Err(self.not_here()),
        }
    }

    /// What follows from a change of content: a new revision, votes that fall, comments that are answered.
    pub fn changed(&mut self, changes: &[Change]) {
        if changes.is_empty() {
            return;
        }
        if !self.revised {
            self.case.revision += 1;
            self.revised = true;
        }
        self.content_changed = true;
        let etag = self.case.etag + 1;
        for change in changes {
            self.case.touched.insert(change.at.clone(), etag);
        }
        self.remember(changes);
        self.answer_comments(changes);
        self.changes.extend(changes.iter().cloned());
        self.fall(changes);
        self.derive();
    }

    /// Keeps what was there when the last review ended, for whoever reviews next.
    fn remember(&mut self, changes: &[Change]) {
        let mut ballots = self.case.ballots.iter();
        if !ballots.any(|ballot| ballot.decided.is_some()) {
            return;
        }
        for Change { at, was, .. } in changes {
            let keeps = was.to_string().len() <= LONGEST_KEPT;
            let kept = self.case.since_review.entry(at.clone());
            kept.or_insert_with(|| keeps.then(|| was.clone()));
        }
    }

    /// Recomputes derived fields.
    pub fn derive(&mut self) {
        let derived = derive(self.workflow, &mut self.case, self.reading, self.now);
        self.changes.extend(derived.changes);
        for (place, failure) in derived.failed {
            self.or_wait::<()>(&place, Err(failure));
        }
    }

    /// Comments by itself.
    pub fn comment(&mut self, comment: &NewComment) -> Result<(), Refusal> {
        self.must_be_seen()?;
        self.must_be_fresh()?;
        self.must_run()?;
        self.cause.starter_side = self.policy().is_starter_side();
        self.check_comment(comment)?;
        self.add_comment(comment);
        Ok(())
    }

    /// Replies by itself.
    pub fn reply(&mut self, reply: &NewReply) -> Result<(), Refusal> {
        self.must_be_seen()?;
        self.must_be_fresh()?;
        self.must_run()?;
        self.cause.starter_side = self.policy().is_starter_side();
        self.add_reply(reply)
    }

    fn check_comment(&self, comment: &NewComment) -> Result<(), Refusal> {
        if comment.text.trim().is_empty() {
            return Err(invalid(
                "comment",
                "The comment is empty.",
                "意见不能为空。",
            ));
        }
        if comment.text.chars().count() > 10_000 {
            return Err(invalid("comment", "The comment is too long.", "意见过长。"));
        }
        if comment.internal && self.cause.starter_side {
            return Err(Refusal::Who { at: None });
        }
        match &comment.at {
            Some(at) if self.place_of(at).is_none() => Err(invalid(
                "comment",
                "There is no such place to comment on.",
                "没有这样的位置可以添加意见。",
            )),
            Some(_) | None => Ok(()),
        }
    }

    /// The form, field, item, material or link that is written so.
    pub fn place_of(&self, at: &str) -> Option<Place> {
        let mut words = at.split('.');
        let (key, workflow) = (words.next()?, self.workflow);
        if let Some((form, declared)) = workflow.forms.get_key_value(key) {
            return match words.next() {
                None => Some(Place::Whole(form.clone())),
                Some(field) => {
                    let (field, _) = declared.fields.get_key_value(field)?;
                    Some(Place::Field(form.clone(), field.clone()))
                }
            };
        }
        let material = workflow.materials.get_key_value(key).map(|(name, _)| name);
        let name: Option<&Name> =
            material.or_else(|| workflow.links.get_key_value(key).map(|(name, _)| name));
        name.map(|name| Place::Whole(name.clone()))
    }

    /// The comments of an action, after its entry.
    pub fn say(&mut self, act: &Act) {
        for comment in &act.comments {
            self.add_comment(comment);
        }
    }

    fn add_comment(&mut self, comment: &NewComment) {
        let id = CommentId(self.new_id("comment"));
        let open = !comment.internal && !self.cause.starter_side;
        self.case.content.comments.push(Comment {
            id,
            at: comment.at.clone(),
            text: comment.text.clone(),
            by: self.cause.doer.clone(),
            recorded_at: self.now,
            internal: comment.internal,
            round: self.case.round,
            by_starter_side: self.cause.starter_side,
            replies: Vec::new(),
            open,
            changed_since: false,
        });
        self.content_changed = true;
        let internal = comment.internal.then_some(true);
        let detail = Self::detail(&[
            ("id", Json::from(id.to_string())),
            ("at", comment.at.clone().into()),
            ("internal", internal.into()),
        ]);
        self.write(Draft::of(What::Comment).saying(&comment.text).with(detail));
    }

    fn add_reply(&mut self, reply: &NewReply) -> Result<(), Refusal> {
        if reply.text.trim().is_empty() {
            return Err(invalid("replies", "The reply is empty.", "回复不能为空。"));
        }
        let (by, at, by_starter_side) =
            (self.cause.doer.clone(), self.now, self.cause.starter_side);
        let hidden = by_starter_side;
        let mut comments = self.case.content.comments.iter_mut();
        let Some(comment) =
            comments.find(|comment| comment.id == reply.comment && !(hidden && comment.internal))
        else {
            return Err(invalid(
                "replies",
                "There is no such comment.",
                "没有这条意见。",
            ));
        };
        comment.replies.push(Reply {
            text: reply.text.clone(),
            by,
            recorded_at: at,
            by_starter_side,
        });
        self.content_changed = true;
        let detail = Self::detail(&[("comment", Json::from(reply.comment.to_string()))]);
        self.write(Draft::of(What::Reply).saying(&reply.text).with(detail));
        Ok(())
    }

    /// Attaches an uploaded file: in place of the old one where only one is kept.
    pub fn attach(&mut self, material: &Name, file: &File) -> Result<(), Refusal> {
        let declared = self.may_change_material(material)?;
        let there = self.case.content.materials.get(material);
        if let Some(problem) = form::fitting_file(declared, there.map_or(&[], Vec::as_slice), file)
        {
            return Err(Refusal::Invalid(vec![problem]));
        }
        let files = self
            .case
            .content
            .materials
            .entry(material.clone())
            .or_default();
        let was = if declared.most == 1 {
            std::mem::take(files)
        } else {
            Vec::new()
        };
        let was = was
            .first()
            .map_or(Json::Null, |file| Json::from(file.name.as_str()));
        files.push(file.clone());
        self.changed(&[Change {
            at: material.to_string(),
            was,
            now: Json::from(file.name.as_str()),
        }]);
        let detail = Self::detail(&[
            ("file", Json::from(file.id.to_string())),
            ("name", Json::from(file.name.as_str())),
            ("sha256", Json::from(file.sha256.as_str())),
        ]);
        self.write(Draft::of(What::Attached).about(material).with(detail));
        Ok(())
    }

    /// Removes a file.
    pub fn detach(&mut self, material: &Name, file: FileId) -> Result<(), Refusal> {
        self.may_change_material(material)?;
        let files = self
            .case
            .content
            .materials
            .entry(material.clone())
            .or_default();
        let Some(position) = files.iter().position(|known| known.id == file) else {
            return Err(invalid(
                material,
                "There is no such file.",
                "没有这个文件。",
            ));
        };
        let gone = files.remove(position);
        self.changed(&[Change {
            at: material.to_string(),
            was: Json::from(gone.name.as_str()),
            now: Json::Null,
        }]);
        let detail = Self::detail(&[
            ("file", Json::from(file.to_string())),
            ("name", Json::from(gone.name)),
        ]);
        self.write(Draft::of(What::Detached).about(material).with(detail));
        Ok(())
    }

    fn may_change_material(
        &mut self,
        material: &Name,
    ) -> Result<&'a crate::workflow::Material, Refusal> {
        self.must_be_seen()?;
        self.must_be_fresh()?;
        self.must_run()?;
        self.cause.starter_side = self.policy().is_starter_side();
        let Some(declared) = self.workflow.materials.get(material) else {
            return Err(invalid(
                material,
                "There is no such material.",
                "没有这样的材料。",
            ));
        };
        if self
            .policy()
            .editable()
            .contains(&Thing::Material(material.clone()))
        {
            Ok(declared)
        } else {
            Err(Refusal::Who {
                at: Some(Place::Whole(material.clone())),
            })
        }
    }
}

pub(super) fn invalid(name: &str, en: &str, zh: &str) -> Refusal {
    Refusal::Invalid(vec![Missing {
        name: name.to_owned(),
        message: Text::new(en, zh),
        at: None,
    }])
}

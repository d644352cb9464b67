//! Comments and their answers. Those that are open are the list of what the applicant has to see to.

use countersign_core::view::CommentView;
use maud::{Markup, html};

use super::{Shown, Typed};
use crate::page::say;

/// Comments at a place, or on the whole case.
pub fn at(shown: &Shown, typed: &Typed, place: Option<&str>) -> Markup {
    let comments = shown.view.comments.iter();
    let here: Vec<&CommentView> = comments
        .filter(|comment| comment.at.as_deref() == place)
        .collect();
    html! {
        @if !here.is_empty() {
            ul.comments { @for comment in here { li { (one(shown, comment, &answer(shown, typed, comment))) } } }
        }
    }
}

/// A comment with its answers, and what comes after them.
pub fn one(shown: &Shown, comment: &CommentView, after: &Markup) -> Markup {
    let language = shown.language();
    html! {
        div.comment.internal[comment.internal] id={ "comment-" (comment.id) } {
            p.by {
                strong { (by(shown, comment.by.as_deref())) }
                " · " (shown.clock.moment(comment.recorded_at))
                " · " (say(language, "round ", "第 ")) (comment.round) (say(language, "", " 轮"))
                @if comment.internal { " · " span.tag { (say(language, "internal", "内部")) } }
                @if comment.open { " · " span.tag.open { (say(language, "open", "待答复")) } }
            }
            p.prose { (comment.text) }
            @for reply in &comment.replies {
                div.reply {
                    p.by { strong { (by(shown, reply.by.as_deref())) } " · " (shown.clock.moment(reply.recorded_at)) }
                    p.prose { (reply.text) }
                }
            }
            (after)
        }
    }
}

/// A box for an answer, folded away, for whoever may comment; what is on the list of things to see to has its box there.
pub fn answer(shown: &Shown, typed: &Typed, comment: &CommentView) -> Markup {
    let language = shown.language();
    if !shown.possible.comment || is_on_list(shown, comment) {
        return html! {};
    }
    let name = format!("reply.{}", comment.id);
    let text = typed.value(&name).unwrap_or_default();
    html! {
        details.remark open[!text.is_empty()] {
            summary { (say(language, "Answer", "答复")) }
            label.hidden for=(name) { (say(language, "Your answer", "您的答复")) }
            textarea id=(name) name=(name) rows="2" { "\n" (text) }
        }
    }
}

/// A box for a comment on one place, folded away, for whoever may comment.
pub fn remark(shown: &Shown, typed: &Typed, place: &str) -> Markup {
    let language = shown.language();
    if !shown.possible.comment || shown.edits() {
        return html! {};
    }
    let name = format!("at.{place}");
    let text = typed.value(&name).unwrap_or_default();
    html! {
        details.remark open[!text.is_empty()] {
            summary { (say(language, "Comment", "添加意见")) span.hidden { " " (shown.place_title(place)) } }
            label.hidden for=(name) { (say(language, "Comment on ", "意见：")) (shown.place_title(place)) }
            textarea id=(name) name=(name) rows="2" { "\n" (text) }
        }
    }
}

/// What was said of the whole case; where the applicant answers, that is on the list already.
pub fn of_all(shown: &Shown, typed: &Typed) -> Markup {
    let language = shown.language();
    let said = shown.view.comments.iter();
    let said: Vec<&CommentView> = said
        .filter(|comment| comment.at.is_none() && !is_on_list(shown, comment))
        .collect();
    html! {
        @if !said.is_empty() {
            section aria-labelledby="comments" { h2 #comments { (say(language, "Comments", "意见")) }
                @for comment in said { (one(shown, comment, &answer(shown, typed, comment))) }
            }
        }
    }
}

fn is_on_list(shown: &Shown, comment: &CommentView) -> bool {
    shown.edits() && comment.open
}

fn by(shown: &Shown, id: Option<&str>) -> String {
    match id {
        Some(id) => shown.name(id).to_owned(),
        None => say(shown.language(), "A reviewer", "评审人").to_owned(),
    }
}

/// What the applicant has to see to before the next round: one entry a comment, each with a link to its place and a
/// box for an answer; ticked when answered or when its place was changed.
pub fn checklist(shown: &Shown, typed: &Typed) -> Markup {
    let language = shown.language();
    let open: Vec<&CommentView> = shown
        .view
        .comments
        .iter()
        .filter(|comment| comment.open)
        .collect();
    let done = open.iter().filter(|comment| comment.answered).count();
    html! {
        @if !open.is_empty() {
            section.checklist aria-labelledby="to-do" {
                h2 #to-do { (say(language, "What to see to", "需要处理的意见")) }
                p.progress {
                    progress max=(open.len()) value=(done) aria-labelledby="to-do" {}
                    " " (done) " / " (open.len())
                }
                ol {
                    @for comment in open {
                        @let ticked = comment.answered;
                        li.ticked[ticked] {
                            p.place {
                                span.tick aria-hidden="true" { @if ticked { "✓" } @else { "○" } }
                                @if let Some(at) = &comment.at {
                                    a href={ "#" (at) } { (shown.place_title(at)) }
                                } @else { (say(language, "The whole case", "整个申请")) }
                                @if ticked { " " span.tag { (say(language, "seen to", "已处理")) } }
                            }
                            (one(shown, comment, &html! {}))
                            @let name = format!("reply.{}", comment.id);
                            label for=(name) { (say(language, "Your answer", "您的答复")) }
                            textarea id=(name) name=(name) rows="2" { "\n" (typed.value(&name).unwrap_or_default()) }
                        }
                    }
                }
            }
        }
    }
}

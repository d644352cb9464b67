//! Whose turn it is, as far as that can change hands: claimed, given back, handed on. The buttons are there where the
//! engine says that the command would be taken.

use countersign_core::{case::PersonId, command::Command};
use maud::{Markup, html};

use super::{Shown, Typed};
use crate::{
    door::{Fields, Visitor},
    page::say,
};

/// The form that the buttons of this belong to, wherever on the page they stand.
const FORM: &str = "turns";

/// Whether a button of this says so.
pub fn is_known(turn: &str) -> bool {
    matches!(turn, "claim" | "release" | "delegate" | "reassign")
}

/// What a button of this asks for.
pub fn command(turn: &str, fields: &Fields) -> Option<Command> {
    let reason = fields.text("reason").unwrap_or_default().to_owned();
    match turn {
        "claim" => Some(Command::Claim),
        "release" => Some(Command::Release { reason }),
        "delegate" => Some(Command::Delegate {
            to: person(fields.text("to")),
            reason,
        }),
        "reassign" => Some(Command::Reassign {
            from: fields.text("from").map(|from| person(Some(from))),
            to: person(fields.text("to")),
            reason,
        }),
        _ => None,
    }
}

/// A person as suggested ("Lena Fischer (lena)"), or as typed: an id or a mail address.
fn person(typed: Option<&str>) -> PersonId {
    let typed = typed.unwrap_or_default();
    let inner = typed
        .strip_suffix(')')
        .and_then(|typed| typed.rsplit_once('('));
    PersonId::new(inner.map_or(typed, |(_, id)| id))
}

/// What was done, in words.
pub fn told(turn: &str, shown: &Shown) -> Option<&'static str> {
    let language = shown.language();
    Some(match turn {
        "claim" => say(
            language,
            "It is yours alone now.",
            "已认领，目前仅由您处理。",
        ),
        "release" => say(language, "You have given it back.", "已退回认领。"),
        "delegate" => say(language, "You have handed it on.", "已转交。"),
        "reassign" => say(language, "It is handed over.", "已重新指派。"),
        "take_back" => say(language, "Your vote is taken back.", "投票已撤回。"),
        _ => return None,
    })
}

/// The empty form that the inputs of [`turns`] belong to: they stand within the form of the decision.
pub fn outside(visitor: &Visitor, shown: &Shown) -> Markup {
    html! {
        form id=(FORM) method="post" action={ "/cases/" (shown.view.number) } { (visitor.seal()) }
    }
}

/// Who has it, and what can be done about that.
pub fn turns(shown: &Shown, typed: &Typed) -> Markup {
    let language = shown.language();
    let possible = &shown.possible;
    let me = shown.scene.actor.person().map(|person| &person.id);
    let mine = shown
        .view
        .review
        .as_ref()
        .and_then(|review| review.mine.as_ref());
    html! {
        @if let Some((by, until)) = &possible.claimed {
            p.claimed {
                strong { @if Some(by) == me { (say(language, "You have taken it", "您已认领")) } @else { (shown.name(by.as_str())) " " (say(language, "has taken it", "已认领")) } }
                (say(language, " until ", "，有效至 ")) (shown.clock.moment(*until))
            }
        }
        @if let Some(mine) = mine {
            p.mine { (say(language, "You voted: ", "您的投票：")) strong { (shown.action_title(mine)) } " "
                button.second.small type="submit" form=(FORM) name="take_back" value=(mine) { (say(language, "Take my vote back", "撤回投票")) } }
        }
        @if possible.claim || possible.release {
            p.buttons {
                @if possible.claim && possible.claimed.as_ref().map(|(by, _)| by) != me { button.second.small type="submit" form=(FORM) name="turn" value="claim" { (say(language, "Take it alone", "认领")) } }
                @if possible.release { button.second.small type="submit" form=(FORM) name="turn" value="release" { (say(language, "Give it back", "退回认领")) } }
            }
        }
        @if possible.delegate { (hand_on(shown, typed, "delegate")) }
        @if possible.reassign && !possible.delegate { (hand_on(shown, typed, "reassign")) }
    }
}

fn hand_on(shown: &Shown, typed: &Typed, turn: &str) -> Markup {
    let language = shown.language();
    let is_own = turn == "delegate";
    let owners = shown.view.waiting_for.iter();
    let owners = owners.flat_map(|waiting| waiting.people.iter().flatten());
    let (title, button) = if is_own {
        (
            say(language, "Hand it to somebody else", "转交他人"),
            say(language, "Hand it on", "转交"),
        )
    } else {
        (
            say(language, "Hand it over (operator)", "重新指派（运维）"),
            say(language, "Hand it over", "重新指派"),
        )
    };
    let opened = typed.value("turn") == Some(turn);
    html! {
        details.hand-on open[opened] {
            summary { (title) }
            @if !is_own {
                div.field {
                    label for="from" { (say(language, "Whose turn", "原处理人")) }
                    select #from name="from" form=(FORM) {
                        @for id in owners { option value=(id) selected[typed.value("from") == Some(id.as_str())] { (shown.name(id.as_str())) } }
                    }
                }
            }
            div.field.wrong[typed.fault("to").is_some()] {
                label for="to" { (say(language, "To whom", "转交给")) }
                p.hint #to-hint { (say(language, "A person’s id or mail address.", "用户编号或邮箱地址。")) }
                @if let Some(fault) = typed.fault("to") { p.fault #to-wrong { (fault.message) } }
                input #to type="text" name="to" form=(FORM) list="colleagues" autocomplete="off" aria-describedby="to-hint" value=(typed.value("to").unwrap_or_default());
                datalist #colleagues {
                    @for (id, name) in &shown.possible.suggested { option value={ (name) " (" (id) ")" } {} }
                }
            }
            div.field {
                label for="reason" { (say(language, "Why", "原因")) @if is_own { (say(language, " (optional)", "（选填）")) } }
                input #reason type="text" name="reason" form=(FORM) autocomplete="off" value=(typed.value("reason").unwrap_or_default());
            }
            button.second type="submit" form=(FORM) name="turn" value=(turn) { (button) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::person;

    #[test]
    fn a_person_is_named_as_suggested_or_by_id_or_address() {
        for (typed, id) in [
            ("Lena Fischer (lena)", "lena"),
            ("lena", "lena"),
            ("lena@example.com", "lena@example.com"),
            ("", ""),
        ] {
            assert_eq!(person(Some(typed)).as_str(), id);
        }
    }
}

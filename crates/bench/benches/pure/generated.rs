//! A workflow of any size, to see how the checker grows: each state leads on, back and across, under conditions.

use std::fmt::Write as _;

use countersign_language::source::Files;

/// A workflow of so many states and transitions between them.
pub fn files(states: usize, transitions: usize) -> Files {
    let mut files = Files::default();
    files.add("shared.yaml", SHARED);
    files.add("large.yaml", workflow(states, transitions));
    files
}

const SHARED: &str = "shared: 1
languages: [en]
timezone: Asia/Shanghai
roles:
  applicant: { title: Applicant, is: starter }
  clerk: { title: Clerk, group: clerks }
";

const HEAD: &str = "workflow: large
version: 1
number: \"L-{year}-{seq:5}\"
title: Large
case_title: order.customer
forms:
  order:
    title: Order
    fields:
      customer: { title: Customer, type: string, maxLength: 80 }
      amount: { title: Amount, type: money, minimum: 1 }
      urgent: { title: Urgent, type: boolean }
open: { who: clerk, require: [order], to: s0 }
states:
";

fn workflow(states: usize, transitions: usize) -> String {
    let mut text = HEAD.to_owned();
    let ends = 2;
    let leading = states - ends;
    for at in 0..leading {
        let actions = transitions / leading + usize::from(at < transitions % leading);
        // Writing into a string cannot fail.
        let _ = write!(text, "  s{at}:\n    title: State {at}\n    actions:\n");
        for action in 0..actions {
            let to = target(at, action, leading);
            let when = match action % 4 {
                1 => format!("when: order.amount > {}, ", 1000 * action + at),
                2 => "when: order.urgent && case.round < 5, ".to_owned(),
                3 => format!("when: order.customer != 'c{at}' || order.amount <= 50, "),
                _ => String::new(),
            };
            let _ = writeln!(
                text,
                "      a{action}: {{ title: Take {action}, who: clerk, {when}to: {to} }}"
            );
        }
    }
    text.push_str(
        "  done: { title: Done, end: success }\n  dropped: { title: Dropped, end: failure }\n",
    );
    text
}

/// On, back by one, across, or to an end.
fn target(at: usize, action: usize, leading: usize) -> String {
    match action {
        0 if at + 1 == leading => "done".to_owned(),
        0 => format!("s{}", at + 1),
        1 => format!("s{}", at.saturating_sub(1)),
        2 => "dropped".to_owned(),
        more => format!("s{}", (at * 7 + more * 31) % leading),
    }
}

//! The small workflows that the tests run: one of deals, one of experts, one of invitations.

use super::{build::*, shared::workflow};
use crate::workflow::*;

fn things(words: &[&str]) -> Vec<Thing> {
    words
        .iter()
        .map(|word| {
            if *word == "report" {
                Thing::Material(name(word))
            } else {
                Thing::Form(name(word))
            }
        })
        .collect()
}

const DEAL: Paths = Paths(&[
    "draft",
    "review",
    "changes_requested",
    "approved",
    "approved.result_ready",
    "approved.acceptance",
    "approved.accepted",
    "rejected",
    "withdrawn",
]);

/// Draft, review by `votes`, changes or rejection, acceptance by others.
pub fn deal(votes: Votes) -> Workflow {
    let p = &DEAL;
    let states = vec![
        deal_draft(),
        deal_review(votes),
        deal_changes(),
        p.state("approved").enter(notify("to_fix")),
        p.state("approved.result_ready")
            .edit("applicant", &things(&["report"]))
            .with(requiring(
                action("apply", &["applicant"], p.to("approved.acceptance")),
                &[Requirement::Material(name("report"))],
            )),
        deal_acceptance(),
        p.state("approved.accepted").end(End::Success),
        p.state("rejected")
            .edit("applicant", &things(&["deal"]))
            .with(deal_resubmit()),
        p.state("withdrawn").end(End::Neutral),
    ];
    workflow(
        "deal",
        action("open", &["partner_user"], p.to("draft")),
        states,
    )
}

fn deal_draft() -> State {
    let p = &DEAL;
    p.state("draft")
        .edit("applicant", &things(&["deal", "report"]))
        .with(requiring(
            action("submit", &["applicant"], p.to("review")),
            &[form("deal")],
        ))
        .with(action("discard", &["applicant"], p.to("withdrawn")))
        .timer(timer(
            "tidy_up",
            TimerWhen::After(length("90 days")),
            vec![],
            Some(p.choice("withdrawn")),
        ))
}

fn deal_review(votes: Votes) -> State {
    let p = &DEAL;
    let commented =
        |id, who: &[&str], to| requiring(action(id, who, p.to(to)), &[Requirement::Comment]);
    let by_one = |id, to| Decision::new(commented(id, &[], to), Votes::Number(1));
    let approve = Decision::new(
        requiring(
            action("approve", &[], p.to("approved")),
            &[form("evaluation")],
        ),
        votes,
    );
    let remind = TimerWhen::Every(Every {
        every: length("1 business day"),
        from: From::Due,
        times: Some(5),
    });
    p.state("review")
        .due("3 business days")
        .enter(notify("review_wanted"))
        .review(review(
            "reviewer",
            vec![
                approve,
                by_one("reject", "rejected"),
                by_one("request_changes", "changes_requested"),
            ],
        ))
        .with(commented("withdraw", &["applicant"], "withdrawn"))
        .timer(timer("remind", remind, vec![notify("review_wanted")], None))
}

fn deal_changes() -> State {
    let p = &DEAL;
    p.state("changes_requested")
        .edit("applicant", &things(&["deal", "report"]))
        .enter(notify("to_fix"))
        .with(deal_resubmit())
        .timer(timer(
            "lapse",
            TimerWhen::After(length("30 days")),
            vec![],
            Some(p.choice("withdrawn")),
        ))
}

fn deal_resubmit() -> Action {
    requiring(
        action("resubmit", &["applicant"], DEAL.to("review")),
        &[form("deal"), Requirement::Replies],
    )
}

fn deal_acceptance() -> State {
    let p = &DEAL;
    let decisions = vec![
        decision("accept", Votes::Number(1), p.to("approved.accepted")),
        decision("return", Votes::Number(1), p.to("approved.result_ready")),
    ];
    p.state("approved.acceptance")
        .enter(notify("review_wanted"))
        .review(Review {
            except: Some(who_voted_in(p.id("review"))),
            ..review("manager", decisions)
        })
}

fn who_voted_in(state: StateId) -> Except {
    Except {
        voted_in: vec![state],
        ..Except::default()
    }
}

const PANEL: Paths = Paths(&[
    "draft",
    "evaluation",
    "evaluation.experts",
    "evaluation.sign_off",
    "changes_requested",
    "passed",
    "failed",
]);

/// Three experts of whom two decide, then one manager; a return comes back to where it was asked for.
pub fn panel() -> Workflow {
    let p = &PANEL;
    let resubmit = requiring(
        action(
            "resubmit",
            &["applicant"],
            Target::Resume(p.id("evaluation")),
        ),
        &[form("deal")],
    );
    let states = vec![
        panel_draft(),
        p.state("evaluation"),
        panel_experts(),
        panel_sign_off(),
        p.state("changes_requested")
            .edit("applicant", &things(&["deal", "report"]))
            .with(resubmit),
        p.state("passed").end(End::Success),
        p.state("failed").end(End::Failure),
    ];
    workflow(
        "panel",
        action("open", &["partner_user"], p.to("draft")),
        states,
    )
}

fn panel_draft() -> State {
    let p = &PANEL;
    let void = Effect::Void {
        of: names(&["agree"]),
        by: None,
    };
    p.state("draft")
        .edit("applicant", &things(&["deal", "report"]))
        .with(requiring(
            action("agree", &["manager"], Target::Stay),
            &[form("deal")],
        ))
        .with(doing(
            action("disagree", &["manager"], Target::Stay),
            vec![void],
        ))
        .with(requiring(
            action("submit", &["applicant"], p.to("evaluation")),
            &[form("deal"), Requirement::Action(name("agree"))],
        ))
}

fn panel_experts() -> State {
    let p = &PANEL;
    let scored = |id, to| {
        let scored = requiring(action(id, &[], p.to(to)), &[form("score")]);
        Decision::new(scored, Votes::Number(2))
    };
    let decisions = vec![
        scored("approve", "evaluation.sign_off"),
        scored("reject", "failed"),
        decision(
            "request_changes",
            Votes::Number(2),
            p.to("changes_requested"),
        ),
    ];
    p.state("evaluation.experts")
        .enter(notify("review_wanted"))
        .review(Review {
            assign: Some(3),
            otherwise: Some(Otherwise {
                effects: vec![],
                to: p.choice("evaluation.sign_off"),
            }),
            ..review("expert", decisions)
        })
}

fn panel_sign_off() -> State {
    let p = &PANEL;
    let sign = Decision::new(
        requiring(action("sign", &[], p.to("passed")), &[Requirement::Code]),
        Votes::Number(2),
    );
    let request_changes = decision(
        "request_changes",
        Votes::Number(1),
        p.to("changes_requested"),
    );
    p.state("evaluation.sign_off")
        .enter(notify("review_wanted"))
        .review(Review {
            except: Some(who_voted_in(p.id("evaluation.experts"))),
            ..review("manager", vec![sign, request_changes])
        })
}

const INVITATION: Paths = Paths(&["waiting", "expired", "accepted", "declined"]);

/// A link that lives for seven days; at most three a day.
pub fn invitation() -> Workflow {
    let p = &INVITATION;
    let limit = Requirement::Limit(name("a_day"));
    let resend = || {
        requiring(
            action("resend", &["administrator"], p.to("waiting")),
            std::slice::from_ref(&limit),
        )
    };
    let accept = requiring(
        action("accept", &["invitee"], p.to("accepted")),
        &[Requirement::Code],
    );
    let states = vec![
        p.state("waiting")
            .enter(notify("invite"))
            .with(doing(accept, vec![Effect::Call(name("add_member"))]))
            .with(action("decline", &["invitee"], p.to("declined")))
            .with(resend())
            .timer(timer(
                "remind",
                TimerWhen::After(length("5 days")),
                vec![notify("invite")],
                None,
            ))
            .timer(timer(
                "expire",
                TimerWhen::After(length("7 days")),
                vec![],
                Some(p.choice("expired")),
            )),
        p.state("expired").with(resend()),
        p.state("accepted").end(End::Success),
        p.state("declined").end(End::Failure),
    ];
    let open = requiring(
        action("open", &["administrator"], p.to("waiting")),
        &[form("deal"), limit],
    );
    let mut workflow = workflow("invitation", open, states);
    workflow.limits.insert(
        name("a_day"),
        Limit {
            name: name("a_day"),
            count: Amount::Fixed(3),
            per: Per::Actor,
            adds: Amount::Fixed(1),
            counting: None,
            window: Window::Within(Within::Rolling(length("1 day"))),
            same_partner: false,
            otherwise: None,
            at: None,
            line: 0,
        },
    );
    workflow
}

pub const PAYMENT: Paths = Paths(&[
    "filling",
    "review",
    "correction",
    "paying",
    "paid",
    "cancelled",
]);

/// A payment whose deadline is a date of its own, which is paid by a hook and answered by a service.
pub fn payment() -> Workflow {
    let p = &PAYMENT;
    let failed = requiring(
        action("failed", &["manager", "system"], p.to("correction")),
        &[Requirement::Comment],
    );
    let states = vec![
        p.state("filling")
            .edit("applicant", &things(&["deal"]))
            .with(requiring(
                action("submit", &["applicant"], p.to("review")),
                &[form("deal")],
            ))
            .timer(timer(
                "too_late",
                TimerWhen::At(cel("deal.until")),
                vec![],
                Some(p.choice("cancelled")),
            )),
        p.state("review").review(review(
            "reviewer",
            vec![
                decision("approve", Votes::Number(2), p.to("paying")),
                decision("return", Votes::Number(1), p.to("correction")),
            ],
        )),
        p.state("correction")
            .edit("applicant", &things(&["deal"]))
            .with(requiring(
                action("resubmit", &["applicant"], p.to("review")),
                &[form("deal")],
            )),
        p.state("paying")
            .enter(Effect::Call(name("pay")))
            .with(action("paid", &["manager", "system"], p.to("paid")))
            .with(failed),
        p.state("paid").end(End::Success),
        p.state("cancelled").end(End::Neutral),
    ];
    workflow(
        "payment",
        action("open", &["partner_user"], p.to("filling")),
        states,
    )
}

//! The routes of pages, and what every request passes through. A GET changes nothing.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{get, post},
};

use crate::{
    WebState, absence, account, answer, case, cases, decide_many, door, inbox, link, mailbox, me,
    new, operate, page, stop, workflow,
};

/// The pages.
pub fn routes(state: WebState) -> Router {
    Router::new()
        .route("/", get(inbox::inbox))
        .route("/decide", post(decide_many::decide_many))
        .route("/cases", get(cases::cases))
        .merge(of_case())
        .route("/new", get(new::list))
        .route("/new/{workflow}", get(new::show).post(new::open))
        .merge(workflow::routes())
        .merge(operate::routes())
        .route("/sign-in", get(door::show_sign_in).post(door::sign_in))
        .route("/sign-in/provider", get(door::to_provider))
        .route(door::WAY_BACK, get(door::back))
        .route("/sign-in/{token}", get(door::welcome).post(door::enter))
        .route("/account", get(account::account))
        .route("/account/app", post(account::put_app))
        .route("/account/app/remove", post(account::remove_app))
        .route("/sign-out", post(door::sign_out))
        .route(
            "/password/{token}",
            get(door::show_password).post(door::set_password),
        )
        .merge(of_link())
        .route("/stop-mails/{token}", get(stop::show).post(stop::stop))
        .route("/me", get(me::show).post(me::keep))
        .route("/me/away", post(absence::keep))
        .route("/mailbox", get(mailbox::mailbox))
        .route("/mailbox/{id}", get(mailbox::mail))
        .route("/assets/style.css", get(page::style))
        .route("/assets/keys.js", get(page::keys))
        .route("/assets/drafts.js", get(page::drafts))
        .route("/assets/live.js", get(page::live))
        .route("/assets/picture.js", get(page::picture))
        .route("/assets/icon.svg", get(page::icon))
        .layer(middleware::from_fn_with_state(
            state.clone(),
            door::remember_language,
        ))
        .layer(middleware::from_fn_with_state(
            state.clone(),
            door::from_here,
        ))
        .with_state(state)
}

fn of_link() -> Router<WebState> {
    let answer = post(answer::answer).layer(DefaultBodyLimit::disable());
    Router::new().route("/l/{token}", get(link::show).merge(answer))
}

fn of_case() -> Router<WebState> {
    // How much a file may have is its material's to say.
    let decide = post(case::decide).layer(DefaultBodyLimit::disable());
    Router::new()
        .route("/cases/{number}", get(case::case).merge(decide))
        .route("/cases/{number}/everything", get(case::everything))
        .route("/cases/{number}/changes", get(case::changes))
        .route("/cases/{number}/files", get(case::files_of_case))
        .route("/cases/{number}/history", get(case::history))
        .route("/cases/{number}/why", get(case::why))
        .route("/cases/{number}/diagram", get(case::diagram))
        .route("/cases/{number}/diagram.svg", get(case::picture))
        .route(
            "/cases/{number}/files/{material}/{file}",
            get(case::download),
        )
}

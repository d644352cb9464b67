//! What is served over HTTP, and the kept mails as the API shows them.

use std::{sync::Arc, time::Duration};

use axum::{Router, middleware};
use countersign_api::{ApiState, KeptLink, KeptMail, Limiter, Mailbox};
use countersign_notifier::Memory;
use countersign_web::WebState;
use tokio_util::sync::CancellationToken;

use super::stories::Told;
use crate::{demo, workflows::Source};

/// How often the rate limits forget who has not been seen for a while.
const FORGET_EVERY: Duration = Duration::from_mins(1);

/// The API and the pages, as they are reached at this address.
pub fn router(
    state: ApiState,
    url: &str,
    mailbox: Option<Arc<Memory>>,
    workflows: Source,
) -> Router {
    let mut pages = WebState::new(state.engine.clone(), url);
    pages.stories = Some(Arc::new(Told::new(workflows)));
    pages.mailbox =
        mailbox.map(|memory| Arc::new(KeptMails(memory)) as Arc<dyn countersign_web::Mailbox>);
    pages.stopping = state.stopping.clone();
    // Only where time is ours to move may anybody be whom they like.
    if state.clock.is_some() {
        pages.demo = demo::to_choose_from().into();
    }
    let elsewhere = middleware::from_fn_with_state(pages.clone(), countersign_web::nowhere);
    let pages = countersign_web::routes(pages);
    let pages = countersign_api::guard_pages(pages, &state.limits, countersign_web::too_many);
    countersign_api::router(state).merge(pages).layer(elsewhere)
}

/// Keeps the memory of the rate limits small until it is told to stop.
pub async fn forget(limits: Arc<Limiter>, stop: CancellationToken) {
    while stop
        .run_until_cancelled(tokio::time::sleep(FORGET_EVERY))
        .await
        .is_some()
    {
        limits.forget();
    }
}

/// The mailbox in memory as the API shows it.
pub struct KeptMails(pub Arc<Memory>);

impl Mailbox for KeptMails {
    fn mails(&self, to: Option<&str>) -> Vec<KeptMail> {
        self.0
            .mails(to)
            .into_iter()
            .map(|mail| KeptMail {
                id: mail.id.to_string(),
                to: mail.to,
                subject: mail.subject,
                text: mail.text,
                html: mail.html,
                sent_at: mail.sent_at,
                message: mail.message,
                case: mail.case,
                links: mail
                    .links
                    .into_iter()
                    .map(|link| KeptLink {
                        action: link.action,
                        url: link.url,
                    })
                    .collect(),
            })
            .collect()
    }
}

impl countersign_web::Mailbox for KeptMails {
    fn mails(&self, to: Option<&str>) -> Vec<countersign_web::ShownMail> {
        let mails = self.0.mails(to).into_iter();
        mails
            .map(|mail| countersign_web::ShownMail {
                id: mail.id.to_string(),
                to: mail.to,
                subject: mail.subject,
                text: mail.text,
                html: mail.html,
                sent_at: mail.sent_at,
            })
            .collect()
    }
}

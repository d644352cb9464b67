//! The HTTP server, and the kept mails as the API shows them.

use std::sync::Arc;

use axum::serve::ListenerExt as _;
use countersign_api::{ApiState, KeptLink, KeptMail, Mailbox};
use countersign_notifier::Memory;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Serves until it is told to stop, then finishes what is under way.
pub async fn serve(
    listener: TcpListener,
    state: ApiState,
    mailbox: Option<Arc<Memory>>,
    stop: CancellationToken,
) {
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
    });
    let pages = countersign_web::routes(countersign_web::WebState {
        engine: state.engine.clone(),
        mailbox: mailbox
            .map(|memory| Arc::new(KeptMails(memory)) as Arc<dyn countersign_web::Mailbox>),
    });
    let served = axum::serve(listener, countersign_api::router(state).merge(pages))
        .with_graceful_shutdown(stop.cancelled_owned());
    if let Err(error) = served.await {
        tracing::error!(%error, "serving ended");
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
                to: mail.to,
                subject: mail.subject,
                text: mail.text,
                sent_at: mail.sent_at,
                links: mail
                    .links
                    .into_iter()
                    .map(|link| (link.action, link.url))
                    .collect(),
            })
            .collect()
    }
}

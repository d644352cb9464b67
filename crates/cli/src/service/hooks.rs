//! How hooks are called: over HTTP, or answered by the product itself, as `demo` does.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use countersign_core::{
    case::{Actor, CaseId, Channel, DeliveryId, ServiceId},
    command::{Act, Command},
    time::Time,
};
use countersign_engine::{
    Engine, Error, HookForms, Manner,
    ports::{Clock, store::CaseAddress},
};
use countersign_notifier::{
    AnswerHooks, Endpoint, HookCall, HookTransport, HttpHooks, LocalHooks, SendError, Sent,
};

/// The service that plays the systems behind the hooks of the demo.
const DEMO_SERVICE: &str = "erp";
/// Which signal answers which hook in the demo.
const ANSWERS: [(&str, &str); 1] = [("pay_partner", "paid")];
/// The demo's systems take their time, so that people can see the case wait (or answer themselves).
const DEMO_DELAY: chrono::TimeDelta = chrono::TimeDelta::seconds(5);

/// How hooks are called.
#[derive(Debug, Clone)]
pub enum HookWay {
    /// Over HTTP.
    Http {
        /// Address, signing secret and forms, by the hook's name.
        endpoints: BTreeMap<String, (String, String, Vec<String>)>,
        /// Address and signing secret for the cases of one partner, by hook and partner.
        of_partners: BTreeMap<(String, String), (String, String)>,
        /// Whether they may be in one's own network.
        allow_private_addresses: bool,
    },
    /// Taken by the product itself, which signals the answer a little later.
    Demo,
    /// Taken by the product itself, and never answered.
    Taken,
}

/// Why no subscription may post to this address.
pub(super) fn judge(url: &str, allow_private_addresses: bool) -> Result<(), String> {
    // The secret is no part of the judgement.
    const ANY: &str = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    match Endpoint::new("webhook", url, ANY, allow_private_addresses) {
        Ok(_) => Ok(()),
        Err(countersign_notifier::Error::HookUrl { reason, .. }) => Err(reason),
        Err(error) => Err(error.to_string()),
    }
}

impl HookWay {
    /// Whether calls may go to one's own network; in `demo` they do.
    pub(super) fn allows_private_addresses(&self) -> bool {
        match self {
            Self::Http {
                allow_private_addresses,
                ..
            } => *allow_private_addresses,
            Self::Demo | Self::Taken => true,
        }
    }

    pub(super) fn forms(&self) -> HookForms {
        match self {
            Self::Http { endpoints, .. } => HookForms::Named(
                endpoints
                    .iter()
                    .map(|(name, (_, _, forms))| (name.clone(), forms.clone()))
                    .collect(),
            ),
            Self::Demo | Self::Taken => HookForms::All,
        }
    }

    pub(super) fn transport(
        &self,
        engine: &Arc<Engine>,
        clock: &Arc<dyn Clock>,
    ) -> Result<(Arc<dyn HookTransport>, Option<DemoHooks>), countersign_notifier::Error> {
        Ok(match self {
            Self::Http {
                endpoints,
                of_partners,
                allow_private_addresses,
            } => {
                let allow = *allow_private_addresses;
                let endpoints = endpoints
                    .iter()
                    .map(|(name, (url, secret, _))| {
                        Ok((name.clone(), Endpoint::new(name, url, secret, allow)?))
                    })
                    .collect::<Result<BTreeMap<String, Endpoint>, countersign_notifier::Error>>()?;
                let of_partners = of_partners
                    .iter()
                    .map(|((hook, partner), (url, secret))| {
                        let at = Endpoint::new(hook, url, secret, allow)?;
                        Ok(((hook.clone(), partner.clone()), at))
                    })
                    .collect::<Result<BTreeMap<_, Endpoint>, countersign_notifier::Error>>()?;
                let of_partner = of_partners.iter().map(|((hook, _), at)| (hook, at));
                let all = endpoints.iter().chain(of_partner);
                for (hook, _) in all.filter(|(_, at)| !at.is_encrypted()) {
                    tracing::warn!(
                        hook,
                        "calls of this hook are signed but not encrypted: use https"
                    );
                }
                let hooks = HttpHooks::new(endpoints, allow)?;
                (Arc::new(hooks.for_partners(of_partners)), None)
            }
            Self::Taken => (Arc::new(LocalHooks::recording()), None),
            Self::Demo => {
                let hooks = DemoHooks {
                    engine: engine.clone(),
                    clock: clock.clone(),
                    waiting: Arc::default(),
                    answering: Arc::default(),
                };
                (
                    Arc::new(LocalHooks::answered_by(Arc::new(hooks.clone()))),
                    Some(hooks),
                )
            }
        })
    }
}

/// Plays the systems behind the hooks.
#[derive(Clone)]
pub(super) struct DemoHooks {
    engine: Arc<Engine>,
    clock: Arc<dyn Clock>,
    waiting: Arc<Mutex<Vec<(Time, HookCall)>>>,
    /// Held while answering, so that whoever finds nothing due knows that nothing is being answered.
    answering: Arc<tokio::sync::Mutex<()>>,
}

#[async_trait]
impl AnswerHooks for DemoHooks {
    async fn answer(&self, call: &HookCall) -> Result<Sent, SendError> {
        let due = self.clock.now() + DEMO_DELAY;
        self.waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((due, call.clone()));
        Ok(Sent {
            answer: "taken by the demo".to_owned(),
        })
    }
}

impl DemoHooks {
    /// Answers what is due until told to stop.
    pub(super) async fn run(self, shutdown: impl Future<Output = ()> + Send) {
        tokio::pin!(shutdown);
        loop {
            tokio::select! {
                () = &mut shutdown => return,
                () = tokio::time::sleep(Duration::from_millis(250)) => { self.answer_due().await; }
            }
        }
    }

    /// Answers what is due by now; says how many.
    pub(super) async fn answer_due(&self) -> usize {
        let _answering = self.answering.lock().await;
        let now = self.clock.now();
        let due: Vec<(Time, HookCall)> = {
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.extract_if(.., |(due, _)| *due <= now).collect()
        };
        for (_, call) in &due {
            self.signal(call).await;
        }
        due.len()
    }

    async fn signal(&self, call: &HookCall) {
        let answer = ANSWERS.iter().find(|(hook, _)| *hook == call.hook);
        let (Some((_, action)), Some(case)) = (answer, &call.case) else {
            return;
        };
        let actor = Actor::Service(ServiceId::new(DEMO_SERVICE));
        let act = Act {
            delivery: Some(DeliveryId(call.delivery)),
            ..Act::new(*action)
        };
        let manner = Manner::plain(Channel::Signal);
        let address = CaseAddress::Id(CaseId(case.id));
        match self
            .engine
            .command(actor, manner, address, Command::Act(act), None, None)
            .await
        {
            // Refused: somebody has answered meanwhile.
            Ok(_) | Err(Error::Refused(_)) => {}
            Err(error) => tracing::error!(%error, "the demo could not answer a hook"),
        }
    }
}

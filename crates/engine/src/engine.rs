//! The engine: what the API, the pages, the scheduler and the notifier work through. Its use cases
//! are in `usecases`, one file each; here is what they share.

use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use countersign_core::{
    case::{Actor, Case, Channel},
    command::Command,
    context::{Inputs, Needs},
    name::Name,
    policy::Policy,
    reading::Reading,
    time::Time,
    workflow::Workflow,
};
use tokio::{
    sync::{Mutex, Notify, watch},
    task::JoinHandle,
};

use crate::{
    Answered, ConfirmationCodes, Error, EvidenceKey, KeyTooShort, LinkTokens, Registry, Render,
    Scene, WebhookSecrets,
    authenticator::Authenticators,
    lane::{Bench, CodeKey, Committed, Lanes, Request, Trouble, Work},
    password::PasswordLinks,
    ports::{
        Clock, Materials, Reader, Store,
        reader::Durability,
        store::{CaseAddress, RequestKey},
    },
    usecases::{Elsewhere, Stuck},
};

/// How long a store that failed to commit is not trusted to serve.
const MISTRUST: Duration = Duration::from_secs(5);
/// How often a reading is tried again after loading what it missed.
const LOADS_MOST: usize = 12;

/// What the engine is built from.
pub struct Ports {
    /// Durable cases.
    pub store: Arc<dyn Store>,
    /// Uploaded bytes.
    pub materials: Arc<dyn Materials>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Which forms go along with hook calls.
    pub hook_forms: HookForms,
}

/// Which forms go along with hook calls.
#[derive(Debug, Clone)]
pub enum HookForms {
    /// All of them: for a demo, whose hooks lead nowhere.
    All,
    /// By the hook's name; a hook that is not named gets none.
    Named(BTreeMap<String, Vec<String>>),
}

impl HookForms {
    /// Whether this hook gets this form.
    pub(crate) fn has(&self, hook: &str, form: &str) -> bool {
        match self {
            Self::All => true,
            Self::Named(forms) => forms
                .get(hook)
                .is_some_and(|forms| forms.iter().any(|named| named == form)),
        }
    }
}

/// The engine. One value serves the whole program.
pub struct Engine {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) reader: Arc<dyn Reader>,
    pub(crate) materials: Arc<dyn Materials>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) registry: Arc<Registry>,
    pub(crate) links: LinkTokens,
    pub(crate) passwords: PasswordLinks,
    pub(crate) elsewhere: Elsewhere,
    pub(crate) authenticators: Authenticators,
    pub(crate) evidence_key: EvidenceKey,
    pub(crate) webhook_secrets: WebhookSecrets,
    codes: ConfirmationCodes,
    lanes: Lanes,
    trouble: Arc<Trouble>,
    hints: Arc<Hints>,
    /// Held while timers are fired, so that whoever finds nothing due knows that nothing is being fired.
    pub(crate) firing: Mutex<()>,
    /// Cases whose timers have failed lately.
    pub(crate) stuck: Stuck,
}

/// Wake-up hints after a commit. Polling is the truth; a hint only saves the wait.
#[derive(Debug, Default)]
pub struct Hints {
    /// Deliveries wait.
    pub deliveries: Arc<Notify>,
    /// Timers were armed or moved.
    pub timers: Arc<Notify>,
    /// Something was written.
    pub written: watch::Sender<()>,
}

/// How a request came: its way, and the key under which its answer is kept.
#[derive(Debug, Clone)]
pub struct Manner {
    /// By which way.
    pub channel: Channel,
    /// The key under which the answer is kept, and the request's fingerprint.
    pub key: Option<(RequestKey, [u8; 32])>,
    /// Makes the answer that is kept.
    pub render: Option<Render>,
}

impl Manner {
    /// By this way, keeping no answer.
    pub fn plain(channel: Channel) -> Self {
        Self {
            channel,
            key: None,
            render: None,
        }
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Engine")
    }
}

impl Engine {
    /// Starts the engine and its lanes. The handle ends when the engine is dropped and its queue is
    /// worked off: await it to shut down gracefully.
    pub fn start(
        ports: Ports,
        server_key: &[u8],
    ) -> Result<(Arc<Self>, JoinHandle<()>), KeyTooShort> {
        let links = LinkTokens::new(server_key)?;
        let codes = ConfirmationCodes::new(server_key)?;
        let passwords = PasswordLinks::new(server_key)?;
        let registry = Arc::new(Registry::default());
        let hints = Arc::new(Hints::default());
        let told = hints.clone();
        let trouble = Arc::new(Trouble::default());
        let bench = Bench {
            store: ports.store.clone(),
            clock: ports.clock.clone(),
            registry: registry.clone(),
            codes: CodeKey::new(server_key, codes.clone()),
            authenticators: Authenticators::new(server_key),
            hook_forms: ports.hook_forms,
            trouble: trouble.clone(),
            committed: Arc::new(move |woken: Committed| {
                told.written.send_replace(());
                if woken.deliveries {
                    told.deliveries.notify_one();
                }
                if woken.timers {
                    told.timers.notify_one();
                }
            }),
        };
        let (lanes, ended) = Lanes::start(bench);
        let engine = Self {
            reader: ports.store.reader(),
            store: ports.store,
            materials: ports.materials,
            clock: ports.clock,
            registry,
            links,
            passwords,
            elsewhere: Elsewhere::new(server_key),
            authenticators: Authenticators::new(server_key),
            evidence_key: EvidenceKey::new(server_key),
            webhook_secrets: WebhookSecrets::new(server_key),
            codes,
            lanes,
            trouble,
            hints,
            firing: Mutex::new(()),
            stuck: Stuck::default(),
        };
        Ok((Arc::new(engine), ended))
    }

    /// The time.
    pub fn now(&self) -> Time {
        self.clock.now()
    }

    /// The published workflows.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Makes and checks the tokens of mail links.
    pub fn link_tokens(&self) -> &LinkTokens {
        &self.links
    }

    /// Makes the codes that mails show.
    pub fn confirmation_codes(&self) -> &ConfirmationCodes {
        &self.codes
    }

    /// Wake-up hints for scheduler and notifier.
    pub fn hints(&self) -> &Arc<Hints> {
        &self.hints
    }

    /// Reads of committed rows.
    pub fn reader(&self) -> &Arc<dyn Reader> {
        &self.reader
    }

    /// How many requests wait to be carried out.
    pub fn queued(&self) -> usize {
        self.lanes.queued()
    }

    /// Hands a request to its lane. See [`Lanes::submit`].
    pub(crate) async fn submit(
        &self,
        actor: Actor,
        manner: Manner,
        work: Work,
    ) -> Result<Answered, Error> {
        let Manner {
            channel,
            key,
            render,
        } = manner;
        self.lanes
            .submit(Request {
                actor,
                channel,
                key,
                work,
                render,
            })
            .await
    }

    /// Hands a command on a case to the lane.
    pub async fn command(
        &self,
        actor: Actor,
        manner: Manner,
        address: CaseAddress,
        command: Command,
        if_match: Option<u64>,
        code: Option<String>,
    ) -> Result<Answered, Error> {
        self.submit(
            actor,
            manner,
            Work::Case {
                address,
                command,
                if_match,
                code,
            },
        )
        .await
    }

    /// The case as it is now, if the actor may see it; else not found, whether it is there or not.
    pub async fn look(&self, actor: &Actor, address: &CaseAddress) -> Result<Scene, Error> {
        let case = self.reader.case(address).await?.ok_or(Error::NotFound)?;
        let workflow = self.workflow_of(&case)?;
        let scene = self.scene(actor, case, workflow);
        let sees = self
            .fill(scene, |scene| {
                let reading = Reading::new(&scene.inputs, actor).at(scene.now);
                let (Some(workflow), Some(case)) = (&scene.workflow, &scene.case) else {
                    return Ok(None);
                };
                let sees = Policy::new(workflow, case, actor, &reading).sees_case();
                if reading.is_complete() {
                    Ok(sees.then(|| scene.clone()))
                } else {
                    Err(reading.missing())
                }
            })
            .await?;
        sees.ok_or(Error::NotFound)
    }

    /// A scene of this case with nothing loaded yet.
    pub(crate) fn scene(&self, actor: &Actor, case: Case, workflow: Arc<Workflow>) -> Scene {
        Scene {
            case: Some(Arc::new(case)),
            workflow: Some(workflow),
            receipt: None,
            actor: actor.clone(),
            inputs: Arc::new(Inputs::default()),
            now: self.now(),
            rendered: None,
        }
    }

    /// Makes something of a scene, loading what it misses.
    pub async fn fill<T>(
        &self,
        mut scene: Scene,
        make: impl Fn(&Scene) -> Result<T, Needs>,
    ) -> Result<T, Error> {
        for _ in 0..LOADS_MOST {
            match make(&scene) {
                Ok(made) => return Ok(made),
                Err(needs) => {
                    let mut inputs = Arc::unwrap_or_clone(std::mem::take(&mut scene.inputs));
                    self.reader
                        .inputs(&needs, &self.registry, &mut inputs)
                        .await?;
                    scene.inputs = Arc::new(inputs);
                }
            }
        }
        Err(Error::Defect("a reading kept asking for more".to_owned()))
    }

    /// Makes something that is about no case, loading what it misses.
    pub async fn read<T>(
        &self,
        actor: &Actor,
        make: impl Fn(&Inputs) -> Result<T, Needs>,
    ) -> Result<T, Error> {
        let scene = Scene {
            case: None,
            workflow: None,
            receipt: None,
            actor: actor.clone(),
            inputs: Arc::new(Inputs::default()),
            now: self.now(),
            rendered: None,
        };
        self.fill(scene, |scene| make(&scene.inputs)).await
    }

    /// The workflow that a case began with.
    pub(crate) fn workflow_of(&self, case: &Case) -> Result<Arc<Workflow>, Error> {
        self.registry
            .get(&case.workflow, case.version)
            .ok_or_else(|| {
                Error::Defect(format!(
                    "{} version {} is not published",
                    case.workflow, case.version
                ))
            })
    }

    /// The newest version of the workflow of this name.
    pub fn workflow(&self, name: &str) -> Result<Arc<Workflow>, Error> {
        let known = Name::parse(name)
            .ok()
            .and_then(|name| self.registry.newest(&name));
        known.ok_or_else(|| {
            let known = self.registry.all_newest();
            Error::UnknownWorkflow {
                name: name.to_owned(),
                nearest: Name::nearest(known.iter().map(|workflow| &workflow.id), name),
            }
        })
    }

    /// Whether it can serve: the store answers, has not failed to commit lately, and takes a write if it failed before.
    /// Answers how durable its commits are.
    pub async fn ready(&self) -> Result<Durability, Error> {
        let durability = self.reader.ping().await?;
        match self.trouble.since() {
            None => return Ok(durability),
            // What is small may find room where most does not.
            Some(since) if since < MISTRUST => return Err(Error::LatelyFailed),
            Some(_) => {}
        }
        let manner = Manner::plain(Channel::Api);
        self.submit(Actor::Machine, manner, Work::Probe).await?;
        self.trouble.is_over();
        Ok(durability)
    }
}

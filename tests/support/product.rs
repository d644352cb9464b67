//! The product started in-process with the demo's people, and a client that speaks for one of them.
//! Time stands still until a test moves it.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use countersign_cli::{
    HookWay, MailWay, RateLimits, Service, ServiceClock, Setup, Source, StoreAt, seed_demo,
};
use countersign_engine::ports::{Time, VirtualClock};
use countersign_identity::OpenIdSettings;
use countersign_store::materials::Place;
use reqwest::{Method, StatusCode, header::HeaderMap};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::postgres;

/// A Monday, 09:00 in the workflows' zone.
pub const MONDAY: &str = "2026-11-23T01:00:00Z";

/// A running product in a folder of its own.
pub struct Product {
    service: Option<Service>,
    folder: TempDir,
    clock: Arc<VirtualClock>,
    hooks: HookWay,
    mail: MailWay,
    workflows: Source,
    /// The PostgreSQL database that it is on; none where that is a file in its folder.
    database: Option<String>,
    /// Where files are kept; in its folder if nobody says.
    materials: Option<Place>,
    /// The provider that people can sign in with.
    provider: Option<OpenIdSettings>,
    tokens: BTreeMap<String, String>,
}

/// Somebody who sends requests.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    token: Option<String>,
    language: &'static str,
}

/// An answer, read whole.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The body as JSON; `null` if it is none.
    pub body: Json,
}

/// A client for HTTP on this machine.
pub fn http() -> reqwest::Client {
    // reqwest takes the provider of TLS that the process has; in a process without a service there is none yet.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let built = reqwest::Client::builder().no_proxy().build();
    built.expect("a client")
}

impl Product {
    /// Starts the product with the shipped workflows, hooks taken and never answered.
    pub async fn start() -> Self {
        Self::start_with(HookWay::Taken, Source::Shipped).await
    }

    /// Starts it with these hooks and workflow files.
    pub async fn start_with(hooks: HookWay, workflows: Source) -> Self {
        Self::start_so(hooks, workflows, MailWay::Memory).await
    }

    /// Starts it with a mail server at this address.
    pub async fn start_with_mail(hooks: HookWay, workflows: Source, smtp_url: &str) -> Self {
        Self::start_so(hooks, workflows, MailWay::Smtp(smtp_url.to_owned())).await
    }

    async fn start_so(hooks: HookWay, workflows: Source, mail: MailWay) -> Self {
        let database = match postgres::of_all_suites() {
            Some(server) => Some(postgres::database(&server).await),
            None => None,
        };
        Self::start_at(hooks, workflows, mail, database).await
    }

    /// Starts it with the shipped workflows on this PostgreSQL database.
    pub async fn start_on(database: &str) -> Self {
        let database = Some(database.to_owned());
        Self::start_at(HookWay::Taken, Source::Shipped, MailWay::Memory, database).await
    }

    /// Starts it with the shipped workflows and a provider that people can sign in with.
    pub async fn start_with_provider(provider: OpenIdSettings) -> Self {
        let mut product = Self::start().await;
        product.stop().await;
        product.provider = Some(provider);
        product.start_again().await;
        product
    }

    /// Starts it with the shipped workflows and its files at this place.
    pub async fn start_with_materials(place: Place) -> Self {
        let mut product = Self::start().await;
        product.stop().await;
        product.materials = Some(place);
        product.start_again().await;
        product
    }

    async fn start_at(
        hooks: HookWay,
        workflows: Source,
        mail: MailWay,
        database: Option<String>,
    ) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let clock = Arc::new(VirtualClock::stopped_at(MONDAY.parse().expect("a time")));
        let mut product = Self {
            service: None,
            folder,
            clock,
            hooks,
            mail,
            workflows,
            database,
            materials: None,
            provider: None,
            tokens: BTreeMap::new(),
        };
        product.start_again().await;
        product
    }

    /// Starts one more replica on the same database, by the same clock.
    pub async fn replica(&self) -> Service {
        let dir = self.folder.path();
        let database = match &self.database {
            Some(url) => StoreAt::Server(url.clone()),
            None => StoreAt::File(dir.join("countersign.db")),
        };
        let service = Service::start(Setup {
            listen: "127.0.0.1:0".parse().expect("an address"),
            public_url: None,
            key: vec![7; 32],
            database,
            materials: self
                .materials
                .clone()
                .unwrap_or_else(|| Place::Folder(dir.join("materials"))),
            workflows: self.workflows.clone(),
            mail: self.mail.clone(),
            from: "Countersign <countersign@example.com>".to_owned(),
            hooks: self.hooks.clone(),
            clock: ServiceClock::Movable(self.clock.clone(), None),
            rate_limits: RateLimits::default(),
            metrics: Some("127.0.0.1:0".parse().expect("an address")),
            provider: self.provider.clone(),
        });
        service.await.expect("the product starts")
    }

    /// Starts the service on the folder as it is.
    pub async fn start_again(&mut self) {
        let service = self.replica().await;
        let shown = seed_demo(service.engine(), service.url())
            .await
            .expect("the demo's people are added");
        self.tokens = shown
            .people
            .into_iter()
            .map(|person| (person.id, person.token))
            .collect();
        self.tokens.extend(
            shown
                .services
                .into_iter()
                .map(|service| (service.id, service.token)),
        );
        self.service = Some(service);
    }

    /// Stops the service and keeps the folder.
    pub async fn stop(&mut self) {
        if let Some(service) = self.service.take() {
            service.stop().await;
        }
    }

    /// The running service.
    pub fn service(&self) -> &Service {
        self.service.as_ref().expect("the product runs")
    }

    /// Where its data are.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The URL of its database.
    pub fn database_url(&self) -> String {
        let file = || format!("sqlite:{}", self.folder().join("countersign.db").display());
        self.database.clone().unwrap_or_else(file)
    }

    /// The clock, which only tests move.
    pub fn clock(&self) -> &Arc<VirtualClock> {
        &self.clock
    }

    /// The time.
    pub fn now(&self) -> Time {
        countersign_engine::ports::Clock::now(&*self.clock)
    }

    /// A client of one of the demo's people or services.
    pub fn as_(&self, who: &str) -> Client {
        Client::new(self.service().url(), Some(self.token(who)))
    }

    /// The token of one of the demo's people or services.
    pub fn token(&self, who: &str) -> &str {
        let token = self.tokens.get(who);
        token.unwrap_or_else(|| panic!("{who} is nobody of the demo"))
    }

    /// A client without a token.
    pub fn nobody(&self) -> Client {
        Client::new(self.service().url(), None)
    }

    /// Moves the clock over HTTP: what is due by then has taken effect when it returns.
    pub async fn wait(&self, length: &str) {
        self.as_("otto")
            .post("/v1/clock", json!({ "advance": length }))
            .await
            .ok();
    }

    /// The mails to somebody, the newest first, once all that wait are sent.
    pub async fn mails(&self, to: &str) -> Vec<Json> {
        self.service()
            .notifier()
            .drain()
            .await
            .expect("deliveries are sent");
        let answer = self
            .as_("otto")
            .get(&format!("/v1/mailbox?to={to}"))
            .await
            .ok();
        answer["items"].as_array().expect("items").clone()
    }

    /// The confirmation code in the newest mail to somebody.
    pub async fn code(&self, to: &str) -> String {
        let mails = self.mails(to).await;
        let mail = mails
            .iter()
            .find(|mail| mail["message"] == "confirmation_code")
            .expect("a code was mailed");
        let text = mail["text"].as_str().expect("a text");
        let code = text
            .split(|c: char| !c.is_ascii_digit())
            .find(|digits| digits.len() == 8);
        code.expect("the mail has a code of eight digits")
            .to_owned()
    }

    /// The token of the newest mailed link for this action.
    pub async fn link(&self, to: &str, action: &str) -> String {
        let mails = self.mails(to).await;
        let links = mails
            .iter()
            .flat_map(|mail| mail["links"].as_array().expect("links").clone());
        let mut urls = links.filter(|link| link["action"] == action);
        let link = urls
            .next()
            .unwrap_or_else(|| panic!("no link for {action} was mailed to {to}"));
        let url = link["url"].as_str().expect("an address");
        url.rsplit('/').next().expect("a token").to_owned()
    }
}

impl Client {
    /// Somebody who holds this token, or nobody known.
    pub fn new(url: &str, token: Option<&str>) -> Self {
        Self {
            http: http(),
            url: url.to_owned(),
            token: token.map(ToOwned::to_owned),
            language: "en",
        }
    }

    /// The same, asking another server.
    #[must_use]
    pub fn at(self, url: &str) -> Self {
        Self {
            url: url.to_owned(),
            ..self
        }
    }

    /// The same, reading Chinese.
    #[must_use]
    pub fn in_chinese(self) -> Self {
        Self {
            language: "zh-CN",
            ..self
        }
    }

    /// The token that it asks with.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// A request that can still be changed.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self
            .http
            .request(method, format!("{}{path}", self.url))
            .header("accept-language", self.language);
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path)).await
    }

    /// POST of JSON.
    pub async fn post(&self, path: &str, body: Json) -> Answer {
        Answer::of(self.request(Method::POST, path).json(&body)).await
    }

    /// PATCH of JSON.
    pub async fn patch(&self, path: &str, body: Json) -> Answer {
        Answer::of(self.request(Method::PATCH, path).json(&body)).await
    }

    /// PUT of JSON.
    pub async fn put(&self, path: &str, body: Json) -> Answer {
        Answer::of(self.request(Method::PUT, path).json(&body)).await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::DELETE, path)).await
    }

    /// Opens a case; its number.
    pub async fn open(&self, workflow: &str, data: Json) -> String {
        let case = self
            .post("/v1/cases", json!({ "workflow": workflow, "data": data }))
            .await
            .created();
        case["case"]["number"]
            .as_str()
            .expect("a number")
            .to_owned()
    }

    /// Takes an action.
    pub async fn act(&self, case: &str, action: &str, body: Json) -> Answer {
        self.post(&format!("/v1/cases/{case}/actions/{action}"), body)
            .await
    }

    /// The case as this person sees it.
    pub async fn case(&self, case: &str) -> Json {
        self.get(&format!("/v1/cases/{case}")).await.ok()
    }

    /// Uploads a material.
    pub async fn upload(&self, case: &str, material: &str, name: &str, bytes: Vec<u8>) -> Answer {
        let path = format!("/v1/cases/{case}/materials/{material}");
        let request = self
            .request(Method::PUT, &path)
            .header(
                "content-disposition",
                format!("attachment; filename=\"{name}\""),
            )
            .header("content-type", "application/octet-stream")
            .body(bytes);
        Answer::of(request).await
    }
}

impl Answer {
    /// Sends the request and reads the answer whole.
    pub async fn of(request: reqwest::RequestBuilder) -> Self {
        let response = request.send().await.expect("the server answers");
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response
            .bytes()
            .await
            .expect("the answer arrives whole")
            .to_vec();
        let body = serde_json::from_slice(&bytes).unwrap_or(Json::Null);
        Self {
            status,
            headers,
            bytes,
            body,
        }
    }

    /// The body of a 200.
    #[track_caller]
    pub fn ok(self) -> Json {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text());
        self.body
    }

    /// The body of a 201.
    #[track_caller]
    pub fn created(self) -> Json {
        assert_eq!(self.status, StatusCode::CREATED, "{}", self.text());
        self.body
    }

    /// The problem of a refusal with this status and code.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Json {
        assert_eq!(
            (self.status.as_u16(), self.body["code"].as_str()),
            (status, Some(code)),
            "{}",
            self.text()
        );
        assert_eq!(
            self.headers.get("content-type").expect("a type"),
            "application/problem+json"
        );
        self.body
    }

    /// The names in `missing` of a 422 `refused`, sorted, each once.
    #[track_caller]
    pub fn missing(self) -> Vec<String> {
        let problem = self.refused(422, "refused");
        let missing = problem["missing"].as_array().expect("missing");
        let mut names: Vec<String> = missing
            .iter()
            .map(|missing| missing["name"].as_str().expect("a name").to_owned())
            .collect();
        names.sort();
        names.dedup();
        names
    }

    /// The body as text, for messages.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

//! A real Chromium without a screen, led over the W3C `WebDriver` protocol: it clicks and types as people do. Not for
//! what can be asked over HTTP alone.

use std::{
    env,
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use reqwest::Method;
use serde_json::{Value as Json, json};

use crate::{http, left_out};

/// How `WebDriver` names the id of an element.
pub(crate) const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// How long the driver may take for one step on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);
/// How often a browser is started, where a busy machine does not let it come up.
const ATTEMPTS: usize = 3;

/// A browser with one window.
pub struct Browser {
    driver: Child,
    http: reqwest::Client,
    session: String,
    hand: Hand,
    scripts: bool,
}

/// What presses and types.
#[derive(Debug, Clone, Copy)]
enum Hand {
    Mouse,
    Keys,
}

impl Browser {
    /// A window of this width; `None` where Chromium or its driver is missing: the suite is then left out.
    pub async fn start(width: u32) -> Option<Self> {
        let Some((chromium, driver)) = programs() else {
            left_out(
                "pages in a real Chromium",
                "install the packages chromium and chromium-driver, or run `cargo xtask prerequisites`",
            );
            return None;
        };
        let mut told = Vec::new();
        for _ in 0..ATTEMPTS {
            match Self::begin(&chromium, &driver, width).await {
                Ok(browser) => return Some(browser),
                Err(why) => told.push(why),
            }
        }
        panic!("no browser starts: {told:#?}")
    }

    /// One attempt. Nothing of a test has happened yet, so that another may follow; what happens later is tried once.
    async fn begin(chromium: &Path, driver: &Path, width: u32) -> Result<Self, String> {
        let mut driver = Command::new(driver)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|why| format!("the driver does not start: {why}"))?;
        let out = driver.stdout.take().expect("its output is ours");
        let mut browser = Self {
            driver,
            http: http(),
            session: String::new(),
            hand: Hand::Mouse,
            scripts: true,
        };
        let port = BufReader::new(out)
            .lines()
            .map_while(Result::ok)
            .find_map(|line| {
                let (_, port) = line.split_once("successfully on port ")?;
                port.trim_end_matches('.').parse::<u16>().ok()
            });
        let port = port.ok_or("the driver does not say its port")?;
        browser.session = format!("http://127.0.0.1:{port}/session");
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
        ];
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:loggingPrefs": { "browser": "ALL" },
            "goog:chromeOptions": { "binary": chromium, "args": arguments },
        } } });
        let made = browser.exchange(Method::POST, "", &wanted).await;
        let made = made.map_err(|why| format!("the driver does not answer: {why:?}"))??;
        let id = made["sessionId"].as_str().ok_or("there is no session")?;
        browser.session = format!("{}/{id}", browser.session);
        // An element is waited for while its page loads.
        let patience = json!({ "implicit": 5000 });
        browser.ask(Method::POST, "/timeouts", patience).await;
        browser.resize(width).await;
        Ok(browser)
    }

    /// Makes the window this wide.
    pub async fn resize(&self, width: u32) {
        let size =
            json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.devtools("Emulation.setDeviceMetricsOverride", size)
            .await;
    }

    /// From now on nothing is clicked on: keys alone do what is asked for, and Tab leads there.
    pub fn by_keyboard(&mut self) {
        self.hand = Hand::Keys;
    }

    /// From now on no page runs a script.
    pub async fn without_scripts(&mut self) {
        self.scripts = false;
        self.devtools(
            "Emulation.setScriptExecutionDisabled",
            json!({ "value": true }),
        )
        .await;
    }

    /// Whether pages run scripts.
    #[must_use]
    pub fn runs_scripts(&self) -> bool {
        self.scripts
    }

    /// Forgets every cookie, as a new profile has none.
    pub async fn forget(&self) {
        self.devtools("Network.clearBrowserCookies", json!({}))
            .await;
    }

    /// Shows pages as to somebody who likes them dark, or light.
    pub async fn paint(&self, scheme: &str) {
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// Lets nothing of these addresses through from now on, as a proxy may that knows them not; `*` stands for anything.
    pub async fn cut_off(&self, addresses: &[&str]) {
        self.devtools("Network.enable", json!({})).await;
        let blocked = json!({ "urls": addresses });
        self.devtools("Network.setBlockedURLs", blocked).await;
    }

    /// Runs this before the scripts of each page that is opened from now on.
    pub async fn before_each_page(&self, script: &str) {
        let first = json!({ "source": script });
        self.devtools("Page.addScriptToEvaluateOnNewDocument", first)
            .await;
    }

    /// Opens an address.
    pub async fn open(&self, url: &str) {
        self.ask(Method::POST, "/url", json!({ "url": url })).await;
    }

    /// The address that is open.
    pub async fn url(&self) -> String {
        let url = self.ask(Method::GET, "/url", Json::Null).await;
        url.as_str().expect("an address").to_owned()
    }

    /// Clicks on the only element that this selects.
    pub async fn click(&self, css: &str) {
        let element = self.find(css).await;
        self.activate(&element).await;
    }

    async fn activate(&self, element: &str) {
        let click = format!("/element/{element}/click");
        match self.hand {
            Hand::Mouse => drop(self.ask(Method::POST, &click, json!({})).await),
            Hand::Keys => self.use_by_keys(element).await,
        }
        self.settle().await;
    }

    /// A click has been answered before the page that it leads to is asked for; whoever looked at once would see the old
    /// page. What is asked after a moment waits until the new one is there.
    async fn settle(&self) {
        tokio::time::sleep(Duration::from_millis(60)).await;
        self.url().await;
    }

    /// Clicks on the link or button that says this.
    pub async fn press(&self, says: &str) {
        let xpath = format!(
            "//*[self::a or self::button][normalize-space(.)={says:?} and not(@aria-hidden)] | //label[normalize-space(.)={says:?}]"
        );
        let found = self.find_by("xpath", &xpath).await;
        self.activate(&found).await;
    }

    /// Types into an input, after what stands there was removed.
    pub async fn fill(&self, css: &str, text: &str) {
        let element = self.find(css).await;
        if matches!(self.hand, Hand::Keys) {
            return self.fill_by_keys(&element, text).await;
        }
        self.ask(
            Method::POST,
            &format!("/element/{element}/clear"),
            json!({}),
        )
        .await;
        self.type_into(&element, text).await;
    }

    /// Presses keys wherever the focus is.
    pub async fn keys(&self, css: &str, text: &str) {
        let element = self.find(css).await;
        self.type_into(&element, text).await;
    }

    async fn type_into(&self, element: &str, text: &str) {
        let path = format!("/element/{element}/value");
        self.ask(Method::POST, &path, json!({ "text": text })).await;
    }

    /// Types a date, which inputs of dates take in parts: it is set as a picked one is.
    pub async fn pick_date(&self, css: &str, date: &str) {
        let element = self.find(css).await;
        if matches!(self.hand, Hand::Keys) {
            return self.type_date(&element, date).await;
        }
        let script = "arguments[0].value = arguments[1]";
        let arguments = json!([{ ELEMENT: element }, date]);
        self.ask(
            Method::POST,
            "/execute/sync",
            json!({ "script": script, "args": arguments }),
        )
        .await;
    }

    /// Chooses a file in its input. What the system shows for that is no part of the page.
    pub async fn choose_file(&self, css: &str, file: &Path) {
        let element = self.find(css).await;
        if matches!(self.hand, Hand::Keys) {
            self.tab_to(&element).await;
        }
        self.type_into(&element, &file.display().to_string()).await;
    }

    /// The visible text of the first element that this selects.
    ///
    /// # Panics
    /// Where it is still replaced by another page after a while.
    pub async fn text(&self, css: &str) -> String {
        for _ in 0..10 {
            let element = self.find(css).await;
            let path = format!("/element/{element}/text");
            // A page that has just been left answers no more: the next one is asked.
            if let Ok(text) = self.try_to(Method::GET, &path, &Json::Null).await {
                return text.as_str().expect("a text").to_owned();
            }
        }
        panic!("{css} does not stay")
    }

    /// How many elements this selects.
    pub async fn count(&self, css: &str) -> usize {
        let wanted = json!({ "using": "css selector", "value": css });
        let found = self.ask(Method::POST, "/elements", wanted).await;
        found.as_array().expect("elements").len()
    }

    /// What a script answers.
    pub async fn run(&self, script: &str) -> Json {
        let body = json!({ "script": script, "args": [] });
        self.ask(Method::POST, "/execute/sync", body).await
    }

    /// What axe-core finds wrong with the page that is open: each fault with its first place.
    pub async fn faults(&self, axe: &str) -> Vec<String> {
        self.run(axe).await;
        let script = "const done = arguments[arguments.length - 1];
            window.axe.run(document, { resultTypes: ['violations'] }).then(
                (found) => done(found.violations.map((one) => `${one.id}: ${one.help}: ${one.nodes[0].html} ${one.nodes[0].failureSummary}`)),
                (error) => done([String(error)]))";
        let body = json!({ "script": script, "args": [] });
        let found = self.ask(Method::POST, "/execute/async", body).await;
        let found = found.as_array().expect("a list").iter();
        found
            .map(|fault| fault.as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// What the browser has complained of since it was asked last, what is not loaded because of the policy included.
    pub async fn complaints(&self) -> Vec<String> {
        let log = self
            .ask(Method::POST, "/se/log", json!({ "type": "browser" }))
            .await;
        let entries = log.as_array().expect("a log").iter();
        entries
            .map(|entry| entry["message"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// A picture of the whole page, as PNG.
    pub async fn picture(&self) -> String {
        let whole = json!({ "format": "png", "captureBeyondViewport": true });
        let taken = self.devtools("Page.captureScreenshot", whole).await;
        taken["data"].as_str().expect("a picture").to_owned()
    }

    async fn devtools(&self, command: &str, parameters: Json) -> Json {
        let body = json!({ "cmd": command, "params": parameters });
        self.ask(Method::POST, "/goog/cdp/execute", body).await
    }

    async fn find(&self, css: &str) -> String {
        self.find_by("css selector", css).await
    }

    async fn find_by(&self, using: &str, value: &str) -> String {
        let wanted = json!({ "using": using, "value": value });
        let found = self.ask(Method::POST, "/element", wanted).await;
        found[ELEMENT].as_str().expect("an element").to_owned()
    }

    pub(crate) async fn ask(&self, method: Method, path: &str, body: Json) -> Json {
        let answered = self.try_to(method.clone(), path, &body).await;
        answered.unwrap_or_else(|why| panic!("{method} {path} {body}: {why}"))
    }

    async fn try_to(&self, method: Method, path: &str, body: &Json) -> Result<Json, String> {
        let answered = self.exchange(method.clone(), path, body).await;
        answered.unwrap_or_else(|why| panic!("the driver answers {method} {path}: {why:?}"))
    }

    /// What the driver answers; beside it the failure to answer at all.
    async fn exchange(
        &self,
        method: Method,
        path: &str,
        body: &Json,
    ) -> reqwest::Result<Result<Json, String>> {
        let request = self
            .http
            .request(method.clone(), format!("{}{path}", self.session))
            .timeout(PATIENCE);
        let request = if method == Method::GET {
            request
        } else {
            request.json(body)
        };
        let response = request.send().await?;
        let status = response.status();
        let mut answer: Json = response.json().await?;
        if status.is_success() {
            return Ok(Ok(answer["value"].take()));
        }
        let why = answer["value"]["message"].as_str().unwrap_or_default();
        Ok(Err(why.to_owned()))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A driver that is only told to end leaves its browser behind. That it has ended already is no matter.
        let _ = self.close();
        let pid = self.driver.id();
        if let Some(pid) = i32::try_from(pid)
            .ok()
            .and_then(rustix::process::Pid::from_raw)
        {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        }
        let _ = self.driver.wait();
    }
}

impl Browser {
    /// Ends the session, and with it the browser; without a runtime, for a test may be panicking.
    fn close(&self) -> io::Result<()> {
        let session = self.session.trim_start_matches("http://");
        let (address, path) = session.split_once('/').unwrap_or((session, ""));
        let mut driver = TcpStream::connect(address)?;
        driver.set_read_timeout(Some(Duration::from_secs(10)))?;
        write!(
            driver,
            "DELETE /{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
        )?;
        // It answers when the browser is gone.
        driver.read_exact(&mut [0])
    }
}

/// Chromium and its driver.
fn programs() -> Option<(PathBuf, PathBuf)> {
    let named = |variable: &str, names: &[&str]| {
        let given = env::var_os(variable).map(PathBuf::from);
        let folders = env::var_os("PATH").unwrap_or_default();
        let folders: Vec<PathBuf> = env::split_paths(&folders).collect();
        let on_path = names
            .iter()
            .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
        given.into_iter().chain(on_path).find(|path| path.is_file())
    };
    let chromium = named(
        "COUNTERSIGN_CHROMIUM",
        &["chromium", "chromium-browser", "google-chrome"],
    )?;
    let driver = named("COUNTERSIGN_CHROMEDRIVER", &["chromedriver"])?;
    Some((chromium, driver))
}

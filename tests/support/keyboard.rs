//! Working a page by keyboard alone: Tab until what is wanted has the focus, then the key that people press there. What Tab
//! does not reach cannot be used. Not for the shortcuts of pages, which suites press themselves.

use reqwest::Method;
use serde_json::{Value as Json, json};

use crate::browser::{Browser, ELEMENT};

/// As `WebDriver` names the keys.
const TAB: char = '\u{E004}';
const ENTER: char = '\u{E007}';
const CONTROL: char = '\u{E009}';
const HOME: char = '\u{E011}';
const DOWN: char = '\u{E015}';
/// More than any page has places where Tab stops.
const STOPS: usize = 300;

/// Where the focus is, as seen from what is wanted.
#[derive(Debug, PartialEq, Eq)]
enum Focus {
    There,
    /// On another one of the same radios, which arrows lead on from.
    Beside,
    Elsewhere,
}

impl Browser {
    /// Does to this element what a click does.
    pub(crate) async fn use_by_keys(&self, element: &str) {
        let (stop, kind) = self.stop_of(element).await;
        self.tab_to(&stop).await;
        match kind.as_str() {
            "radio" if self.is(&stop, "checked").await => {}
            "radio" | "checkbox" => self.strike(&[' ']).await,
            "select" => self.choose_by_keys(&stop, element).await,
            _ => self.strike(&[ENTER]).await,
        }
    }

    /// Types into this element, after what stands there was removed.
    pub(crate) async fn fill_by_keys(&self, element: &str, text: &str) {
        self.tab_to(element).await;
        self.strike_held(CONTROL, 'a').await;
        self.strike(&text.chars().collect::<Vec<char>>()).await;
    }

    /// Types a date as an input of dates takes it: the month, the day and the year.
    pub(crate) async fn type_date(&self, element: &str, date: &str) {
        let [year, month, day] = [0..4, 5..7, 8..10].map(|part| date.get(part));
        let parts = [month, day, year].map(|part| part.expect("a date is written YYYY-MM-DD"));
        self.tab_to(element).await;
        self.strike(&parts.concat().chars().collect::<Vec<char>>())
            .await;
    }

    /// Presses Tab until this has the focus.
    ///
    /// # Panics
    /// Where it never has.
    pub(crate) async fn tab_to(&self, stop: &str) {
        for _ in 0..STOPS {
            match self.focus_from(stop).await {
                Focus::There => return,
                Focus::Beside => self.strike(&[DOWN]).await,
                Focus::Elsewhere => self.strike(&[TAB]).await,
            }
        }
        let what = self.ask_of(stop, "return arguments[0].outerHTML").await;
        panic!("{}: Tab never reaches {what}", self.url().await)
    }

    /// Where Tab stops for what may be a label or an option, and what kind of place that is.
    async fn stop_of(&self, element: &str) -> (String, String) {
        let script = "const it = arguments[0];
            const stop = it instanceof HTMLLabelElement ? it.control : it instanceof HTMLOptionElement ? it.closest('select') : it;
            return [stop, stop.localName === 'input' ? stop.type : stop.localName]";
        let found = self.ask_of(element, script).await;
        let stop = found[0][ELEMENT].as_str().expect("an element");
        let kind = found[1].as_str().expect("its kind");
        (stop.to_owned(), kind.to_owned())
    }

    async fn focus_from(&self, stop: &str) -> Focus {
        let script = "const stop = arguments[0], now = document.activeElement;
            if (now === stop) return 'there';
            const radios = [stop, now].every((one) => one?.type === 'radio');
            return radios && stop.name === now.name && stop.form === now.form ? 'beside' : 'elsewhere'";
        match self.ask_of(stop, script).await.as_str() {
            Some("there") => Focus::There,
            Some("beside") => Focus::Beside,
            _ => Focus::Elsewhere,
        }
    }

    async fn choose_by_keys(&self, select: &str, option: &str) {
        self.strike(&[HOME]).await;
        for _ in 0..STOPS {
            if self.is(option, "selected").await {
                return;
            }
            self.strike(&[DOWN]).await;
        }
        let what = self.ask_of(select, "return arguments[0].outerHTML").await;
        panic!("arrows do not lead to the option in {what}")
    }

    async fn is(&self, element: &str, property: &str) -> bool {
        let script = format!("return arguments[0].{property} === true");
        self.ask_of(element, &script).await == Json::Bool(true)
    }

    /// Keys one after the other, to whatever has the focus.
    async fn strike(&self, keys: &[char]) {
        let strokes = keys.iter().flat_map(|key| stroke(*key));
        self.act(strokes.collect()).await;
    }

    /// A key while another one is held down.
    async fn strike_held(&self, held: char, key: char) {
        let [down, up] = stroke(held);
        let [press, release] = stroke(key);
        self.act(vec![down, press, release, up]).await;
    }

    async fn act(&self, strokes: Vec<Json>) {
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": strokes });
        let actions = json!({ "actions": [keyboard] });
        self.ask(Method::POST, "/actions", actions).await;
    }

    async fn ask_of(&self, element: &str, script: &str) -> Json {
        let body = json!({ "script": script, "args": [{ ELEMENT: element }] });
        self.ask(Method::POST, "/execute/sync", body).await
    }
}

fn stroke(key: char) -> [Json; 2] {
    ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key }))
}

//! In which ways each of the stories by clicking is told: with a mouse, by keyboard alone, and with scripts switched off, in a wide
//! window and a narrow one. Not for what happens in them.

use countersign_tests::Browser;

/// How somebody works the pages.
#[derive(Debug, Clone, Copy)]
pub enum Way {
    /// With a mouse, and scripts.
    Mouse,
    /// With Tab, Enter, Space and arrows, and scripts; nothing is clicked on.
    Keys,
    /// With a mouse; no page runs a script.
    NoScripts,
}

/// A browser for it; `None` where there is none.
pub async fn browser(way: Way, width: u32) -> Option<Browser> {
    let mut browser = Browser::start(width).await?;
    match way {
        Way::Mouse => {}
        Way::Keys => browser.by_keyboard(),
        Way::NoScripts => browser.without_scripts().await,
    }
    Some(browser)
}

/// Nothing is wider than the window.
pub async fn fits(browser: &Browser) {
    let over = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
    assert_eq!(browser.run(over).await, 0, "{}", browser.url().await);
}

/// The browser has complained of nothing, of the policy least of all. That a form is refused was wanted.
pub async fn has_no_complaints(browser: &Browser) {
    let mut complaints = browser.complaints().await;
    complaints.retain(|line| {
        !["410", "422", "428"]
            .iter()
            .any(|status| line.contains(&format!("responded with a status of {status}")))
    });
    assert!(complaints.is_empty(), "{complaints:#?}");
}

/// Tells the story `tell(&Browser)` of this module in every way, each as a test of its own.
macro_rules! in_every_way {
    ($tell:path) => {
        in_every_way!($tell:
            by_mouse_in_a_wide_window: Mouse 1280,
            by_keyboard_alone_in_a_wide_window: Keys 1280,
            by_keyboard_alone_in_a_narrow_window: Keys 320,
            without_scripts_in_a_wide_window: NoScripts 1280,
            without_scripts_in_a_narrow_window: NoScripts 320,
        );
    };
    ($tell:path: $($name:ident: $way:ident $width:literal,)*) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                use super::ways::{Way, browser, has_no_complaints};
                if let Some(browser) = browser(Way::$way, $width).await {
                    $tell(&browser).await;
                    has_no_complaints(&browser).await;
                }
            }
        )*
    };
}

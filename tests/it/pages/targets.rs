//! Whatever is pressed is large enough to be hit: 24 by 24 px, as WCAG 2.2 asks for (2.5.8). Of its exceptions one is taken:
//! a link in a sentence, which is as high as its line. That small things stand far apart does not excuse them.

use countersign_tests::Browser;

/// What is smaller on the page that is open, each with its size.
pub async fn too_small(browser: &Browser) -> Vec<String> {
    let found = browser.run(SMALLER).await;
    let found = found.as_array().expect("a list").iter();
    found
        .map(|one| one.as_str().expect("a text").to_owned())
        .collect()
}

/// What is hidden from eyes, such as the link that skips to the contents, is shown when it has the focus. What one presses
/// beside a box or a button of choice is its label: both count as one.
const SMALLER: &str = r"
const LEAST = 24;
const seen = (it) => it.checkVisibility({ visibilityProperty: true }) && !it.closest('.hidden') && !it.matches('.skip:not(:focus)');
const box = (it) => {
    const all = [it, ...(it.matches('[type=checkbox], [type=radio]') ? it.labels : [])].map((one) => one.getBoundingClientRect());
    const least = (of) => Math.min(...all.map(of)), most = (of) => Math.max(...all.map(of));
    return { width: most((one) => one.right) - least((one) => one.left), height: most((one) => one.bottom) - least((one) => one.top) };
};
const block = (it) => { do { it = it.parentElement; } while (getComputedStyle(it).display.startsWith('inline')); return it; };
const inSentence = (it) => {
    if (!it.matches('a') || getComputedStyle(it).display !== 'inline') return false;
    const around = block(it).cloneNode(true);
    around.querySelectorAll('a, .hidden').forEach((one) => one.remove());
    return /[\p{L}\p{N}]/u.test(around.textContent);
};
const small = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter((it) => seen(it) && !inSentence(it))
    .map((it) => [it, box(it)])
    .filter(([, { width, height }]) => Math.min(width, height) < LEAST - 0.01);
return small.map(([it, { width, height }]) => `${width.toFixed(1)} × ${height.toFixed(1)} px: ${it.outerHTML.slice(0, 160)}`);
";

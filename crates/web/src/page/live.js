// Keeps the part of a page that says data-live up to date while it is open: the server tells that something has changed,
// and the page asks for itself again. Where the stream cannot be had it asks every half minute. No page needs it.
"use strict";

(() => {
  const part = () => document.querySelector("[data-live]");
  if (!part()) return;
  let under_way = false;
  let again = false;

  const renew = async () => {
    // What somebody has the focus in, or does not look at, is not taken away from under them.
    const shown = part();
    if (under_way || document.hidden || shown.contains(document.activeElement)) {
      again = true;
      return;
    }
    under_way = true;
    again = false;
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-live]");
      if (answer.ok && fresh) {
        shown.replaceWith(fresh);
        tell(true);
      }
    } catch {
      tell(false);
    } finally {
      under_way = false;
    }
  };
  const tell = (is_live) => {
    document.querySelectorAll("[data-live] .live").forEach((line) => { line.hidden = !is_live; });
  };

  let fallback;
  const source = new EventSource(part().dataset.live);
  source.addEventListener("open", () => {
    tell(true);
    if (fallback === undefined) return;
    clearInterval(fallback);
    fallback = undefined;
    // What changed while nobody told of it.
    renew();
  });
  source.addEventListener("changed", renew);
  // The browser tries again by itself where the stream broke off, and not where it was refused.
  source.addEventListener("error", () => {
    tell(false);
    fallback ??= setInterval(renew, 30000);
  });
  for (const event of ["visibilitychange", "focusout"]) {
    document.addEventListener(event, () => setTimeout(() => { if (again) renew(); }, 0));
  }
})();

// Keeps what was typed into a case and not sent, in this browser alone: a page that is loaded again, or closed by
// mistake, has it still. Every page works without; signing out forgets it all.
"use strict";
(() => {
  const PREFIX = "countersign-draft ";
  const chinese = document.documentElement.lang.startsWith("zh");
  const say = (en, zh) => (chinese ? zh : en);
  const forget = () => {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  };
  // Whoever is signed out leaves nothing behind, however that came.
  if (document.querySelector("form[action='/sign-in']")) forget();
  document.querySelector("form[action='/sign-out']")?.addEventListener("submit", forget);

  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const key = PREFIX + form.dataset.draft;
  // What was sent is done with; what the page shows again after a refusal stands in it already.
  const sent = document.querySelector(".done");
  if (sent) localStorage.removeItem(key);

  const KEPT = "textarea, select, input:not([type=hidden]):not([type=file]):not([type=password]):not([name=code])";
  const inputs = () => [...form.elements].filter((input) => input.name && input.matches(KEPT));
  const state = (input) => (input.matches("[type=radio], [type=checkbox]") ? input.checked : input.value);
  const first = (input) => {
    if (input.matches("[type=radio], [type=checkbox]")) return input.defaultChecked;
    if (input.matches("select")) return [...input.options].find((option) => option.defaultSelected)?.value ?? input.options[0]?.value;
    return input.defaultValue;
  };
  const id = (input) => (input.matches("[type=radio], [type=checkbox]") ? `${input.name}=${input.value}` : input.name);
  // What belongs to inputs of another tab, or of a state that the case has left, is kept beside.
  const elsewhere = {};
  const keep = () => {
    const typed = { ...elsewhere };
    for (const input of inputs()) if (state(input) !== first(input)) typed[id(input)] = state(input);
    if (Object.keys(typed).length) localStorage.setItem(key, JSON.stringify(typed)); else localStorage.removeItem(key);
  };

  let kept = {};
  try { kept = JSON.parse(localStorage.getItem(key)) ?? {}; } catch { localStorage.removeItem(key); }
  const lost = [];
  const whole = !/\/(files|changes)$/.test(location.pathname);
  let restored = 0;
  if (!document.querySelector("#problem")) {
    const byId = new Map(inputs().map((input) => [id(input), input]));
    for (const [name, value] of Object.entries(kept)) {
      const input = byId.get(name);
      if (!input || input.disabled) {
        elsewhere[name] = value;
        if (whole && typeof value === "string" && value.trim()) lost.push(value);
      } else {
        if (typeof value === "boolean") input.checked = value; else input.value = value;
        const folded = input.closest("details");
        if (folded) folded.open = true;
        restored += 1;
      }
    }
  }
  if (restored || lost.length) {
    const notice = Object.assign(document.createElement("div"), { className: "restored" });
    notice.setAttribute("role", "status");
    notice.append(Object.assign(document.createElement("p"), {
      textContent: say("What you had typed and not sent is here again.", "已恢复您填写但尚未提交的内容。"),
    }));
    for (const text of lost) {
      notice.append(Object.assign(document.createElement("p"), { className: "prose quote", textContent: text }));
    }
    const drop = Object.assign(document.createElement("button"), {
      className: "second small", type: "button", textContent: say("Discard it", "放弃"),
    });
    drop.addEventListener("click", () => { localStorage.removeItem(key); location.reload(); });
    notice.append(drop);
    form.before(notice);
  }
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
})();

// Shortcuts for those who decide a lot. Every page works without; nothing here sends anything by itself but Ctrl Enter.
"use strict";
(() => {
  const chinese = document.documentElement.lang.startsWith("zh");
  const say = (en, zh) => (chinese ? zh : en);
  const OFF = "countersign-keys-off";
  const find = (css) => document.querySelector(css);
  const isOff = () => localStorage.getItem(OFF) !== null;
  const rows = () => [...document.querySelectorAll("table.cases tbody td.case a, ul.cards h2 a")];
  const tab = (number) => find(`nav.tabs a:nth-of-type(${number})`)?.click();
  const choose = (css) => {
    const radio = find(css);
    if (radio && !radio.disabled) { radio.checked = true; radio.dispatchEvent(new Event("change", { bubbles: true })); radio.focus(); }
  };
  const step = (by) => {
    const all = rows();
    const at = all.indexOf(document.activeElement);
    all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + by))]?.focus();
  };
  const comment = () => {
    const box = find("#comment");
    const folded = box?.closest("details");
    if (folded) folded.open = true;
    box?.focus();
  };
  // The list that a case was opened from, for its neighbours.
  const LIST = "countersign-list";
  const here = () => location.pathname.split("/").slice(0, 3).join("/");
  if (rows().length) sessionStorage.setItem(LIST, JSON.stringify(rows().map((link) => link.getAttribute("href"))));
  const neighbour = (by) => {
    let list = [];
    try { list = JSON.parse(sessionStorage.getItem(LIST)) ?? []; } catch { return; }
    const at = list.indexOf(here());
    const next = at < 0 ? undefined : list[at + by];
    if (typeof next === "string" && next.startsWith("/cases/")) location.assign(next);
  };
  // The names that most files give go first, for what is rejected may lead back as well; else what a decision does counts, which
  // stands on the page, so that a key works whatever it is called.
  const either = (named, does) => (find(named) ? named : does);
  const APPROVE = either("#do-approve, #do-accept", "[name=do][data-way=forward]");
  const REJECT = either("#do-reject", "[name=do][data-way=out]");
  const SEND_BACK = either("#do-request_changes, #do-send_back, #do-rework", "[name=do][data-way=back]:not(#do-reject)");
  const help = [
    ["?", say("these shortcuts", "显示快捷键")],
    ["g i", say("inbox", "待办")],
    ["/", say("search", "搜索")],
    ["j k", say("next, previous row", "下一行、上一行")],
    ["Enter", say("open", "打开")],
    ["u", say("back", "返回")],
    ["[ ]", say("previous, next case of the list", "列表中的上一项、下一项")],
    ["1 – 5", say("tabs", "切换标签")],
    ["c", say("comment", "填写意见")],
    ["a x q", say("choose approve, reject, request changes", "选择批准、驳回、退回修改")],
    ["Ctrl Enter", say("send", "提交")],
  ];

  const make = (name, more) => Object.assign(document.createElement(name), more);
  let dialog;
  const show = () => {
    if (!dialog) {
      dialog = make("dialog", {});
      const list = make("dl", {});
      for (const [keys, what] of help) {
        const term = make("dt", {});
        term.append(make("kbd", { textContent: keys }));
        list.append(term, make("dd", { textContent: what }));
      }
      const title = make("h2", { textContent: say("Keyboard", "键盘快捷键") });
      const off = make("button", { className: "second", type: "button" });
      const name = () => {
        off.textContent = isOff() ? say("Switch shortcuts on", "启用快捷键") : say("Switch shortcuts off", "停用快捷键");
      };
      off.addEventListener("click", () => {
        if (isOff()) localStorage.removeItem(OFF); else localStorage.setItem(OFF, "1");
        name();
        mark();
      });
      name();
      const close = make("button", { type: "button", textContent: say("Close", "关闭") });
      close.addEventListener("click", () => dialog.close());
      const buttons = make("div", { className: "buttons" });
      buttons.append(close, off);
      dialog.append(title, list, buttons);
      dialog.setAttribute("aria-label", title.textContent);
      document.body.append(dialog);
    }
    dialog.showModal();
  };

  // Which key does what stands on the buttons, as long as keys do anything.
  const mark = () => {
    document.querySelectorAll("[data-key]").forEach((place) => delete place.dataset.key);
    if (isOff()) return;
    const on = (css, key) => { const place = find(css); if (place) place.dataset.key = key; };
    const label = (radios) => {
      const radio = find(radios);
      return radio && !radio.disabled ? `label[for="${radio.id}"]` : "label[for='']";
    };
    on(label(APPROVE), "a");
    on(label(REJECT), "x");
    on(label(SEND_BACK), "q");
    on("label[for=comment]", "c");
    on("form.case button[name=send]", "Ctrl ↵");
    [...document.querySelectorAll("header.case ~ nav.tabs a")].slice(0, 5).forEach((_, at) => on(`header.case ~ nav.tabs a:nth-of-type(${at + 1})`, `${at + 1}`));
  };

  let went = 0;
  const keys = {
    "?": show,
    "g": () => { went = Date.now(); },
    "i": () => { if (Date.now() - went < 1500) location.assign("/"); },
    "/": () => { const words = find("input[type=search]"); if (words) words.focus(); else location.assign("/cases#q"); },
    "j": () => step(1),
    "k": () => step(-1),
    "u": () => history.back(),
    "[": () => neighbour(-1),
    "]": () => neighbour(1),
    "c": comment,
    "a": () => choose(APPROVE),
    "x": () => choose(REJECT),
    "q": () => choose(SEND_BACK),
    "1": () => tab(1), "2": () => tab(2), "3": () => tab(3), "4": () => tab(4), "5": () => tab(5),
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      if (isOff()) return;
      const send = find("form.case button[name=send]") ?? find("form.case button[name=say]:not(.hidden)");
      if (send) { event.preventDefault(); send.click(); }
      return;
    }
    const typing = event.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, dialog");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isOff()) return;
    const act = keys[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  const open = make("button", { className: "quiet keys", type: "button", textContent: say("Shortcuts", "快捷键") });
  open.append(" ", make("kbd", { textContent: "?" }));
  open.addEventListener("click", show);
  find("main")?.append(open);
  mark();
  if (location.hash === "#q") find("input[type=search]")?.focus();
})();

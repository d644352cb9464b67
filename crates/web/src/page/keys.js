// Shortcuts for those who decide a lot. Every page works without; nothing here sends anything by itself but Ctrl Enter.
"use strict";
(() => {
  const chinese = document.documentElement.lang.startsWith("zh");
  const say = (en, zh) => (chinese ? zh : en);
  const OFF = "countersign-keys-off";
  const find = (css) => document.querySelector(css);
  const rows = () => [...document.querySelectorAll("table.cases tbody a, ul.cards h2 a")];
  const tab = (number) => find(`nav.tabs a:nth-of-type(${number})`)?.click();
  const choose = (css) => {
    const radio = find(css);
    if (radio && !radio.disabled) { radio.checked = true; radio.focus(); }
  };
  const step = (by) => {
    const all = rows();
    const at = all.indexOf(document.activeElement);
    all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + by))]?.focus();
  };
  const help = [
    ["?", say("these shortcuts", "显示快捷键")],
    ["g i", say("inbox", "待办")],
    ["/", say("search", "搜索")],
    ["j k", say("next, previous row", "下一行、上一行")],
    ["Enter", say("open", "打开")],
    ["u", say("back", "返回")],
    ["1 – 5", say("tabs", "切换标签")],
    ["c", say("comment", "填写意见")],
    ["a x q", say("choose approve, reject, request changes", "选择批准、驳回、退回修改")],
    ["Ctrl Enter", say("send", "提交")],
  ];

  let dialog;
  const show = () => {
    if (!dialog) {
      dialog = document.createElement("dialog");
      const list = document.createElement("dl");
      for (const [keys, what] of help) {
        const term = document.createElement("dt");
        term.append(Object.assign(document.createElement("kbd"), { textContent: keys }));
        list.append(term, Object.assign(document.createElement("dd"), { textContent: what }));
      }
      const title = Object.assign(document.createElement("h2"), { textContent: say("Keyboard", "键盘快捷键") });
      const off = Object.assign(document.createElement("button"), { className: "second", type: "button" });
      const name = () => {
        off.textContent = localStorage.getItem(OFF) ? say("Switch shortcuts on", "启用快捷键") : say("Switch shortcuts off", "停用快捷键");
      };
      off.addEventListener("click", () => {
        if (localStorage.getItem(OFF)) localStorage.removeItem(OFF); else localStorage.setItem(OFF, "1");
        name();
      });
      name();
      const close = Object.assign(document.createElement("button"), { type: "button", textContent: say("Close", "关闭") });
      close.addEventListener("click", () => dialog.close());
      const buttons = Object.assign(document.createElement("div"), { className: "buttons" });
      buttons.append(close, off);
      dialog.append(title, list, buttons);
      dialog.setAttribute("aria-label", title.textContent);
      document.body.append(dialog);
    }
    dialog.showModal();
  };

  let went = 0;
  const keys = {
    "?": show,
    "g": () => { went = Date.now(); },
    "i": () => { if (Date.now() - went < 1500) location.assign("/"); },
    "/": () => { const words = find("input[type=search]"); if (words) words.focus(); else location.assign("/cases"); },
    "j": () => step(1),
    "k": () => step(-1),
    "u": () => history.back(),
    "c": () => find("#comment")?.focus(),
    "a": () => choose("#do-approve, #do-accept"),
    "x": () => choose("#do-reject"),
    "q": () => choose("#do-request_changes, #do-send_back"),
    "1": () => tab(1), "2": () => tab(2), "3": () => tab(3), "4": () => tab(4), "5": () => tab(5),
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.ctrlKey) {
      const send = find("form.case button[name=send]");
      if (send) { event.preventDefault(); send.click(); }
      return;
    }
    const typing = event.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, dialog");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key !== "?" && localStorage.getItem(OFF)) return;
    const act = keys[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  const open = Object.assign(document.createElement("button"), {
    className: "quiet keys", type: "button", textContent: say("Shortcuts ?", "快捷键 ?"),
  });
  open.addEventListener("click", show);
  find("main")?.after(open);
})();

/* Small comforts. Every page works without this file. ES2020, no eval. */
(() => {
  "use strict";
  const all = (what, root = document) => [...root.querySelectorAll(what)];
  const el = (tag, cls, text) => Object.assign(document.createElement(tag), { className: cls, textContent: text || "" });
  const box = () => document.getElementById("messages");

  const say = (kind, words) => {
    const here = box();
    if (!here || !words) return;
    here.classList.remove("vh");
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "i");
    svg.setAttribute("aria-hidden", "true");
    svg.append(document.createElementNS(svg.namespaceURI, "use"));
    svg.firstChild.setAttribute("href", `${here.dataset.icons}#circle-alert`);
    const note = el("div", `box box-${kind}`);
    note.append(svg, el("p", "", words));
    here.replaceChildren(note);
    here.scrollIntoView({ block: "nearest" });
  };

  /* Sending: once only, in our own words, with a question where one is asked for. */
  const release = () => all("[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    all("[data-held]", form).forEach((b) => { b.disabled = false; delete b.dataset.held; });
  });
  const ask = (words, yes, go) => {
    const d = el("dialog", "sheet");
    const row = el("div", "buttons");
    const ok = el("button", "btn-danger", yes);
    const no = el("button", "btn-quiet", box()?.dataset.cancel || "×");
    ok.onclick = () => { d.close(); go(); };
    no.onclick = () => d.close();
    row.append(ok, no);
    d.append(el("p", "", words), row);
    d.onclose = () => d.remove();
    document.body.append(d);
    d.showModal();
  };
  document.addEventListener("click", (e) => {
    const asked = e.target.closest("[data-confirm]:not(form)");
    if (asked && !asked.dataset.sure && window.HTMLDialogElement) {
      e.preventDefault();
      e.stopImmediatePropagation();
      ask(asked.dataset.confirm, asked.textContent.trim(), () => {
        asked.dataset.sure = "1";
        asked.click();
        delete asked.dataset.sure;
      });
      return;
    }
    const opener = e.target.closest("[data-open]");
    if (opener) document.getElementById(opener.dataset.open)?.showModal?.();
    if (e.target.closest("[data-print]")) window.print();
    const jump = e.target.closest("[data-errors] a");
    const field = jump && document.getElementById(jump.hash.slice(1));
    if (field) { e.preventDefault(); field.focus(); }
  }, true);
  document.addEventListener("submit", (e) => {
    const form = e.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) { e.preventDefault(); e.stopImmediatePropagation(); return; }
    if (form.dataset.confirm && !form.dataset.sure && window.HTMLDialogElement) {
      e.preventDefault();
      e.stopImmediatePropagation();
      const by = e.submitter;
      ask(form.dataset.confirm, by?.textContent.trim() || "OK", () => { form.dataset.sure = "1"; form.requestSubmit(by); });
      return;
    }
    delete form.dataset.sure;
    if (!navigator.onLine) { e.preventDefault(); e.stopImmediatePropagation(); say("over", box()?.dataset.offline); return; }
    form.dataset.sent = "1";
    all("[data-keep]", form).forEach((t) => sessionStorage.removeItem(keepAt(t)));
    setTimeout(() => all("button:not([type=button]):not([disabled])", form).forEach((b) => {
      b.dataset.held = "1";
      b.disabled = true;
    }));
  }, true);
  window.addEventListener("pageshow", release);

  /* What has been written stays until it is sent. */
  const keepAt = (t) => `keep:${location.pathname}:${t.name}`;
  const count = (p) => {
    const t = document.getElementById(p.dataset.count);
    if (!t) return;
    const rest = p.dataset.max - [...t.value].length;
    p.textContent = (rest < 0 ? p.dataset.over : p.dataset.left).replace("{n}", Math.abs(rest));
    p.classList.toggle("count-over", rest < 0);
  };
  document.addEventListener("input", (e) => {
    const t = e.target;
    if (t.matches?.("[data-keep]")) sessionStorage.setItem(keepAt(t), t.value);
    all(`[data-count="${CSS.escape(t.id || "-")}"]`).forEach(count);
  });

  const wake = (root) => {
    all("form[method=post]", root).forEach((f) => { f.noValidate = true; });
    all("[data-print]", root).forEach((b) => { b.hidden = false; });
    all("[data-keep]", root).forEach((t) => { t.value = t.value || sessionStorage.getItem(keepAt(t)) || ""; });
    all("[data-count]", root).forEach(count);
    root.querySelector("[data-errors]")?.focus();
  };

  /* htmx: the token, the 422 that moves the focus, the answer that did not come. */
  document.addEventListener("htmx:configRequest", (e) => { e.detail.headers["X-CSRFToken"] = document.body.dataset.csrf; });
  document.addEventListener("htmx:afterSettle", (e) => { release(); wake(e.detail.elt.parentElement || document); });
  document.addEventListener("htmx:afterRequest", release);
  ["htmx:sendError", "htmx:timeout"].forEach((n) => document.addEventListener(n, () => say("over", box()?.dataset.failed)));
  document.addEventListener("htmx:responseError", (e) =>
    say("over", e.detail.xhr.status < 500 ? box()?.dataset.denied : box()?.dataset.failed));

  /* Keys of the desk: j and k walk the list, letters press what carries them. */
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
    if (e.target.matches("input,select,textarea,[contenteditable]") || document.querySelector("dialog[open]")) return;
    const items = all("[data-keys] a");
    if ((e.key === "j" || e.key === "k") && items.length) {
      const at = items.indexOf(document.activeElement.closest("[data-keys] a"));
      const to = at < 0 ? 0 : Math.max(0, Math.min(items.length - 1, at + (e.key === "j" ? 1 : -1)));
      items[to].focus();
      e.preventDefault();
      return;
    }
    const pressed = e.key.length === 1 && document.querySelector(`[data-key="${CSS.escape(e.key.toLowerCase())}"]`);
    if (pressed) { e.preventDefault(); pressed.matches("input,select,textarea") ? pressed.focus() : pressed.click(); }
  });

  /* The network. */
  const net = () => {
    const old = document.querySelector(".offline");
    if (navigator.onLine) old?.remove();
    else if (!old && box()) {
      const note = el("p", "offline", box().dataset.offline);
      note.setAttribute("role", "status");
      document.body.prepend(note);
    }
  };
  ["online", "offline"].forEach((n) => window.addEventListener(n, net));
  wake(document);
  net();
  navigator.serviceWorker?.register("/worker.js").catch(() => {});
})();

// The till page, live: takes the lane's stream, swaps the parts that changed, lets toasts rise.
"use strict";
(() => {
  const grid = document.querySelector("[data-events]");
  const toasts = document.getElementById("toasts");
  const offline = document.getElementById("offline");
  let shown = Number(document.getElementById("state").dataset.number);
  let source = null;
  let offlineTimer = 0;

  // A refused form of a page without htmx answers with the till itself: to load that anew must send nothing again.
  const here = grid.dataset.events.replace(/\/events$/, "");
  if (location.pathname !== here) history.replaceState(null, "", here);

  const isLive = () => source !== null && source.readyState === EventSource.OPEN;

  // Where the focus is, in words that are still true after the part was drawn anew.
  const focusMark = (part) => {
    const active = document.activeElement;
    if (!active || !part.contains(active)) return null;
    if (active.id) return "#" + CSS.escape(active.id);
    return active.dataset.focus ? `[data-focus="${CSS.escape(active.dataset.focus)}"]` : null;
  };

  const swap = (id, html) => {
    const old = document.getElementById(id);
    if (!old) return;
    const template = document.createElement("template");
    template.innerHTML = html.trim();
    const fresh = template.content.firstElementChild;
    if (old.outerHTML === fresh.outerHTML) return;
    const mark = focusMark(old);
    old.replaceWith(fresh);
    if (window.htmx) window.htmx.process(fresh);
    // What was added last, and the discounts, are in sight; the small print comes after them.
    const body = fresh.querySelector("form.pay") ? fresh.querySelector(".ticket-body") : null;
    const fine = body ? body.querySelector(".totals.fine") : null;
    if (fine) body.scrollTop = fine.getBoundingClientRect().top - body.getBoundingClientRect().bottom + body.scrollTop;
    window.drafts.restore();
    if (mark) (document.querySelector(mark) || fresh.querySelector("button, input:not([type=hidden])"))?.focus({ preventScroll: true });
  };

  const rise = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html.trim();
    const toast = template.content.firstElementChild;
    toasts.querySelectorAll(`[data-kind="${toast.dataset.kind}"]`).forEach((older) => older.remove());
    toasts.append(toast);
    while (toasts.children.length > 3) toasts.firstElementChild.remove();
    setTimeout(() => toast.remove(), "stays" in toast.dataset ? 30000 : 7000);
  };

  const show = (message) => {
    const data = JSON.parse(message.data);
    if (data.toast) rise(data.toast);
    if (data.number < shown) return;
    shown = data.number;
    Object.entries(data.parts).forEach(([id, html]) => swap(id, html));
    document.dispatchEvent(new CustomEvent("till:shown", { detail: data.number }));
  };

  const listen = () => {
    source = new EventSource(grid.dataset.events);
    source.addEventListener("till", (message) => {
      // A station that was restarted counts anew; its first message is a snapshot and stands.
      if (message.lastEventId.split("-")[0] !== listen.run) { listen.run = message.lastEventId.split("-")[0]; shown = 0; }
      show(message);
    });
    source.onopen = () => { clearTimeout(offlineTimer); offlineTimer = 0; offline.hidden = true; };
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) { location.reload(); return; }
      // Each vain try to connect ends here again: the time runs from the first one.
      if (!offlineTimer) offlineTimer = setTimeout(() => { offline.hidden = false; }, 1500);
    };
  };
  listen.run = "";
  listen();
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  // What was done is said for a while and not beside the next sale; what was not done stays.
  const letGo = () => {
    document.querySelectorAll("#flash .said:not([data-going])").forEach((said) => {
      said.dataset.going = "";
      setTimeout(() => said.remove(), 7000);
    });
  };
  letGo();
  document.addEventListener("htmx:oobAfterSwap", letGo);
  document.addEventListener("htmx:afterRequest", letGo);

  document.addEventListener("htmx:configRequest", (event) => { if (isLive()) event.detail.headers["X-Live"] = "1"; });
  const refused = (event) => {
    const status = event.detail.xhr ? event.detail.xhr.status : 0;
    if (status === 401 || status === 403) location.reload();
    else if (status === 0) offline.hidden = false;
  };
  document.addEventListener("htmx:responseError", refused);
  document.addEventListener("htmx:sendError", refused);

  // A scanner types fast and ends with Enter. A key alone is a shortcut if a button names it: small letters only,
  // so that no code in capitals pays a sale on a slow machine.
  const scanForm = document.getElementById("scan");
  const scanText = document.getElementById("scan-text");
  const ALONE_MS = 150;
  const FORGOTTEN_MS = 1200;
  let typed = "";
  let alone = 0;
  let forgotten = 0;

  const settle = () => {
    const button = typed.length === 1 ? document.querySelector(`[data-key="${CSS.escape(typed)}"]`) : null;
    if (button) { typed = ""; button.click(); }
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, textarea, select")) return;
    if (event.key === "Enter" && typed.length > 2) {
      event.preventDefault();
      scanText.value = typed;
      typed = "";
      scanForm.requestSubmit();
      return;
    }
    if (event.key.length !== 1 || (event.key === " " && typed === "")) return;
    event.preventDefault();
    typed += event.key;
    clearTimeout(alone);
    clearTimeout(forgotten);
    if (typed.length === 1) alone = setTimeout(settle, ALONE_MS);
    forgotten = setTimeout(() => { typed = ""; }, FORGOTTEN_MS);
  });
})();

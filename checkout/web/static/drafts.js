// What somebody typed and has not sent outlives a redrawn part and a reload, for as long as it is the same sale.
// It stays in this tab: the station hears of it when it is sent.
"use strict";
window.drafts = (() => {
  const root = document.querySelector("[data-drafts]");
  const place = `drafts:${root.dataset.drafts}`;
  const sale = () => document.querySelector("[data-sale]")?.dataset.sale ?? "";
  const isText = (field) => field.id && field.matches("input:not([type=hidden], [type=checkbox], [type=file]), select, textarea");
  const isKept = (field) => isText(field) && field.closest("[data-keep]") !== null;

  const read = () => {
    try { return JSON.parse(sessionStorage.getItem(place)) ?? {}; } catch { return {}; }
  };
  const write = (draft) => {
    try { sessionStorage.setItem(place, JSON.stringify(draft)); } catch { /* full or forbidden: then nothing is kept */ }
  };
  // What was typed before a sale was open belongs to the one that opens; that of another sale is let go.
  const current = () => {
    const draft = { sale: "", values: {}, open: [], ...read() };
    if (draft.sale && draft.sale !== sale()) return { sale: sale(), values: {}, open: [] };
    return { ...draft, sale: sale() };
  };

  const restore = () => {
    const draft = current();
    write(draft);
    draft.open.forEach((id) => { const part = document.getElementById(id); if (part) part.open = true; });
    Object.entries(draft.values).forEach(([id, value]) => {
      const field = document.getElementById(id);
      if (!field || field.value) return;
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  };

  // Sent and done: the same must not go out again by a slip.
  const letGo = (form) => {
    const draft = current();
    [...form.elements].filter(isKept).forEach((sent) => {
      delete draft.values[sent.id];
      const shown = document.getElementById(sent.id);
      if (shown && shown.value === sent.value) shown.value = "";
    });
    // Done with: a part that was opened for it makes room again.
    const part = form.closest("details[id]");
    draft.open = draft.open.filter((id) => id !== part?.id);
    write(draft);
    const shown = part && document.getElementById(part.id);
    if (shown) shown.open = false;
  };

  // What the station could not read is marked, in sight, and the next thing to type in.
  const mark = (form, names) => {
    const wrong = [...form.elements].map((sent) => document.getElementById(sent.id)).filter((field) => field && names.includes(field.name));
    wrong.forEach((field) => {
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", "flash");
      const part = field.closest("details");
      if (part) part.open = true;
    });
    wrong[0]?.focus();
  };

  document.addEventListener("input", (event) => {
    if (!isKept(event.target)) return;
    if (event.isTrusted) event.target.removeAttribute("aria-invalid");
    const draft = current();
    if (event.target.value) draft.values[event.target.id] = event.target.value;
    else delete draft.values[event.target.id];
    write(draft);
  });
  document.addEventListener("toggle", (event) => {
    if (!event.target.id || !event.target.isConnected) return;
    const draft = current();
    draft.open = draft.open.filter((id) => id !== event.target.id);
    if (event.target.open) draft.open.push(event.target.id);
    write(draft);
  }, true);
  document.addEventListener("submit", (event) => {
    if (event.target.action.endsWith("/sign-out")) sessionStorage.clear();
    else if (root.contains(event.target) && !event.target.matches("[hx-post], [method=get]")) {
      write({ ...current(), values: {} });
    }
  });
  document.addEventListener("htmx:beforeSend", (event) => {
    const { elt, xhr } = event.detail;
    // htmx says nothing afterwards of a form that the stream has drawn anew in the meantime.
    xhr.addEventListener("load", () => {
      if (!elt.matches("form") || xhr.status !== 200) return;
      if (xhr.getResponseHeader("X-Refused")) mark(elt, (xhr.getResponseHeader("X-Faults") ?? "").split(" "));
      else letGo(elt);
    });
  });
  document.addEventListener("htmx:oobAfterSwap", restore);
  document.addEventListener("DOMContentLoaded", () => {
    restore();
    // Who comes back to look for somebody else types over what they looked for before.
    const search = document.activeElement;
    if (search?.matches("input[type=search]") && isKept(search)) search.select();
  });
  return { restore };
})();

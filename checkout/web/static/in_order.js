// A cashier touches and a scanner reads faster than a busy station answers: what they do waits here and is sent one
// after the other, in the order of the counter. htmx alone would keep only the last of what waits.
"use strict";
(() => {
  const grid = document.querySelector("[data-events]");
  const scanText = document.getElementById("scan-text");
  const waiting = [];
  let isSending = false;
  let answer = { isThere: false, isGood: false };

  const show = (code) => {
    scanText.value = code;
    scanText.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const send = async () => {
    if (isSending) return;
    isSending = true;
    while (waiting.length) {
      const next = waiting.shift();
      answer = { isThere: false, isGood: false };
      await window.htmx.ajax("POST", next.path, { source: grid, values: next.values, swap: "none" }).catch(() => {});
      // Without contact nothing is sent later by itself, the counter may be at another sale then: the first code
      // stands in its field again, and the line above the till says that the station is away.
      const undone = answer.isThere ? [next] : [next, ...waiting.splice(0)];
      const read = answer.isGood ? undefined : undone.find((each) => "text" in each.values);
      if (read && !scanText.value) show(read.values.text);
    }
    isSending = false;
    document.dispatchEvent(new Event("till:in-order"));
  };

  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt !== grid) return;
    answer = { isThere: event.detail.xhr.status !== 0, isGood: event.detail.successful };
  });

  // What comes after waits too: a payment must not overtake the item that was touched before it. A button that was drawn
  // anew meanwhile, with another total, is not pressed by itself.
  document.addEventListener("htmx:confirm", (event) => {
    if (!isSending || event.detail.elt === grid || event.detail.verb === "get") return;
    event.preventDefault();
    document.addEventListener("till:in-order", () => event.detail.issueRequest(true), { once: true });
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-in-order]") || !window.htmx) return;
    event.preventDefault();
    event.stopPropagation();
    const values = Object.fromEntries(new FormData(form));
    if (event.submitter?.name) values[event.submitter.name] = event.submitter.value;
    waiting.push({ path: form.getAttribute("action"), values });
    if (form.contains(scanText)) show(""); // the next code must not be read on to it
    send();
  }, true);
})();

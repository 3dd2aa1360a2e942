// A cashier touches and a scanner reads faster than a busy station answers: what they do waits here and is sent one
// after the other, in the order of the counter. htmx alone would keep only the last of what waits.
"use strict";
(() => {
  const grid = document.querySelector("[data-events]");
  const scanText = document.getElementById("scan-text");
  const waiting = [];
  let isSending = false;
  let isOwn = false;
  let sent = null;

  const show = (code) => {
    scanText.value = code;
    scanText.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // A form that was drawn anew meanwhile is sent as it was touched: with another total the station refuses it.
  const post = async ({ form, path, values }) => {
    const source = form.matches("[hx-post]") && form.isConnected ? form : grid;
    sent = null;
    isOwn = true;
    const answered = window.htmx.ajax("POST", path, { source, values, swap: "none" });
    isOwn = false;
    await answered.catch(() => {});
    return sent ? sent.status : 0;
  };

  const send = async () => {
    if (isSending) return;
    isSending = true;
    while (waiting.length) {
      const next = waiting.shift();
      const status = await post(next);
      // Without contact nothing is sent later by itself, the counter may be at another sale then: the first code
      // stands in its field again, and the line above the till says that the station is away.
      const undone = status === 0 ? [next, ...waiting.splice(0)] : status < 400 ? [] : [next];
      const read = undone.find((each) => each.form.contains(scanText));
      if (read && !scanText.value) show(read.values.text);
    }
    isSending = false;
  };

  const wait = (form, path, button) => {
    const values = Object.fromEntries(new FormData(form));
    if (button?.name) values[button.name] = button.value;
    waiting.push({ form, path, values });
    if (form.contains(scanText)) show(""); // the next code must not be read on to it
    send();
  };

  document.addEventListener("htmx:beforeSend", (event) => { if (isSending && event.detail.requestConfig.verb === "post") sent = event.detail.xhr; });

  // What comes after waits too: a payment must not overtake the item that was touched before it.
  document.addEventListener("htmx:confirm", (event) => {
    const { elt, path, verb, triggeringEvent } = event.detail;
    if (!isSending || isOwn || verb !== "post" || !elt.matches("form")) return;
    event.preventDefault();
    wait(elt, path, triggeringEvent?.submitter);
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-in-order]") || !window.htmx) return;
    event.preventDefault();
    event.stopPropagation();
    wait(event.target, event.target.getAttribute("action"), event.submitter);
  }, true);
})();

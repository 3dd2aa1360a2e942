// The demo's page: keeps the kiosk's picture fresh, turns clicks into touches, sends what hands do.
"use strict";
(() => {
  const kiosk = document.getElementById("kiosk");
  const note = document.getElementById("hands-note");
  const messages = document.getElementById("messages");
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));

  const post = async (address, body) => {
    const answer = await fetch(address, { method: "POST", body });
    if (answer.ok) { note.textContent = ""; return true; }
    const reason = await answer.json().catch(() => ({}));
    note.textContent = `⚠ ${note.dataset[reason.error] || note.dataset.other}`;
    return false;
  };

  const mirror = async () => {
    let last = "";
    for (;;) {
      if (document.hidden) { await wait(500); continue; }
      try {
        const answer = await fetch("/demo/kiosk");
        if (answer.ok) {
          const address = URL.createObjectURL(await answer.blob());
          await new Promise((done) => { kiosk.onload = kiosk.onerror = done; kiosk.src = address; });
          if (last) URL.revokeObjectURL(last);
          last = address;
          kiosk.dataset.live = "yes";
          await wait(140);
        } else { await wait(1000); }
      } catch { await wait(1000); }
    }
  };

  const letters = async () => {
    let shown = "";
    for (;;) {
      try {
        const answer = await fetch("/demo/messages");
        const html = answer.ok ? await answer.text() : shown;
        if (html !== shown) { shown = html; messages.innerHTML = html; }
      } catch { /* the station restarts: the next look finds it */ }
      await wait(document.hidden ? 3000 : 900);
    }
  };

  kiosk.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const box = kiosk.getBoundingClientRect();
    const body = new FormData();
    body.set("x", ((event.clientX - box.left) / box.width).toFixed(4));
    body.set("y", ((event.clientY - box.top) / box.height).toFixed(4));
    post("/demo/touch", body);
  });

  document.querySelectorAll("form[data-send]").forEach((form) => {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      post(form.dataset.send, new FormData(form, event.submitter));
    });
  });

  const drop = document.querySelector(".drop");
  const send = (file) => { const body = new FormData(); body.set("picture", file); post("/demo/picture", body); };
  document.getElementById("picture").addEventListener("change", (event) => { if (event.target.files[0]) send(event.target.files[0]); event.target.value = ""; });
  ["dragenter", "dragover"].forEach((name) => drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); }));
  ["dragleave", "drop"].forEach((name) => drop.addEventListener(name, () => drop.classList.remove("over")));
  drop.addEventListener("drop", (event) => { event.preventDefault(); if (event.dataTransfer.files[0]) send(event.dataTransfer.files[0]); });

  const plug = document.querySelector("[data-plug]");
  let plugged = true;
  plug.addEventListener("click", async () => {
    const body = new FormData();
    body.set("plugged", String(!plugged));
    if (await post("/demo/scanner", body)) {
      plugged = !plugged;
      plug.textContent = plugged ? plug.dataset.unplugText : plug.dataset.plugText;
    }
  });

  mirror();
  letters();
})();

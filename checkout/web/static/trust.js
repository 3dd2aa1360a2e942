// Says beside each address of the station whether this device trusts it by now.
"use strict";
(() => {
  const list = document.querySelector(".checks");
  const again = document.getElementById("again");
  const look = async (chip) => {
    chip.className = "chip";
    chip.textContent = list.dataset.wait;
    let isTrusted = true;
    try {
      // An answer nobody may read is enough: without trust there is none.
      await fetch(chip.dataset.check, { mode: "no-cors", cache: "no-store", credentials: "omit" });
    } catch {
      isTrusted = false;
    }
    chip.className = isTrusted ? "chip yes" : "chip no";
    chip.textContent = isTrusted ? list.dataset.yes : list.dataset.no;
  };
  const lookAll = () => document.querySelectorAll("[data-check]").forEach(look);
  again.hidden = false;
  again.addEventListener("click", lookAll);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) lookAll(); });
  lookAll();
})();

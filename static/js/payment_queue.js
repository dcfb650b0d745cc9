// The queue of payments by keyboard: J and K go down and up, A accepts a row's first suggestion, Enter opens the row.
"use strict";

(() => {
  const queue = document.querySelector("[data-queue]");
  if (!queue) return;

  function rows() {
    return [...queue.querySelectorAll("[data-queue-row]")];
  }

  function current() {
    return document.activeElement?.closest("[data-queue-row]");
  }

  function go(step) {
    const all = rows();
    const next = all[all.indexOf(current()) + step] ?? (step > 0 && !current() ? all[0] : null);
    next?.focus();
  }

  const ACTIONS = {
    j: () => go(1),
    k: () => go(-1),
    a: () => (current() ?? rows()[0])?.querySelector("[data-accept]")?.click(),
  };

  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, textarea, select");
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && event.target.matches("[data-queue-row]")) {
      event.target.querySelector(".actions a")?.click();
      return;
    }
    const act = ACTIONS[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();

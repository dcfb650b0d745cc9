// Keys that work on every page behind the login: "/" searches, "?" tells the keys.
"use strict";

(() => {
  const ACTIONS = {
    "/": () => {
      const field = document.getElementById("search-text");
      if (field) field.focus();
      else document.querySelector("[data-search-link]")?.click();
    },
    "?": () => document.getElementById("keys-dialog").showModal(),
  };

  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, dialog");
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = ACTIONS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();

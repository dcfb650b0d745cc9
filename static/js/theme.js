// Light, dark, or what the system says. Loaded in the head, so that no page flashes in the wrong theme.
"use strict";

(() => {
  const root = document.documentElement;
  const systemIsDark = window.matchMedia("(prefers-color-scheme: dark)");
  const YEAR = 31_536_000; // seconds

  function chosenTheme() {
    const cookie = document.cookie.match(/(?:^|; )theme=(light|dark)/);
    return cookie ? cookie[1] : "auto";
  }

  function applyTheme() {
    const system = systemIsDark.matches ? "dark" : "light";
    root.dataset.bsTheme = chosenTheme() === "auto" ? system : chosenTheme();
  }

  function markChoice() {
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosenTheme()));
    }
  }

  applyTheme();
  systemIsDark.addEventListener("change", applyTheme);
  document.addEventListener("DOMContentLoaded", markChoice);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (!button) return;
    document.cookie = `theme=${button.dataset.themeChoice}; path=/; max-age=${YEAR}; samesite=lax`;
    applyTheme();
    markChoice();
  });
})();

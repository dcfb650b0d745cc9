// Copy buttons, the question before destructive steps, the guard against sending a form twice, the phone's menu.
"use strict";

(() => {
  const COPIED_SHOWN = 2000; // milliseconds

  // --- Copy: <button data-copy="text"> -----------------------------------------------------------------------------

  async function copy(button) {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.dataset.copied = "";
    window.setTimeout(() => delete button.dataset.copied, COPIED_SHOWN);
  }

  // --- Ask once: data-confirm="question" on a form, a submit button, or (as hx-confirm) an htmx element ---------------

  let confirmedForm = null;

  function ask(question, proceed) {
    const dialog = document.getElementById("confirm-dialog");
    dialog.querySelector("[data-question]").textContent = question;
    dialog.addEventListener("close", () => dialog.returnValue === "yes" && proceed(), { once: true });
    dialog.returnValue = "";
    dialog.showModal();
  }

  function askBeforeSubmit(event) {
    const { target: form, submitter } = event;
    const question = submitter?.dataset.confirm || form.dataset.confirm;
    if (!question || confirmedForm === form) return;
    event.preventDefault();
    ask(question, () => {
      confirmedForm = form;
      form.requestSubmit(submitter);
      confirmedForm = null;
    });
  }

  function askBeforeHtmx(event) {
    if (!event.detail.question) return;
    event.preventDefault();
    ask(event.detail.question, () => event.detail.issueRequest(true));
  }

  // --- A form that changes something leaves the page once ------------------------------------------------------------

  // The button is not disabled: a disabled button's name and value would not be sent.
  function guardAgainstSecondSubmit(event) {
    const form = event.target;
    // A download leaves the page where it is.
    if (event.defaultPrevented || form.method !== "post" || event.submitter?.dataset.download !== undefined) return;
    if (form.dataset.submitted !== undefined) {
      event.preventDefault();
      return;
    }
    form.dataset.submitted = "";
    event.submitter?.setAttribute("aria-busy", "true");
  }

  // The browser's back button brings the page back as it was left.
  function releaseForms() {
    for (const form of document.querySelectorAll("form[data-submitted]")) delete form.dataset.submitted;
    for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  }

  // --- Addresses of filters name only what is filled in ---------------------------------------------------------------

  function dropEmptyParameters(event) {
    if (event.detail.verb !== "get") return;
    for (const [name, value] of Object.entries(event.detail.parameters)) {
      if (value === "") delete event.detail.parameters[name];
    }
  }

  // --- The navigation's second row on phones ---------------------------------------------------------------------------

  function toggleNavigation(button) {
    const isOpen = button.closest(".nav-list").classList.toggle("is-open");
    button.setAttribute("aria-expanded", String(isOpen));
  }

  document.addEventListener("click", (event) => {
    const copyButton = event.target.closest("[data-copy]");
    if (copyButton) copy(copyButton);
    if (event.target.closest("[data-print]")) window.print();
    const navigationButton = event.target.closest("[data-toggle-navigation]");
    if (navigationButton) toggleNavigation(navigationButton);
  });
  document.addEventListener("submit", askBeforeSubmit);
  document.addEventListener("submit", guardAgainstSecondSubmit);
  document.addEventListener("htmx:confirm", askBeforeHtmx);
  document.addEventListener("htmx:configRequest", dropEmptyParameters);
  window.addEventListener("pageshow", releaseForms);
})();

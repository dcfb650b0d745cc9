// The template editor: "Insert" at the cursor, the counter while typing, forbidden characters with their replacements.
import { findReplacements, measure, normalise } from "./sms_counter.js";

const editor = document.querySelector("[data-template-editor]");
const body = editor.elements.body;
const type = editor.elements.type;
const starters = JSON.parse(document.getElementById("template-starters").textContent);
const samples = new Map(
  [...editor.querySelectorAll("[data-insert]")].map(({ dataset }) => [dataset.insert, dataset.sample]),
);
const counter = editor.querySelector("[data-counter]");
const forbidden = editor.querySelector("[data-forbidden]");

function typed() {
  body.dispatchEvent(new Event("input", { bubbles: true }));
}

function insertAtCursor(name) {
  body.setRangeText(`{${name}}`, body.selectionStart, body.selectionEnd, "end");
  body.focus();
  typed();
}

// From the end, so that the positions before stay right.
function replaceAll() {
  let text = body.value;
  for (const { position, character, replacement } of findReplacements(text).reverse()) {
    if (replacement === null) continue;
    text = text.slice(0, position) + replacement + text.slice(position + character.length);
  }
  body.value = text;
  body.focus();
  typed();
}

function showForbidden() {
  const found = findReplacements(body.value);
  const offers = new Map(found.map(({ character, replacement }) => [character, replacement]));
  forbidden.hidden = offers.size === 0;
  forbidden.querySelector("[data-forbidden-list]").textContent = [...offers]
    .map(([character, replacement]) => (replacement === null ? character : `${character} → ${replacement || "∅"}`))
    .join(", ");
  forbidden.querySelector("[data-replace]").hidden = ![...offers.values()].some((offer) => offer !== null);
}

// At once and with made-up data; the preview beside it follows with a real client's.
function showCount() {
  const text = body.value.replace(/\{([^{}]*)\}/g, (field, name) => samples.get(name) ?? field);
  const { units, parts } = measure(normalise(text));
  counter.textContent = counter.dataset.text.replace("%units%", units).replace("%parts%", parts);
}

function showFieldsOfType() {
  for (const button of editor.querySelectorAll("[data-insert]")) {
    button.hidden = !button.dataset.types.split(" ").includes(type.value);
  }
}

// Another type brings its own starting text, unless somebody has written one already.
function startWithType() {
  const untouched = Object.values(starters).some((starter) => starter.body === body.value) || !body.value.trim();
  const name = editor.elements.name;
  if (Object.values(starters).some((starter) => starter.name === name.value)) name.value = starters[type.value].name;
  if (untouched) body.value = starters[type.value].body;
  showFieldsOfType();
  typed();
}

editor.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  if (button) insertAtCursor(button.dataset.insert);
  if (event.target.closest("[data-replace]")) replaceAll();
});
body.addEventListener("input", showForbidden);
body.addEventListener("input", showCount);
type.addEventListener("change", startWithType);
showFieldsOfType();
showForbidden();
showCount();

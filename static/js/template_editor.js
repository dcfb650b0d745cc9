// The template editor: "Insert" at the cursor, the counter while typing, and what each type of template brings along.
import { clientChoice } from "./client_choice.js";
import { watchForbidden } from "./forbidden_characters.js";
import { measure, normalise } from "./sms_counter.js";
import { replaceRange } from "./text_edits.js";
import { tidyWhatIsPasted } from "./tidy_paste.js";

const editor = document.querySelector("[data-template-editor]");
const { body, type, name } = editor.elements;
const types = JSON.parse(document.getElementById("template-starters").textContent);
const samples = new Map(
  [...editor.querySelectorAll("[data-insert]")].map(({ dataset }) => [dataset.insert, dataset.sample]),
);
const counter = editor.querySelector("[data-counter]");
const testPhone = document.getElementById("test-phone");

// At once and with made-up data; the preview beside it follows with a real client's.
function showCount() {
  const text = body.value.replace(/\{([^{}]*)\}/g, (field, fieldName) => samples.get(fieldName) ?? field);
  const { units, parts } = measure(normalise(text));
  counter.textContent = counter.dataset.text.replace("%units%", units).replace("%parts%", parts);
}

function showWhatBelongsToType() {
  for (const button of editor.querySelectorAll("[data-insert]")) {
    button.hidden = !button.dataset.types.split(" ").includes(type.value);
  }
  const { isMarketing } = types[type.value];
  const [service, marketing] = ["service", "marketing"].map((value) =>
    editor.querySelector(`[name=category][value=${value}]`),
  );
  service.disabled = isMarketing;
  if (isMarketing) marketing.checked = true;
  showWhatBelongsToCategory();
}

function showWhatBelongsToCategory() {
  const isMarketing = editor.elements.category.value === "marketing";
  editor.querySelector("[data-service-only]").hidden = isMarketing;
}

// Another type brings its own starting text, unless somebody has written one already.
function startWithType() {
  const all = Object.values(types);
  const isUntouched = all.some((one) => one.body === body.value) || !body.value.trim();
  if (all.some((one) => one.name === name.value)) name.value = types[type.value].name;
  if (isUntouched) {
    body.value = types[type.value].body;
    if (!types[type.value].isMarketing) editor.elements.category.value = "service";
  }
  showWhatBelongsToType();
  body.dispatchEvent(new Event("input", { bubbles: true }));
}

editor.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  if (button) replaceRange(body, body.selectionStart, body.selectionEnd, `{${button.dataset.insert}}`);
});
editor.addEventListener("change", (event) => event.target.name === "category" && showWhatBelongsToCategory());
// The number belongs to the form that is previewed; ENTER in it means the test, not "Save".
testPhone.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  document.querySelector("[data-send-test]")?.click();
});
body.addEventListener("input", showCount);
type.addEventListener("change", startWithType);
watchForbidden(body, editor.querySelector("[data-forbidden]"));
tidyWhatIsPasted(body, editor.querySelector("[data-tidied]"));
clientChoice(document.querySelector("[data-client-choice]"));
showWhatBelongsToType();
showCount();

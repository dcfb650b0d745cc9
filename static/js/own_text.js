// A text written for one campaign: "Insert" at the cursor, tidy pasting, the characters that an SMS may not contain.
import { watchForbidden } from "./forbidden_characters.js";
import { replaceRange } from "./text_edits.js";
import { tidyWhatIsPasted } from "./tidy_paste.js";

const form = document.querySelector("[data-own-text]");
const { body } = form.elements;

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  if (button) replaceRange(body, body.selectionStart, body.selectionEnd, `{${button.dataset.insert}}`);
});
watchForbidden(body, form.querySelector("[data-forbidden]"));
tidyWhatIsPasted(body, form.querySelector("[data-tidied]"));

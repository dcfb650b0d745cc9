// What is pasted comes without a word processor's quotes, dashes and hard spaces, and a line says what was replaced.
import { tidyTypography } from "./sms_counter.js";
import { replaceRange } from "./text_edits.js";

/** Watches what is pasted into the field; `notice` tells of it, in the words of its data attributes. */
export function tidyWhatIsPasted(field, notice) {
  field.addEventListener("paste", (event) => {
    const { text, tidied } = tidyTypography(event.clipboardData?.getData("text/plain") ?? "");
    notice.hidden = tidied.length === 0;
    if (tidied.length === 0) return;
    event.preventDefault();
    replaceRange(field, field.selectionStart, field.selectionEnd, text);
    notice.textContent = notice.dataset.text.replace("%changes%", tidied.map(tell(notice.dataset)).join(", "));
  });
}

const tell = ({ change, invisible, nothing, space, break: lineBreak, plain }) => {
  const unseen = { "": [invisible, nothing], " ": [space, plain], "\n": [lineBreak, plain] };
  return ({ character, replacement, count }) => {
    const [from, to] = unseen[replacement] ?? [character, replacement];
    return change
      .replace("%character%", () => from)
      .replace("%replacement%", () => to)
      .replace("%count%", count);
  };
};

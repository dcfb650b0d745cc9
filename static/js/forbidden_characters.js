// The characters of a text that an SMS may not contain: marked in place, offered one by one and all at once.
import { markedText } from "./marked_text.js";
import { findReplacements } from "./sms_counter.js";
import { replaceText } from "./text_edits.js";

/** Watches the field; `box` shows the offers. */
export function watchForbidden(field, box) {
  const mark = markedText(field);
  const chips = box.querySelector("[data-forbidden-chips]");
  const all = box.querySelector("[data-forbidden-all]");

  const show = () => {
    const found = findReplacements(field.value);
    mark(found);
    const offers = countOffers(found);
    box.hidden = offers.length === 0;
    chips.replaceChildren(...offers.map((offer) => chip(offer, chips.dataset.remove)));
    all.hidden = offers.every(({ replacement }) => replacement === null);
  };

  box.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-character]")?.dataset.character;
    if (chosen !== undefined) replaceText(field, spell(field.value, ({ character }) => character === chosen));
    // What has no replacement is removed only by its own chip, never by the way.
    if (event.target.closest("[data-replace-all]")) {
      replaceText(field, spell(field.value, ({ replacement }) => replacement !== null));
    }
  });
  field.addEventListener("input", show);
  show();
}

function countOffers(found) {
  const offers = new Map();
  for (const { character, replacement } of found) {
    const offer = offers.get(character) ?? { character, replacement, count: 0 };
    offer.count += 1;
    offers.set(character, offer);
  }
  return [...offers.values()];
}

function chip({ character, replacement, count }, remove) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-secondary btn-sm";
  button.dataset.character = character;
  const times = count > 1 ? ` (${count})` : "";
  button.textContent = `${character.trim() || "␣"} → ${shown(replacement) || remove}${times}`;
  return button;
}

const shown = (replacement) => (replacement === " " ? "␣" : replacement);

// The text with the wanted ones of its forbidden characters replaced; from the end, so that positions stay right.
function spell(text, isWanted) {
  return findReplacements(text)
    .filter(isWanted)
    .reduceRight((spelled, { position, character, replacement }) => {
      return spelled.slice(0, position) + (replacement ?? "") + spelled.slice(position + character.length);
    }, text);
}

// The counting and replacing of messaging/segments.py and messaging/normalising.py, for the browser.
// Both are tested against messaging/tests/vectors/segments.json: change them together.

// GSM 03.38: one septet each, and two each for the extension table.
const BASIC_CHARACTERS =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
  "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const EXTENSION_CHARACTERS = "^{}\\[~]|€\f";
const GSM_CLASS = (BASIC_CHARACTERS + EXTENSION_CHARACTERS).replace(/[\\\]^-]/g, "\\$&");
const MARKS = "\\u0300-\\u036f\\ufe0e\\ufe0f"; // combining accents, selectors of an emoji's style

const NOT_GSM = new RegExp(`[^${GSM_CLASS}]`, "u");
const EACH_NOT_GSM = new RegExp(`[^${GSM_CLASS}]`, "gu");
const EACH_NOT_GSM_WITH_MARKS = new RegExp(`[^${MARKS}]?[${MARKS}]+|[^${GSM_CLASS}]`, "gu");
const EACH_MARK = new RegExp(`[${MARKS}]`, "gu");

const GSM_7 = { name: "GSM-7", unitsInSingle: 160, unitsInPart: 153 };
const UCS_2 = { name: "UCS-2", unitsInSingle: 70, unitsInPart: 67 };

const REPLACEMENTS = new Map();
const replaceEach = (characters, replacement) => {
  for (const character of characters) REPLACEMENTS.set(character, replacement);
};
[..."ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"].forEach((letter, index) => {
  REPLACEMENTS.set(letter, "acelnoszzACELNOSZZ"[index]);
});
const POLISH_LETTERS = new Set(REPLACEMENTS.keys());
replaceEach("„“”«»″", '"');
replaceEach("‚‘’′`´", "'");
replaceEach("–—‒―−‐‑•", "-");
replaceEach("\t\u00a0\u202f\u2009\u2002\u2003", " ");
replaceEach("\u2028\u2029", "\n");
replaceEach("…", "...");
replaceEach("×", "x");
replaceEach("№", "nr");
replaceEach("°", " st.");
replaceEach("½", "1/2");
replaceEach("\u2044", "/");
replaceEach("\u200b\u2060\ufeff\u00ad\u200e\u200f\u202a\u202b\u202c\u202d\u202e", "");

const isGsm = (text) => !NOT_GSM.test(text);

function unitsOf(character, encoding) {
  if (encoding === UCS_2) return character.length;
  return EXTENSION_CHARACTERS.includes(character) ? 2 : 1;
}

// Fills the parts character by character, so that none of two units is split.
function fillParts(text, encoding, capacity) {
  const parts = [];
  for (const character of text) {
    const units = unitsOf(character, encoding);
    const last = parts.at(-1);
    if (!last || last.units + units > capacity) {
      parts.push({ text: character, units });
    } else {
      last.text += character;
      last.units += units;
    }
  }
  return parts;
}

function pack(text) {
  const encoding = isGsm(text) ? GSM_7 : UCS_2;
  const whole = fillParts(text, encoding, Infinity);
  if (!whole.length || whole[0].units <= encoding.unitsInSingle) {
    return { encoding, parts: whole, capacity: encoding.unitsInSingle };
  }
  const parts = fillParts(text, encoding, encoding.unitsInPart);
  return { encoding, parts, capacity: encoding.unitsInPart };
}

/** Encoding, units (septets or UTF-16 units), parts, and units left in the last part. */
export function measure(text) {
  const { encoding, parts, capacity } = pack(text);
  const units = parts.reduce((sum, part) => sum + part.units, 0);
  const unitsLeft = capacity - (parts.at(-1)?.units ?? 0);
  return { encoding: encoding.name, units, parts: parts.length, unitsLeft };
}

/** The text cut where the network cuts it. */
export function splitParts(text) {
  return pack(text).parts.map((part) => part.text);
}

// What stands for a character that GSM lacks; the character itself if nothing can.
function gsmSpelling(character) {
  if (REPLACEMENTS.has(character)) return REPLACEMENTS.get(character);
  const base = [...character.normalize("NFKD").replace(EACH_MARK, "")];
  const spelling = base.map((letter) => REPLACEMENTS.get(letter) ?? letter).join("");
  return isGsm(spelling) ? spelling : character;
}

/** The text as it is sent: composed, with LF line ends, in GSM characters as far as they go. */
export function normalise(text) {
  const lines = text.replace(/\r\n?/g, "\n");
  if (isGsm(lines)) return lines;
  return lines.normalize("NFC").replace(EACH_NOT_GSM, gsmSpelling).normalize("NFC");
}

/**
 * The text without what word processors put into it (quotes, dashes, hard and invisible spaces), and what was replaced:
 * [{ character, replacement, count }]. Polish letters stay.
 */
export function tidyTypography(text) {
  const lines = text.replace(/\r\n?/g, "\n");
  if (isGsm(lines)) return { text: lines, tidied: [] };
  const found = new Map();
  const tidy = [...lines.normalize("NFC")].map((character) => {
    if (POLISH_LETTERS.has(character) || !REPLACEMENTS.has(character)) return character;
    found.set(character, (found.get(character) ?? 0) + 1);
    return REPLACEMENTS.get(character);
  });
  const tidied = [...found].map(([character, count]) => {
    return { character, replacement: REPLACEMENTS.get(character), count };
  });
  return { text: tidy.join(""), tidied };
}

/**
 * Every character that GSM lacks, with its place in the text (an index as JavaScript counts) and
 * the replacement offered: "" to leave it out, null if there is none.
 */
export function findReplacements(text) {
  return [...text.matchAll(EACH_NOT_GSM_WITH_MARKS)].map(({ 0: character, index }) => {
    const spelling = normalise(character);
    return { position: index, character, replacement: isGsm(spelling) ? spelling : null };
  });
}

// Changing a text field's content so that the browser's undo still works and everybody hears of it.

/** Put `text` in the place of what stands between two indices; the cursor goes behind it. */
export function replaceRange(field, start, end, text) {
  field.focus();
  field.setSelectionRange(start, end);
  // The only way that keeps undo; where a browser has dropped it, the text still changes.
  const isDone = text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
  if (isDone) return;
  field.setRangeText(text, start, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Replace the whole text, with the cursor kept as far from the end as it was. */
export function replaceText(field, text) {
  if (field.value === text) return;
  const fromEnd = field.value.length - field.selectionEnd;
  replaceRange(field, 0, field.value.length, text);
  const position = Math.max(text.length - fromEnd, 0);
  field.setSelectionRange(position, position);
}

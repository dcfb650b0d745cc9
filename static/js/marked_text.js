// Marks in a text while it is being typed: a copy of the text lies behind the transparent field, wraps and scrolls as it
// does, and carries the marks. Nothing else can mark inside a <textarea>.

/** Returns a function that marks [{ position, character }] in the field's text. */
export function markedText(field) {
  const frame = document.createElement("div");
  frame.className = "marked-text";
  const copy = document.createElement("div");
  copy.className = `${field.className} marked-text-copy`;
  copy.classList.remove("is-invalid");
  copy.setAttribute("aria-hidden", "true");
  field.before(frame);
  moveInto(frame, copy, field);

  const follow = () => {
    copy.scrollTop = field.scrollTop;
    copy.scrollLeft = field.scrollLeft;
  };
  field.addEventListener("scroll", follow);

  return (found) => {
    copy.replaceChildren(...pieces(field.value, found));
    follow();
  };
}

// Somebody may be writing before this script has come: a field that is moved loses the focus, and the next letters with it.
function moveInto(frame, copy, field) {
  const isWritten = document.activeElement === field;
  const { selectionStart, selectionEnd } = field;
  frame.append(copy, field);
  if (!isWritten) return;
  field.focus({ preventScroll: true });
  field.setSelectionRange(selectionStart, selectionEnd);
}

function* pieces(text, found) {
  let end = 0;
  for (const { position, character } of found) {
    yield text.slice(end, position);
    const mark = document.createElement("mark");
    mark.textContent = character;
    yield mark;
    end = position + character.length;
  }
  // A line that is still empty has no height without something in it.
  yield `${text.slice(end)}\u200b`;
}

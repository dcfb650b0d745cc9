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
  frame.append(copy, field);

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

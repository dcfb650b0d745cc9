// Ticking rows: inside [data-select-table], boxes marked [data-select-row], one [data-select-all] in the head, and a
// [data-select-bar] with [data-select-count] that shows while rows are ticked. SHIFT ticks everything in between.
// A box marked [data-select-found="120"] chooses the rows of all pages; whoever unticks a row chooses one by one again.
"use strict";

(() => {
  const lastTicked = new WeakMap();

  function boxesOf(table) {
    return [...table.querySelectorAll("[data-select-row]:not(:disabled)")];
  }

  function tickRange(table, box) {
    const boxes = boxesOf(table);
    const ends = [boxes.indexOf(lastTicked.get(table)), boxes.indexOf(box)].sort((a, b) => a - b);
    if (ends[0] < 0) return;
    for (const between of boxes.slice(ends[0], ends[1] + 1)) between.checked = box.checked;
  }

  function showSelection(table) {
    const boxes = boxesOf(table);
    const count = boxes.filter((box) => box.checked).length;
    for (const box of boxes) box.closest("tr")?.classList.toggle("is-selected", box.checked);
    const all = table.querySelector("[data-select-all]");
    if (all) {
      all.checked = count > 0 && count === boxes.length;
      all.indeterminate = count > 0 && count < boxes.length;
    }
    const bar = table.querySelector("[data-select-bar]");
    if (!bar) return;
    const found = table.querySelector("[data-select-found]:checked");
    bar.hidden = count === 0 && !found;
    bar.querySelector("[data-select-count]").textContent = found ? found.dataset.selectFound : count;
  }

  document.addEventListener("click", (event) => {
    const box = event.target.closest("[data-select-row], [data-select-all], [data-select-found]");
    const table = box?.closest("[data-select-table]");
    if (!table) return;
    const found = table.querySelector("[data-select-found]");
    if (found && !box.checked) found.checked = false;
    if (!box.matches("[data-select-row]")) {
      for (const each of boxesOf(table)) each.checked = box.checked;
    } else {
      if (event.shiftKey) tickRange(table, box);
      lastTicked.set(table, box);
    }
    showSelection(table);
  });

  function showAllSelections() {
    document.querySelectorAll("[data-select-table]").forEach(showSelection);
  }

  // A table that follows its statuses is replaced while somebody ticks: the ticks stay.
  function keepTicks(event) {
    const ticked = new Set();
    for (const box of event.detail.target.querySelectorAll("[data-select-row]:checked")) ticked.add(box.value);
    if (ticked.size === 0) return;
    document.addEventListener(
      "htmx:afterSettle",
      () => {
        for (const box of document.querySelectorAll("[data-select-row]")) box.checked = ticked.has(box.value);
        showAllSelections();
      },
      { once: true },
    );
  }

  document.addEventListener("htmx:beforeSwap", keepTicks);
  document.addEventListener("htmx:afterSettle", showAllSelections);
  // Also after the back button, which restores ticks.
  window.addEventListener("pageshow", showAllSelections);
})();

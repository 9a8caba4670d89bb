// Tick boxes of a list: a range with Shift, and the bulk bar that counts. Without script the bar is always there.
let anchor = null;

const boxes = () => [...document.querySelectorAll("[data-row-select]")];

function count() {
  const chosen = boxes().filter((box) => box.checked).length;
  for (const bar of document.querySelectorAll("[data-bulk]")) {
    bar.hidden = chosen === 0;
    const label = bar.querySelector("[data-bulk-count]");
    if (label) label.textContent = String(chosen);
  }
  for (const all of document.querySelectorAll("[data-select-all]")) {
    all.checked = chosen > 0 && chosen === boxes().length;
    all.indeterminate = chosen > 0 && !all.checked;
  }
}

document.addEventListener("click", (event) => {
  const box = event.target;
  if (box.matches?.("[data-select-all]")) {
    for (const each of boxes()) each.checked = box.checked;
    count();
  } else if (box.matches?.("[data-row-select]")) {
    const all = boxes();
    if (event.shiftKey && anchor && all.includes(anchor)) {
      const [from, to] = [all.indexOf(anchor), all.indexOf(box)].sort((a, b) => a - b);
      for (const each of all.slice(from, to + 1)) each.checked = box.checked;
    }
    anchor = box;
    count();
  }
});

document.addEventListener("htmx:afterSettle", count);
count();

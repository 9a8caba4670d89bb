// Single keys of the desk. All are links, fields or buttons that also work by pointer and Tab.
const body = document.documentElement;
let pendingGo = 0;

const rows = () => [...document.querySelectorAll("[data-row]")];
const currentRow = () =>
  document.activeElement?.closest?.("[data-row]") ??
  document.querySelector("[data-row]:has([aria-current='true'])");

function move(step) {
  const all = rows();
  if (!all.length) return false;
  const at = all.indexOf(currentRow());
  const next = all[Math.min(all.length - 1, Math.max(0, at + step))];
  const link = next.querySelector("[data-row-link]");
  link?.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function activate(key) {
  const target = document.querySelector(`[data-shortcut="${CSS.escape(key)}"]`);
  if (!target) return false;
  if (target.matches("input, textarea, select")) {
    target.focus();
    target.select?.();
  } else if (target.matches("summary")) {
    target.parentElement.open = true;
    target.parentElement.querySelector("textarea, input:not([type='hidden'])")?.focus();
  } else {
    target.click();
  }
  return true;
}

function go(key) {
  const link = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
  link?.click();
  return Boolean(link);
}

function select() {
  const box = currentRow()?.querySelector("[data-row-select]");
  box?.click();
  return Boolean(box);
}

function handle(key) {
  if (Date.now() - pendingGo < 1500) {
    pendingGo = 0;
    return go(key);
  }
  switch (key) {
    case "g":
      pendingGo = Date.now();
      return true;
    case "j":
      return move(1);
    case "k":
      return move(-1);
    case "x":
      return select();
    case "?": {
      const sheet = document.querySelector("[data-shortcut-sheet]");
      if (sheet && !sheet.open) sheet.showModal();
      return Boolean(sheet);
    }
    default:
      return key.length === 1 && activate(key);
  }
}

document.addEventListener("keydown", (event) => {
  if (body.dataset.shortcuts === "off" || event.defaultPrevented) return;
  const field = event.target.closest?.("input:not([type='checkbox'], [type='radio']), textarea, select, [contenteditable]");
  if (field && event.key === "Enter" && event.ctrlKey && field.form) {
    event.preventDefault();
    field.form.requestSubmit();
    return;
  }
  if (field && event.key === "Escape") {
    field.blur();
    return;
  }
  if (field || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (handle(event.key)) event.preventDefault();
});

// Escape closes what hovers or is open above the page; a click elsewhere closes an open menu.
const root = document.documentElement;

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  root.dataset.tips = "dismissed";
  for (const menu of document.querySelectorAll("[data-menu][open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

for (const kind of ["focusin", "pointerover"]) {
  document.addEventListener(kind, () => delete root.dataset.tips, { passive: true });
}

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

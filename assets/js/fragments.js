// Parts of a page loaded by htmx: busy while they load, Retry when they fail, focus on a refused form.
document.addEventListener("htmx:beforeRequest", (event) => {
  event.detail.target?.setAttribute("aria-busy", "true");
});

document.addEventListener("htmx:afterRequest", (event) => {
  event.detail.target?.removeAttribute("aria-busy");
});

function showFailure(event) {
  const target = event.detail.target;
  const source = event.detail.elt;
  const template = document.getElementById("fragment-error");
  if (!target || !template) return;
  target.querySelector(":scope > .app-fragment-error")?.remove();
  const notice = template.content.cloneNode(true);
  const retry = notice.querySelector("[data-retry]");
  retry.addEventListener("click", (click) => {
    click.preventDefault();
    retry.closest(".app-fragment-error").remove();
    if (source.matches("form")) source.requestSubmit();
    else source.click();
  });
  // What was typed stays: the notice goes in front, nothing is replaced.
  target.prepend(notice);
}

for (const kind of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(kind, showFailure);
}

// The row whose record stands beside the list is marked; on a phone the record takes the list's place.
function showChosen(link) {
  if (!link?.matches?.("[data-row-link]")) return;
  for (const other of document.querySelectorAll("[data-row-link][aria-current]")) other.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  link.closest(".app-split")?.classList.add("app-split--open");
}

document.addEventListener("htmx:afterSettle", (event) => {
  const summary = event.detail.elt.querySelector?.(".govuk-error-summary");
  if (summary) {
    summary.tabIndex = -1;
    summary.focus();
  } else if (event.detail.elt.id === "detail") {
    event.detail.elt.scrollTop = 0;
    showChosen(event.detail.requestConfig?.elt);
  }
});

// In a fragment the error summary's own script has not run, so its links are led here.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".govuk-error-summary a[href^='#']");
  const control = link && document.getElementById(link.hash.slice(1));
  if (!control) return;
  event.preventDefault();
  (control.closest("fieldset") ?? control).scrollIntoView({ block: "nearest" });
  control.focus({ preventScroll: true });
});

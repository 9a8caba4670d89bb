// Two minutes before the session ends, ask. Staying is one request; nothing typed is lost.
const dialog = document.querySelector("dialog[data-session-seconds]");

if (dialog) {
  const lead = 120;
  let timer;

  const schedule = () => {
    clearTimeout(timer);
    const wait = Math.max(1, Number(dialog.dataset.sessionSeconds) - lead);
    timer = setTimeout(() => dialog.showModal(), wait * 1000);
  };

  const stay = async () => {
    const answer = await fetch(dialog.dataset.sessionUrl, { method: "HEAD", credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return;
    dialog.close();
    schedule();
  };

  dialog.querySelector("[data-session-stay]").addEventListener("click", stay);
  // Every answer from the server has renewed the session.
  document.addEventListener("htmx:afterRequest", (event) => event.detail.successful && schedule());
  schedule();
}

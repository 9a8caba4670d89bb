// New arrivals are counted and offered, never inserted: nothing moves under the cursor.
// The stream carries ids only; the page asks Django for content, so permissions stay in one place.
for (const bar of document.querySelectorAll("[data-live-url]")) {
  const link = bar.querySelector("[data-live-link]");
  const lost = bar.querySelector("[data-live-lost]");
  const seen = new Set();
  let last = new Date();
  let announce;

  const show = () => {
    const words = seen.size === 1 ? bar.dataset.textOne : bar.dataset.textMany;
    link.textContent = words.replace("{count}", String(seen.size));
    link.hidden = false;
  };

  const stream = new EventSource(bar.dataset.liveUrl);
  stream.addEventListener("open", () => {
    lost.hidden = true;
  });
  stream.addEventListener("message", (event) => {
    last = new Date();
    let message;
    try {
      message = JSON.parse(event.data);
    } catch {
      return; // A message that is not ours tells nothing about new records.
    }
    const name = message.number ?? message.pk ?? message.id;
    if (name === undefined) return;
    if (!link) {
      // This bar has the server count, by the list's own filters: whoever listens (htmx) fetches the line.
      document.body.dispatchEvent(new CustomEvent("live:changed"));
      return;
    }
    seen.add(`${message.type ?? ""}:${name}`);
    // At most one polite announcement in ten seconds; the first comes at once.
    if (link.hidden) show();
    else announce ??= setTimeout(() => {
      announce = undefined;
      show();
    }, 10_000);
  });
  stream.addEventListener("error", () => {
    const time = last.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    lost.textContent = bar.dataset.textLost.replace("{time}", time);
    lost.hidden = false;
  });
  addEventListener("pagehide", () => stream.close());
}

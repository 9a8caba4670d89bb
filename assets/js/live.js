// The stream carries ids only; the page asks Django for content, so permissions stay in one place. Whoever listens
// (htmx) counts the arrivals and offers them: nothing moves under the cursor.
const FIRST_WAIT = 3_000;
const LONGEST_WAIT = 60_000;

for (const bar of document.querySelectorAll("[data-live-url]")) {
  const lost = bar.querySelector("[data-live-lost]");
  const tell = () => document.body.dispatchEvent(new CustomEvent("live:changed"));
  let last = new Date();
  let wait = FIRST_WAIT;
  let stream;

  const listen = (url) => {
    stream = new EventSource(url);
    stream.addEventListener("open", () => {
      // What came while nobody listened is counted too.
      if (!lost.hidden) tell();
      lost.hidden = true;
      wait = FIRST_WAIT;
    });
    stream.addEventListener("message", () => {
      last = new Date();
      tell();
    });
    stream.addEventListener("error", () => {
      const time = last.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
      lost.textContent = bar.dataset.textLost.replace("{time}", time);
      lost.hidden = false;
      // The browser tries again by itself, unless it was refused: the token in the address is good for minutes only.
      if (stream.readyState === EventSource.CLOSED) setTimeout(renew, wait);
    });
  };

  const renew = async () => {
    wait = Math.min(wait * 2, LONGEST_WAIT);
    try {
      const answer = await fetch(bar.dataset.liveRenew, { headers: { Accept: "application/json" } });
      if (answer.ok && !answer.redirected) {
        listen((await answer.json()).url);
        return;
      }
    } catch {
      // Away from the network: later, then.
    }
    setTimeout(renew, wait);
  };

  listen(bar.dataset.liveUrl);
  addEventListener("pagehide", () => stream.close());
}

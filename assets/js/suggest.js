// What one is typing finds things already: a list of links below the field, fetched when the typing pauses.
const PAUSE = 200;

for (const field of document.querySelectorAll("input[data-suggest]")) {
  const list = document.getElementById(field.getAttribute("data-list"));
  let timer;
  let latest = 0;

  const show = async () => {
    const text = field.value.trim();
    const turn = (latest += 1);
    if (text.length < 2) {
      list.replaceChildren();
      return;
    }
    try {
      const address = new URL(field.dataset.suggest, document.baseURI);
      address.searchParams.set("q", text);
      const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" } });
      // An answer that was overtaken by another says nothing.
      if (!answer.ok || turn !== latest) return;
      list.innerHTML = await answer.text();
    } catch {
      // Without suggestions the form still searches.
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    latest += 1;
    list.replaceChildren();
  });
}

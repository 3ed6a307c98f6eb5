// Asks the server how the code is travelling, every 2 seconds at first and
// every 10 later, until the answer names no further address to ask. The words
// are exchanged only when they changed, so that they are read out once.
for (const box of document.querySelectorAll("[data-delivery][data-poll]")) {
  let rounds = 0;
  const later = () => setTimeout(ask, rounds++ < 20 ? 2000 : 10000);

  async function ask() {
    if (!box.isConnected || !box.dataset.poll) return;
    if (document.hidden) return later();
    try {
      const answer = await fetch(box.dataset.poll, { headers: { "X-Requested-With": "fetch" }, redirect: "error" });
      if (answer.status === 200) take(await answer.text());
      else if (answer.status >= 400 && answer.status < 500) return;
    } catch {
      // The line is down for the moment; the next round asks again.
    }
    later();
  }

  function take(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-delivery]");
    if (!fresh) return;
    if (fresh.dataset.poll) box.dataset.poll = fresh.dataset.poll;
    else delete box.dataset.poll;
    for (const part of [".rail", ".rail-words"]) {
      const old = box.querySelector(part);
      const now = fresh.querySelector(part);
      if (old && now && old.innerHTML !== now.innerHTML) old.innerHTML = now.innerHTML;
    }
  }

  if (box.dataset.poll) later();
}

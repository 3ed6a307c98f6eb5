// Shows what arrives as soon as it does: waits for the next message, then puts the new page's parts in place. What a
// person is typing, and a fold they opened, stay as they are.
const scroll = () => document.querySelectorAll(".handset ol").forEach((list) => { list.scrollTop = list.scrollHeight; });

async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.body.dataset.last = page.body.dataset.last;
  const typing = document.activeElement && document.activeElement.matches("input, select, textarea");
  const typed = [...document.querySelectorAll(".reply input[name=text]")].some((field) => field.value !== "");
  const parts = typing || typed ? [".mails"] : [".mails", "#main section:not(.card):not(.faults)"];
  for (const part of parts) {
    const old = document.querySelector(part), fresh = page.querySelector(part);
    if (old && fresh) old.replaceWith(fresh);
  }
  scroll();
  return !(typing || typed);
}

async function follow() {
  for (;;) {
    try {
      const last = document.body.dataset.last;
      const answer = await fetch("/messages?inbound=true&limit=1&wait=25s&since=" + encodeURIComponent(last));
      const list = await answer.json();
      if (list.length > 0 || last === "") await refresh();
      if (list.length === 0 && last === "") await new Promise((r) => setTimeout(r, 2000));
    } catch {
      await new Promise((r) => setTimeout(r, 2000));
    }
  }
}

scroll();
follow();

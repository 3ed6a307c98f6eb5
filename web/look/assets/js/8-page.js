// The small things of a page: folding lists, the phone's menu, the colours,
// copying, printing, windows that ask, the country of a phone number, toasts.

// One list open at a time; Escape and a press elsewhere close it.
document.addEventListener("click", (event) => {
  for (const fold of document.querySelectorAll(".fold[open]")) if (!fold.contains(event.target)) fold.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const fold of document.querySelectorAll(".fold[open]")) {
    fold.open = false;
    fold.querySelector("summary").focus();
  }
  menu(false);
});

// Without a script the menu opens by its address (#menu); with one it leaves
// no trace in the history, keeps the focus inside and gives it back.
const side = document.getElementById("menu");
const opener = document.querySelector("[data-menu]");
function menu(open) {
  if (!side || !opener || open === side.classList.contains("open")) return;
  side.classList.toggle("open", open);
  opener.setAttribute("aria-expanded", String(open));
  for (const part of document.querySelectorAll(".top, .sheet")) part.inert = open;
  (open ? side.querySelector("[data-menu-close]") : opener).focus();
}
if (side && opener) {
  opener.setAttribute("role", "button");
  opener.setAttribute("aria-expanded", "false");
  opener.setAttribute("aria-controls", "menu");
  opener.addEventListener("click", (event) => { event.preventDefault(); menu(true); });
  for (const close of document.querySelectorAll("[data-menu-close]")) {
    close.addEventListener("click", (event) => { event.preventDefault(); menu(false); });
  }
  matchMedia("(min-width: 900px)").addEventListener("change", () => menu(false));
}

// Colours change at once; the server keeps the choice.
for (const form of document.querySelectorAll("[data-themes]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const theme = event.submitter.value;
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    for (const button of form.querySelectorAll("[name=theme]")) button.setAttribute("aria-pressed", String(button.value === theme));
    fetch(form.action, { method: "POST", body: new URLSearchParams({ theme, back: "/" }), redirect: "manual" });
  });
}

function tick(button, on) {
  for (const box of document.getElementById(button.dataset.target).querySelectorAll("input[type=checkbox]")) box.checked = on;
}

const acts = {
  print: () => print(),
  close: (button) => button.closest("dialog")?.close(),
  all: (button) => tick(button, true),
  none: (button) => tick(button, false),
  async copy(button) {
    const target = document.getElementById(button.dataset.target);
    const lines = [...target.querySelectorAll("li")].map((line) => line.textContent.trim());
    await navigator.clipboard.writeText(lines.length ? lines.join("\n") : target.textContent.trim());
    const label = button.querySelector(".btn-label");
    const before = label.textContent;
    label.setAttribute("aria-live", "polite");
    label.textContent = button.dataset.told || before;
    setTimeout(() => (label.textContent = before), 3000);
  },
};
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-does]");
  if (button) acts[button.dataset.does]?.(button);
  const opens = event.target.closest("[data-opens]");
  const dialog = opens && document.getElementById(opens.dataset.opens);
  if (dialog?.showModal) {
    event.preventDefault();
    dialog.showModal();
  }
});

for (const box of document.querySelectorAll("[data-phone]")) {
  const select = box.querySelector("select");
  const short = box.querySelector(".phone-short");
  const draw = () => (short.textContent = select.selectedOptions[0]?.dataset.short || "");
  select.addEventListener("change", draw);
  draw();
}

for (const toast of document.querySelectorAll("[data-toast]")) {
  let left = Number(toast.dataset.toast);
  const timer = setInterval(() => {
    if (toast.matches(":hover, :focus-within")) return;
    if (--left > 0) return;
    clearInterval(timer);
    toast.remove();
  }, 1000);
}

// The widget's work is done by a worker of our own address, as the policy asks.
const widget = document.querySelector("altcha-widget[data-worker]");
if (widget) {
  const register = () => {
    for (const size of ["256", "384", "512"]) globalThis.$altcha?.algorithms.set(`PBKDF2/SHA-${size}`, () => new Worker(widget.dataset.worker));
  };
  if (globalThis.$altcha) register();
  else customElements.whenDefined("altcha-widget").then(register);
}

// The browser's time zone is a good guess for a new profile.
for (const field of document.querySelectorAll("input[data-zone]")) field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";

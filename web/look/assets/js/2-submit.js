// One press, one post: while a form is on its way its button says so, keeps
// its width and takes no second press.
const busy = new Set();

function hold(button) {
  button.style.minWidth = `${button.offsetWidth}px`;
  button.setAttribute("aria-busy", "true");
  const label = button.querySelector(".btn-label");
  if (label && button.dataset.busy) {
    button.dataset.idle = label.textContent;
    label.textContent = button.dataset.busy;
  }
  if (label && !button.querySelector(".spinner")) {
    const spinner = document.createElement("span");
    spinner.className = "spinner";
    spinner.setAttribute("aria-hidden", "true");
    button.prepend(spinner);
  }
}

function release(form) {
  busy.delete(form);
  for (const button of document.querySelectorAll("[aria-busy=true]")) {
    button.removeAttribute("aria-busy");
    button.style.minWidth = "";
    button.querySelector(".spinner")?.remove();
    if (button.dataset.idle) button.querySelector(".btn-label").textContent = button.dataset.idle;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.matches("[data-themes]")) return;
  if (busy.has(form)) {
    event.preventDefault();
    return;
  }
  busy.add(form);
  const button = event.submitter || form.querySelector("button:not([type=button])");
  // After the event, so that the button's own name and value are still sent.
  if (button) setTimeout(() => hold(button));
  // A download or a dropped line leaves the page standing: give the button back.
  setTimeout(() => release(form), 15000);
});

// The page may come back from the browser's memory with its form still held.
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of [...busy]) release(form);
});

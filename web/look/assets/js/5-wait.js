// A button that must wait counts down, and is an ordinary one afterwards.
for (const button of document.querySelectorAll("[data-wait]")) {
  const until = Date.now() + Number(button.dataset.wait) * 1000;
  const label = button.querySelector(".btn-label");
  const refuse = (event) => event.preventDefault();
  button.setAttribute("aria-disabled", "true");
  button.addEventListener("click", refuse);
  const tick = () => {
    const left = Math.ceil((until - Date.now()) / 1000);
    if (left > 0) {
      label.textContent = `${button.dataset.label} in ${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      return;
    }
    clearInterval(timer);
    label.textContent = button.dataset.label;
    button.removeAttribute("aria-disabled");
    button.removeEventListener("click", refuse);
    button.classList.remove("btn-wait");
    if (!/\bbtn-(filled|quiet|destructive|danger)\b/.test(button.className)) button.classList.add("btn-second");
  };
  const timer = setInterval(tick, 250);
  tick();
}

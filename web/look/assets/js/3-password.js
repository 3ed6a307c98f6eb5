// Show and hide a password; tick the rules and tell its strength while it is
// typed. The server judges: this only shows ahead of it what it can tell.
for (const box of document.querySelectorAll("[data-password]")) {
  const input = box.querySelector("input");
  const button = box.querySelector("[data-show]");
  const show = (on) => {
    input.type = on ? "text" : "password";
    button.textContent = on ? "Hide" : "Show";
    button.setAttribute("aria-pressed", String(on));
    button.setAttribute("aria-label", on ? "Hide password" : "Show password");
  };
  button.addEventListener("click", () => show(input.type === "password"));
  // Hidden again before it is sent, so that the browser offers to store it
  // and keeps no plain copy of the field.
  input.form?.addEventListener("submit", () => show(false));
}

const rows = ["qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "abcdefghijklmnopqrstuvwxyz"];

// Characters that a guesser would have to guess: repeats and runs count once.
function worth(text) {
  const low = text.toLowerCase();
  let count = 0;
  for (let i = 0; i < low.length; i++) {
    const pair = low.slice(i - 1, i + 1);
    const run = i > 0 && (pair[0] === pair[1] || rows.some((row) => row.includes(pair) || row.includes(pair[1] + pair[0])));
    count += run ? 0.25 : 1;
  }
  return Math.min(count, new Set(low).size * 1.6);
}

function strength(text) {
  const size = worth(text);
  if (size === 0) return 0;
  if (size < 8) return 1;
  if (size < 12) return 2;
  return size < 18 ? 3 : 4;
}

const words = ["", "Weak", "Fair", "Strong", "Very strong"];

for (const help of document.querySelectorAll("[data-rules-of]")) {
  const input = document.getElementById(help.dataset.rulesOf);
  const meter = help.querySelector("[data-strength]");
  const check = () => {
    const text = input.value;
    let all = true;
    for (const rule of help.querySelectorAll("[data-least], [data-without]")) {
      let met = text !== "";
      if (rule.dataset.least) met &&= [...text].length >= Number(rule.dataset.least);
      for (const id of (rule.dataset.without || "").split(/\s+/).filter(Boolean)) {
        const own = (document.getElementById(id)?.value || "").toLowerCase().split("@")[0];
        if (own.length >= 3 && text.toLowerCase().includes(own)) met = false;
      }
      rule.classList.toggle("met", met);
      rule.querySelector("[data-met]").textContent = met ? ", done" : "";
      all &&= met;
    }
    if (!meter) return;
    // What will be refused is never called strong.
    const level = Math.min(strength(text), all ? 4 : 2);
    meter.dataset.strength = level;
    const word = meter.querySelector("b");
    if (word.textContent !== words[level]) word.textContent = words[level];
  };
  input.addEventListener("input", check);
  input.form?.addEventListener("input", check);
  check();
}

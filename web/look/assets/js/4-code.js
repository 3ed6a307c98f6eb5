// A code typed or pasted whole is sent by itself, once. Spaces and dashes of a
// pasted code are taken out; letters are left for the server to explain.
for (const input of document.querySelectorAll("[data-code]")) {
  const places = Number(input.dataset.code);
  const error = input.getAttribute("aria-invalid") === "true";
  let sent = "";
  const draw = () => (input.dataset.typed = Math.min(input.value.length, places));
  input.addEventListener("input", () => {
    const clean = input.value.replace(/[\s\-–]/g, "");
    if (clean !== input.value) input.value = clean;
    draw();
    if (error && input.value.length === 1) input.removeAttribute("aria-invalid");
    if ("send" in input.dataset && clean !== sent && clean.length === places && /^\d+$/.test(clean)) {
      sent = clean;
      input.form?.requestSubmit();
    }
  });
  draw();
}

// On phones whose browser supports it, the code is read from the SMS itself
// (WebOTP), as long as its last line names this site.
const wanted = document.querySelector('[data-code][autocomplete="one-time-code"]');
if (wanted && "OTPCredential" in window) {
  const stop = new AbortController();
  wanted.form?.addEventListener("submit", () => stop.abort());
  navigator.credentials
    .get({ otp: { transport: ["sms"] }, signal: stop.signal })
    .then((found) => {
      wanted.value = found.code;
      wanted.dispatchEvent(new Event("input", { bubbles: true }));
    })
    .catch(() => {});
}

// Passkeys (WebAuthn). The form names where the options come from; the answer
// of the authenticator goes into its field "credential", and the form is
// posted like any other.
const bytes = (text) => {
  const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(binary, (c) => c.charCodeAt(0)).buffer;
};
const text = (buffer) =>
  btoa(Array.from(new Uint8Array(buffer), (b) => String.fromCharCode(b)).join(""))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function read(options) {
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const list of [options.excludeCredentials, options.allowCredentials]) {
    for (const one of list || []) one.id = bytes(one.id);
  }
  return options;
}

function write(credential) {
  const { response } = credential;
  const out = {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment || undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: { clientDataJSON: text(response.clientDataJSON) },
  };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) out.response[part] = text(response[part]);
  }
  if (response.getTransports) out.response.transports = response.getTransports();
  return JSON.stringify(out);
}

const reasons = {
  NotAllowedError: "No passkey was used. Try again, or choose another way.",
  InvalidStateError: "This device already has a passkey for you. Use it, or choose another device.",
  SecurityError: "This address cannot use passkeys. Open Watchword under its usual name.",
};

function tell(form, words) {
  const box = form.querySelector("[data-passkey-problem]");
  box.hidden = false;
  box.querySelector(".banner-words").textContent = words;
}

async function options(form) {
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch(form.dataset.options, { method: "POST", body, headers: { Accept: "application/json" } });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.detail || said.title || "The server did not answer. Try again.");
  return { publicKey: read(said.publicKey || said) };
}

let conditional = null;

async function run(form, extra) {
  const ceremony = form.dataset.passkey;
  const request = { ...(await options(form)), ...extra };
  const credential = await navigator.credentials[ceremony](request);
  form.elements.credential.value = write(credential);
  form.submit();
}

for (const form of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) {
    form.querySelector(".js-only").hidden = true;
    tell(form, "This browser has no passkeys. Use another way.");
    continue;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.submitter;
    if (button?.disabled) return;
    form.querySelector("[data-passkey-problem]").hidden = true;
    if (button) button.disabled = true;
    conditional?.abort();
    try {
      await run(form, {});
    } catch (error) {
      tell(form, reasons[error.name] || error.message);
      if (button) button.disabled = false;
    }
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) for (const button of form.querySelectorAll("button")) button.disabled = false;
  });
  if ("conditional" in form.dataset && PublicKeyCredential.isConditionalMediationAvailable) {
    PublicKeyCredential.isConditionalMediationAvailable().then((can) => {
      if (!can) return;
      conditional = new AbortController();
      run(form, { mediation: "conditional", signal: conditional.signal }).catch(() => {});
    });
  }
}

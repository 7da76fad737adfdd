// Forms with [data-passkey]: the browser asks its owner for a passkey, and what it answers is sent as `credential`.
// "create" adds one, "get" proves one. Without this script the forms are hidden or say what to use instead.
const bytes = (text) => {
  const plain = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(plain), (char) => char.charCodeAt(0));
};

const text = (buffer) => {
  const chars = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(chars).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
};

const described = (list) => (list ?? []).map((known) => ({ ...known, id: bytes(known.id) }));

function creation(options, alone) {
  const asked = { ...options, challenge: bytes(options.challenge), excludeCredentials: described(options.excludeCredentials) };
  asked.user = { ...options.user, id: bytes(options.user.id) };
  asked.authenticatorSelection = {
    ...options.authenticatorSelection,
    residentKey: alone ? "required" : "discouraged",
    requireResidentKey: alone,
  };
  if (alone) asked.authenticatorSelection.userVerification = "required";
  return asked;
}

function answer(credential) {
  const { response } = credential;
  const sent = { clientDataJSON: text(response.clientDataJSON) };
  if (response.attestationObject) {
    sent.attestationObject = text(response.attestationObject);
    sent.transports = response.getTransports?.() ?? [];
  } else {
    sent.authenticatorData = text(response.authenticatorData);
    sent.signature = text(response.signature);
    sent.userHandle = response.userHandle ? text(response.userHandle) : null;
  }
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: sent,
  };
}

async function optionsOf(form) {
  if (form.dataset.passkeyOptions) return JSON.parse(form.dataset.passkeyOptions).publicKey;
  const reply = await fetch(form.dataset.passkeyOptionsUrl, { headers: { Accept: "application/json" } });
  if (!reply.ok) throw new Error(reply.status);
  return (await reply.json()).request_options.publicKey;
}

async function ask(form) {
  const options = await optionsOf(form);
  if (form.dataset.passkey === "create") {
    const alone = form.elements.passwordless?.checked ?? false;
    return navigator.credentials.create({ publicKey: creation(options, alone) });
  }
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: described(options.allowCredentials) };
  return navigator.credentials.get({ publicKey });
}

const numeric = /^(\d+\.){3}\d+$|^\[/; // a passkey belongs to a name, never to a bare address

function reason(error) {
  if (!window.isSecureContext || numeric.test(location.hostname)) return "insecure";
  if (!window.PublicKeyCredential) return "missing";
  return error?.name === "NotAllowedError" || error?.name === "AbortError" ? "cancelled" : "failed";
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-passkey]");
  if (!form || form.elements.credential.value) return;
  event.preventDefault();
  const said = form.querySelector("[data-passkey-error]");
  const button = form.querySelector("button");
  said.hidden = true;
  button.disabled = true;
  try {
    form.elements.credential.value = JSON.stringify(answer(await ask(form)));
    form.submit();
  } catch (error) {
    said.textContent = said.dataset[reason(error)];
    said.hidden = false;
  } finally {
    button.disabled = false;
  }
});

// Coming back with the browser's own button must ask anew: a challenge is good once.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-passkey]")) form.elements.credential.value = "";
});

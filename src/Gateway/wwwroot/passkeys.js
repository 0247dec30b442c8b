// Forms that a passkey answers: the page asks the gateway for a challenge, the device signs it, and the form takes its answer along.
// Without this, or in a browser without passkeys, these forms are not shown, and a link by email does the same.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const credentials = (list = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));

/** What WebAuthn writes as JSON, as the browser's functions take it. (Not every browser reads it itself yet.) */
function read(options) {
  const read = { ...options, challenge: bytes(options.challenge) };
  if (options.user) read.user = { ...options.user, id: bytes(options.user.id) };
  if (options.excludeCredentials) read.excludeCredentials = credentials(options.excludeCredentials);
  if (options.allowCredentials) read.allowCredentials = credentials(options.allowCredentials);
  return read;
}

function write({ id, rawId, type, response }) {
  const given = { transports: response.getTransports?.() ?? [] };
  for (const part of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (response[part]) given[part] = text(response[part]);
  }
  return JSON.stringify({ id, rawId: text(rawId), type, response: given, clientExtensionResults: {} });
}

function begin(box) {
  const form = box.querySelector('form');
  const failed = box.querySelector('[data-failed]');
  box.hidden = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    failed.hidden = true;
    try {
      const asked = await fetch(box.dataset.options, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
      if (asked.headers.get('content-type')?.startsWith('application/json')) {
        const credential = await navigator.credentials[box.dataset.passkey]({ publicKey: read(await asked.json()) });
        form.elements.answer.value = write(credential);
      }
      form.submit(); // Without an answer the gateway's page says why there is none.
    } catch {
      failed.hidden = false; // Nobody chose a passkey, or the network is gone.
    }
  });
}

if (globalThis.PublicKeyCredential) for (const box of document.querySelectorAll('[data-passkey]')) begin(box);

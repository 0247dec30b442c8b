import { randomUUID } from 'node:crypto';
import { router, runAsProgram, startStandIn } from './stand-in.js';

const names = {
  401: ['validation_error', 'API key is invalid'],
  404: ['not_found', 'The requested endpoint does not exist.'],
  429: ['rate_limit_exceeded', 'Too many requests. You can only make 2 requests per second.'],
  500: ['internal_server_error', 'An unexpected error occurred.'],
};
const problem = (statusCode, name = names[statusCode]?.[0] ?? 'application_error', message = names[statusCode]?.[1] ?? 'Error') =>
  ({ statusCode, name, message });
const refuse = (status, name, message) => ({ status, body: problem(status, name, message) });

/** Resend's API as far as it sends mails. With `sendingOnly` the key may do nothing else, as most keys there. */
export async function startResend({ port = 0, apiKey = 're_key', domains = ['shop.example'], sendingOnly = false } = {}) {
  const state = { emails: [] };
  const find = router({
    'GET /domains': () => sendingOnly
      ? refuse(401, 'restricted_api_key', 'This API key is restricted to only send emails')
      : { status: 200, body: { object: 'list', data: domains.map((name) => ({ id: randomUUID(), name, status: 'verified' })) } },
    'POST /emails': ({ body, headers }) => send(body, headers['idempotency-key']),
  });

  function send(mail, key) {
    const known = key && state.emails.find((one) => one.key === key);
    if (known) {
      const isSame = JSON.stringify(known.mail) === JSON.stringify(mail);
      return isSame ? { status: 200, body: { id: known.id } }
        : refuse(409, 'invalid_idempotent_request', 'This idempotency key has been used with other parameters.');
    }
    const domain = address(mail.from)?.split('@')[1];
    if (!domain) return refuse(422, 'validation_error', 'Invalid `from` field. The email address needs to follow the format.');
    if (!domains.includes(domain)) return refuse(403, 'validation_error', `The ${domain} domain is not verified.`);
    if (![mail.to].flat().every(address)) {
      return refuse(422, 'validation_error', 'Invalid `to` field. The email address needs to follow the format.');
    }
    const id = randomUUID();
    state.emails.push({ id, key, mail });
    return { status: 200, body: { id } };
  }

  function answer(call) {
    const handle = find(call);
    if (call.headers.authorization !== `Bearer ${apiKey}`) return { status: 401, body: problem(401) };
    return handle ? handle(call) : { status: 404, body: problem(404) };
  }

  return startStandIn({ port, state, answer, problem });
}

/** The address alone of a text that may hold a name too. */
const address = (text = '') => /^(?:.*<)?([^\s@<>]+@[^\s@<>]+\.[^\s@<>]+)>?$/.exec(text)?.[1];

await runAsProgram(import.meta.url, startResend);

import { randomUUID } from 'node:crypto';
import { router, runAsProgram, startStandIn } from './stand-in.js';
import { contacts } from './mailjet-contacts.js';
import { messages } from './mailjet-messages.js';

const unauthorized = 'API key authentication/authorization failure. You may be unauthorized to access the API '
  + 'or your API key may be expired. Visit API keys management section to check your keys.';
const words = {
  401: unauthorized,
  403: 'Operation not allowed',
  404: 'Object not found',
  429: 'Too many requests',
  500: 'Internal server error',
};

/** Mailjet's contact lists (v3) and transactional email (v3.1), as far as the gateway uses them. */
export async function startMailjet({ port = 0, apiKey = 'key', secretKey = 'secret' } = {}) {
  const state = { lists: [], properties: [], contacts: [], recipients: [], jobs: [], messages: [] };
  const credentials = `Basic ${Buffer.from(`${apiKey}:${secretKey}`).toString('base64')}`;
  const find = router({ ...contacts(state), ...messages(state) });

  function answer(call) {
    const handle = find(call);
    if (call.headers.authorization !== credentials) return { status: 401, body: problem(401, call) };
    if (!handle) return { status: 404, body: problem(404, call) };
    const isObject = call.body !== null && typeof call.body === 'object' && !Array.isArray(call.body);
    if (call.method === 'POST' && !isObject) {
      return { status: 400, body: problem(400, call, 'Malformed JSON, please review the syntax and properties types.', 'mj-0002') };
    }
    return handle(call);
  }

  return startStandIn({ port, state, answer, problem, serialize });
}

/** The Send API has an error shape of its own. */
function problem(status, { path }, message = words[status] ?? 'Bad request', code = status === 401 ? 'mj-0015' : undefined) {
  return path.startsWith('/v3.1/')
    ? { ErrorIdentifier: randomUUID(), ErrorCode: code, StatusCode: status, ErrorMessage: message }
    : { ErrorInfo: '', ErrorMessage: message, StatusCode: status };
}

/** Mailjet's message ids do not fit a double; they are kept as text and written as JSON numbers. */
function serialize(body) {
  return JSON.stringify(body).replace(/"(MessageID|ID)":"(\d{16,})"/g, '"$1":$2');
}

await runAsProgram(import.meta.url, startMailjet);

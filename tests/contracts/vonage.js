import { createHash, createHmac, createPublicKey, generateKeyPairSync, randomUUID, verify } from 'node:crypto';
import { change, countTaken, router, runAsProgram, startStandIn } from './stand-in.js';

export const apiKey = 'abcd1234';
export const applicationId = 'aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab';

const errors = 'https://developer.vonage.com/api-errors/messages';
const words = {
  401: 'Unauthorized', 402: 'Low balance', 403: 'Forbidden', 404: 'Not found', 422: 'Invalid params', 429: 'Rate limit hit',
  500: 'Internal error',
};
const statuses = ['submitted', 'delivered', 'rejected', 'undeliverable'];
const price = '0.0333';
const patience = 10_000;

/**
 * Vonage's Messages API for SMS, with the account's balance and its application. `walk` is what the webhooks of later messages tell;
 * `balance` in euros. The private key of the application is made at the start: `privateKey`, or as a control.
 */
export async function startVonage({
  port = 0, apiSecret = 'secret', signatureSecret = 'a signature secret', walk = ['submitted', 'delivered'],
} = {}) {
  const keys = generateKeyPairSync('rsa', {
    modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const state = { messages: [], webhooks: [], mode: { walk: [], balance: 10, signatureSecret } };
  setMode({ walk });
  const stopped = new AbortController();
  const find = router(routes());

  function answer(call) {
    const handle = find(call);
    return handle ? handle(call) : { status: 404, body: problem(404) };
  }

  function routes() {
    return {
      'POST /v1/messages': ({ headers, body }) => {
        if (!isToken(headers.authorization, keys.publicKey)) return { status: 401, body: problem(401) };
        const wrong = faultsOf(body);
        if (wrong.length > 0) return { status: 422, body: { ...problem(422), invalid_parameters: wrong } };
        if (state.mode.balance <= 0) return { status: 402, body: problem(402) };
        const message = { id: randomUUID(), ...body };
        state.messages.push(message);
        const steps = [...state.mode.walk];
        setImmediate(async () => {
          for (const status of steps) await report({ id: message.id, status });
        });
        return { status: 202, body: { message_uuid: message.id } };
      },
      'GET /v2/applications/:id': ({ headers }, { id }) => {
        if (headers.authorization !== `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString('base64')}`)
          return { status: 401, body: problem(401) };
        return id === applicationId
          ? { status: 200, body: { id, name: 'Gateway', keys: { public_key: keys.publicKey }, capabilities: { messages: {} } } }
          : { status: 404, body: problem(404) };
      },
      'GET /account/get-balance': ({ query }) =>
        query.api_key === apiKey && query.api_secret === apiSecret
          ? { status: 200, body: { value: state.mode.balance, autoReload: false } }
          : { status: 401, body: { 'error-code': '401', 'error-code-label': 'authentication failed' } },
    };
  }

  /** Tells the webhook of a message what became of it. */
  function report({ id, status, code }) {
    const message = state.messages.find((one) => one.id === id);
    if (!message) throw new Error(`There is no message ${id}.`);
    if (!statuses.includes(status)) throw new Error(`There is no status "${status}".`);
    return post(message.webhook_url, {
      message_uuid: id, to: message.to, from: message.from, timestamp: new Date().toISOString(), status, channel: 'sms',
      client_ref: message.client_ref,
      ...(code && { error: { type: `${errors}#${code}`, title: String(code), detail: 'Words', instance: randomUUID() } }),
      ...(status === 'submitted' && { usage: { price, currency: 'EUR' }, sms: { count_total: '1' } }),
    });
  }

  /** A message from a person to one of our numbers, posted to the address that the application has. */
  const receive = ({ url, from, to = '15005550006', text, id = randomUUID() }) =>
    post(url, { message_uuid: id, channel: 'sms', from, to, message_type: 'text', text, timestamp: new Date().toISOString() });

  async function post(url, content, { secret = state.mode.signatureSecret, claims, sent } = {}) {
    const body = JSON.stringify(content);
    const token = sign({ iat: Math.floor(Date.now() / 1000), jti: randomUUID(), iss: 'Vonage',
      payload_hash: createHash('sha256').update(body).digest('hex'), api_key: apiKey, application_id: applicationId, ...claims }, secret);
    const webhook = { url, body: content, token };
    state.webhooks.push(webhook);
    try {
      const response = await fetch(url, {
        method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: sent ?? body,
        redirect: 'manual', signal: AbortSignal.any([stopped.signal, AbortSignal.timeout(patience)]),
      });
      webhook.status = response.status;
    } catch (error) {
      webhook.error = error.cause?.code ?? error.name;
    }
    return webhook;
  }

  function setMode(changes) {
    const unknown = changes.walk?.find((status) => !statuses.includes(status));
    if (unknown) throw new Error(`There is no status "${unknown}".`);
    change(state.mode, changes);
  }

  const accepted = () => countTaken(state.messages.map(({ to, text }) => ({ to: `+${to}`, body: text })));
  const standIn = await startStandIn({
    port, state, answer, problem,
    controls: {
      'GET /_stand-in/messages': () => state.messages, 'GET /_stand-in/accepted': accepted, 'GET /_stand-in/webhooks': () => state.webhooks,
      'GET /_stand-in/private-key': () => ({ privateKey: keys.privateKey }), 'POST /_stand-in/mode': setMode,
      'POST /_stand-in/report': report, 'POST /_stand-in/inbound': receive,
    },
  });
  const close = () => {
    stopped.abort();
    return standIn.close();
  };
  return { ...standIn, close, privateKey: keys.privateKey, accepted, setMode, report, receive, post };
}

/** What Vonage would say of each member that is wrong. */
function faultsOf(body) {
  const isObject = body !== null && typeof body === 'object' && !Array.isArray(body);
  if (!isObject) return [{ name: 'body', reason: 'must be an object' }];
  const rules = {
    message_type: (value) => value === 'text',
    channel: (value) => value === 'sms',
    to: (value) => /^[1-9]\d{6,14}$/.test(value),
    from: (value) => /^(\d{3,15}|[A-Za-z0-9 ]{1,11})$/.test(value),
    text: (value) => typeof value === 'string' && value.length > 0 && value.length <= 1000,
    client_ref: (value) => value === undefined || (typeof value === 'string' && value.length <= 100),
    webhook_url: (value) => value === undefined || URL.canParse(value),
    webhook_version: (value) => [undefined, 'v0.1', 'v1'].includes(value),
    sms: (value) => value === undefined || ['text', 'unicode', 'auto'].includes(value.encoding_type),
  };
  return Object.entries(rules).filter(([name, isFine]) => !isFine(body[name])).map(([name]) => ({ name, reason: 'is not valid' }));
}

/** Whether the header holds a JWT of the application, not over and signed with its private key. */
function isToken(authorization, publicKey) {
  const [header, payload, signature] = (authorization ?? '').replace(/^Bearer /, '').split('.');
  if (!signature) return false;
  const claims = JSON.parse(Buffer.from(payload, 'base64url'));
  return JSON.parse(Buffer.from(header, 'base64url')).alg === 'RS256'
    && verify('RSA-SHA256', Buffer.from(`${header}.${payload}`), createPublicKey(publicKey), Buffer.from(signature, 'base64url'))
    && claims.application_id === applicationId && typeof claims.jti === 'string' && claims.exp > Date.now() / 1000;
}

function sign(claims, secret) {
  const text = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

const problem = (status) => ({
  type: `${errors}#${status}`, title: words[status] ?? `Status ${status}`, detail: 'Words about it.', instance: randomUUID(),
});

await runAsProgram(import.meta.url, startVonage);

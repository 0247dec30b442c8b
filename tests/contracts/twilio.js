import { change, countTaken, router, runAsProgram, startStandIn } from './stand-in.js';
import { callbacks, checkStatus } from './twilio-callbacks.js';
import { messages } from './twilio-messages.js';

const words = {
  401: [20003, 'Authenticate'],
  403: [20403, 'Forbidden'],
  415: [20415, 'Unsupported Media Type'],
  429: [20429, 'Too Many Requests'],
  500: [20500, 'Internal Server Error'],
  503: [20503, 'Service Unavailable'],
};

export const accountSid = `AC${'0123456789abcdef'.repeat(2)}`;

/**
 * Twilio's Messages API as far as the gateway uses it. What it took it remembers, also when a fault
 * (`close`, `hang`, a status, each with `after`) kept the answer from the caller.
 *
 * `walk` lists what becomes of a message by itself, in the order of the callbacks: statuses, or
 * `{ status: 'undelivered', errorCode: 30003 }`. It may repeat and jump, as Twilio does; `[]` leaves all to `report`.
 * With `early` the callbacks come before the answer to the send call. `deliverTo` takes the place of the origin of
 * a callback's address, which is signed as it is: Twilio sees the public address, the test a port on loopback.
 * The mode's `sharedKey`, `{ name, secret }`, signs callbacks with SHA-256 in the place of the token.
 */
export async function startTwilio({
  port = 0, account = accountSid, token = 'token', keySid = `SK${'0123456789abcdef'.repeat(2)}`, keySecret = 'secret',
  walk = ['queued', 'sent', 'delivered'], early = false, deliverTo = null,
} = {}) {
  const state = { messages: [], callbacks: [], optOuts: [], mode: { walk: [], early: false, deliverTo: null, sharedKey: null } };
  setMode({ walk, early, deliverTo });
  const { report, receive, follow, stop } = callbacks(state, { account, token });
  const find = router(messages(state, { account, refuse, follow }));
  const credentials = [`${account}:${token}`, `${keySid}:${keySecret}`].map((pair) => `Basic ${Buffer.from(pair).toString('base64')}`);

  function answer(call) {
    if (!credentials.includes(call.headers.authorization)) {
      return { status: 401, body: problem(401, call), headers: { 'www-authenticate': 'Basic realm="Twilio API"' } };
    }
    const handle = call.path.startsWith(`/2010-04-01/Accounts/${account}/`) && find(call);
    if (!handle) return { status: 404, body: problem(404, call) };
    const isForm = /^application\/x-www-form-urlencoded(;|$)/i.test(call.headers['content-type'] ?? '');
    return call.method === 'POST' && !isForm ? { status: 415, body: problem(415, call) } : handle(call);
  }

  function setMode(changes) {
    const walk = (changes.walk ?? state.mode.walk).map((step) => (typeof step === 'string' ? { status: step } : step));
    for (const { status } of walk) checkStatus(status);
    change(state.mode, { ...changes, walk });
  }

  const accepted = () => countTaken(state.messages.filter(({ direction }) => direction !== 'inbound'));
  const standIn = await startStandIn({
    port, state, answer, problem,
    parse: (text) => Object.fromEntries(new URLSearchParams(text)),
    controls: {
      'GET /_stand-in/messages': () => state.messages,
      'GET /_stand-in/accepted': accepted,
      'GET /_stand-in/callbacks': () => state.callbacks,
      'POST /_stand-in/mode': setMode,
      'POST /_stand-in/report': report,
      'POST /_stand-in/inbound': receive,
    },
  });
  const close = () => { stop(); return standIn.close(); };
  return { ...standIn, accepted, setMode, report, receive, close };
}

function problem(status, { path }) {
  if (status === 404) return refuse(20404, `The requested resource ${path} was not found`, 404).body;
  const [code, message] = words[status] ?? [20001, `Status ${status}`];
  return refuse(code, message, status).body;
}

function refuse(code, message, status = 400) {
  return { status, body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status } };
}

const program = ({ walk, ...options }) =>
  startTwilio(walk === undefined ? options : { ...options, walk: walk.split(',').filter(Boolean) });
await runAsProgram(import.meta.url, program, {
  account: { type: 'string' }, token: { type: 'string' }, walk: { type: 'string' }, early: { type: 'boolean' },
    deliverTo: { type: 'string' },
});

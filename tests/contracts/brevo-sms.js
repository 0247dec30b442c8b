import { randomUUID } from 'node:crypto';
import { SegmentedMessage } from 'sms-segments-calculator';
import { change, countTaken, router, runAsProgram, startStandIn } from './stand-in.js';

const words = {
  401: { code: 'unauthorized', message: 'Key not found' },
  402: { code: 'not_enough_credits', message: 'Not enough credits' },
  404: { code: 'document_not_found', message: 'Not found' },
  429: { code: 'too_many_requests', message: 'Too many requests' },
  500: { code: 'internal_error', message: 'Internal error' },
};
/** What the webhook says, and the same in the report of events. */
const events = {
  sent: 'sent', accepted: 'accepted', delivered: 'delivered', soft_bounce: 'softBounces', hard_bounce: 'hardBounces', replied: 'replies',
  unsubscribed: 'unsubscription', rejected: 'rejected', skipped: 'skipped', blacklisted: 'blocked',
};
const creditsPerPart = 0.7;
const patience = 10_000;
const problem = (status) => words[status] ?? { code: 'bad_request', message: `Status ${status}` };
const refuse = (message) => ({ status: 400, body: { code: 'invalid_parameter', message } });

/** Brevo's transactional SMS: sending, the report of events, webhooks. `walk` is what happens to later messages; `credits` are left. */
export async function startBrevoSms({ port = 0, apiKey = 'key', walk = ['sent', 'delivered'] } = {}) {
  const state = { messages: [], events: [], webhooks: [], mode: { walk: [], credits: 1000 } };
  setMode({ walk });
  const stopped = new AbortController();
  const find = router({
    'POST /v3/transactionalSMS/send': ({ body }) => send(body),
    'GET /v3/transactionalSMS/statistics/events': ({ query }) => list(query),
    'GET /v3/account': () => ({ status: 200, body: { organization_id: 'o', user_id: 1, companyName: 'ACME', email: 'ann@example.org' } }),
  });

  function answer(call) {
    if (call.headers['api-key'] !== apiKey) return { status: 401, body: problem(401) };
    const handle = find(call);
    return handle ? handle(call) : { status: 404, body: problem(404) };
  }

  function send(body) {
    const { sender, recipient, content, type = 'transactional', tag, webUrl, unicodeEnabled = false } = body ?? {};
    if (!/^([A-Za-z0-9]{1,11}|\d{3,15})$/.test(sender ?? '')) return refuse('Invalid sender');
    if (!/^\+?\d{6,15}$/.test(recipient ?? '')) return refuse('Invalid phone number');
    if (typeof content !== 'string' || content === '') return refuse('content is missing');
    if (!['transactional', 'marketing'].includes(type)) return refuse('type is not valid');
    if (webUrl !== undefined && !URL.canParse(webUrl)) return refuse('webUrl is not valid');
    const parts = new SegmentedMessage(content, 'auto', false).segmentsCount;
    if (parts * creditsPerPart > state.mode.credits) return { status: 402, body: problem(402) };
    state.mode.credits -= parts * creditsPerPart;
    const message = { id: 1511882900176220 + state.messages.length, reference: randomUUID(), sender, recipient, content, type, tag, webUrl,
      unicodeEnabled, parts };
    state.messages.push(message);
    const steps = [...state.mode.walk];
    setImmediate(async () => {
      for (const status of steps) await report({ id: message.id, status });
    });
    return { status: 201, body: { reference: message.reference, messageId: message.id, smsCount: parts,
      usedCredits: parts * creditsPerPart, remainingCredits: state.mode.credits } };
  }

  function list({ phoneNumber, startDate, endDate, limit = '50', offset = '0', sort = 'desc', event, tags }) {
    if ((startDate === undefined) !== (endDate === undefined)) return refuse('startDate and endDate belong together');
    const rows = state.events.filter((row) => (!phoneNumber || row.phoneNumber === phoneNumber)
      && (!startDate || (row.date.slice(0, 10) >= startDate && row.date.slice(0, 10) <= endDate))
      && (!event || row.event === event)
      && (!tags || JSON.parse(tags).includes(row.tag)));
    if (sort === 'desc') rows.reverse();
    return { status: 200, body: { events: rows.slice(Number(offset), Number(offset) + Number(limit)) } };
  }

  /** What happens to a message: a row of the report, and its webhook. */
  async function report({ id, status, reply }) {
    const message = state.messages.find((one) => one.id === id);
    if (!message) throw new Error(`There is no message ${id}.`);
    if (!Object.hasOwn(events, status)) throw new Error(`There is no status "${status}".`);
    state.events.push({ phoneNumber: message.recipient, date: new Date().toISOString(), messageId: String(id), event: events[status],
      ...(reply && { reply }), ...(message.tag && { tag: message.tag }) });
    if (!message.webUrl) return undefined;
    const webhook = { url: message.webUrl, body: { id: 26570, to: message.recipient, sms_count: message.parts,
      credits_used: message.parts * creditsPerPart, messageId: id, remaining_credit: state.mode.credits, msg_status: status,
      date: new Date().toISOString(), type: message.type, reference: message.reference, ...(reply && { reply }) } };
    state.webhooks.push(webhook);
    try {
      const response = await fetch(webhook.url, {
        method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(webhook.body), redirect: 'manual',
        signal: AbortSignal.any([stopped.signal, AbortSignal.timeout(patience)]),
      });
      webhook.status = response.status;
    } catch (error) {
      webhook.error = error.cause?.code ?? error.name;
    }
    return webhook;
  }

  function setMode(changes) {
    const unknown = changes.walk?.find((status) => !Object.hasOwn(events, status));
    if (unknown) throw new Error(`There is no status "${unknown}".`);
    change(state.mode, changes);
  }

  const accepted = () => countTaken(state.messages.map(({ recipient, content }) => ({ to: `+${recipient}`, body: content })));
  const standIn = await startStandIn({
    port, state, answer, problem,
    controls: {
      'GET /_stand-in/messages': () => state.messages, 'GET /_stand-in/accepted': accepted, 'GET /_stand-in/webhooks': () => state.webhooks,
      'POST /_stand-in/mode': setMode, 'POST /_stand-in/report': report,
    },
  });
  const close = () => {
    stopped.abort();
    return standIn.close();
  };
  return { ...standIn, close, accepted, setMode, report };
}

await runAsProgram(import.meta.url, startBrevoSms, { apiKey: { type: 'string' } });

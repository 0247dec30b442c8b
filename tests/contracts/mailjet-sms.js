import { randomUUID } from 'node:crypto';
import { SegmentedMessage } from 'sms-segments-calculator';
import { change, countTaken, router, runAsProgram, startStandIn } from './stand-in.js';

const statuses = {
  unknown: [0, 'There is no record in Mailjet for the status code returned by the provider.'],
  sent_pending: [1, 'Message is being sent'],
  sent: [2, 'Message sent'],
  delivered: [3, 'Message delivered'],
  rejected_operator: [4, 'Message rejected by the operator'],
  rejected_undelivered: [5, 'Message declared as "undelivered" by the operator'],
  rejected_expired: [6, 'Message has been sent to the operator but expired'],
  rejected_incorrect_delivery: [7, 'Message has been sent to the operator but the delivery report is not correct'],
  rejected_network: [8, 'Message has been sent to the operator but encountered a network or setup issue'],
  rejected_dnd: [9, 'Message has been sent to the operator but recipient is subscribed to Do Not Disturb services'],
  rejected_from_blacklist: [10, 'Message rejected because sender is blacklisted'],
  rejected_to_blacklist: [11, 'Message rejected because recipient is blacklisted'],
  rejected_anti_flood: [12, 'Message has been rejected due to an anti-flooding mechanism'],
  rejected_system_error: [13, 'Message rejected due to an expected system error'],
  invalid_phone_number: [14, 'The phone number specified is invalid.'],
  rejected_insufficent_funds: [15, 'Message is rejected as you have not enough funds to send the message.'], // Mailjet's spelling
  rejected_daily_limit_reached: [16, 'Message is rejected as you have reached your maximum number of messages sent for today.'],
};
const words = {
  401: ['mj-0015', 'Not authorised.'],
  403: ['mj-0021', 'You do not have access to this resource.'],
  404: ['mj-0012', 'Resource not found.'],
  429: ['mj-0029', 'Too many requests.'],
};
const pricePerPart = 0.04;
const mostParts = 5;
// Mailjet's guide says 21 on one page and 1000 on another; who relies on more than 21 may be wrong.
const mostRows = 21;

/**
 * Mailjet's SMS API v4. There are no callbacks: each look at a message by its id finds it one step further on its `walk`.
 * `funds` in euros, `limit` in parts a day, `countries` (prefixes) and `account` decide what is refused.
 */
export async function startMailjetSms({ port = 0, token = 'token', walk = ['sent', 'delivered'] } = {}) {
  const state = { messages: [], mode: { walk: [], funds: 100, limit: 200, countries: ['+'], account: true } };
  setMode({ walk });
  const find = router(routes(state));

  function answer(call) {
    if (call.headers.authorization !== `Bearer ${token}`) return { status: 401, body: problem(401) };
    const handle = find(call);
    return handle ? handle(call) : { status: 404, body: problem(404) };
  }

  function setMode(changes) {
    changes.walk?.forEach(statusNamed);
    change(state.mode, changes);
  }

  /** What became of a message, from now on. */
  function report({ id, status }) {
    const message = state.messages.find(({ MessageId }) => MessageId === id);
    if (!message) throw new Error(`There is no message ${id}.`);
    message.steps = [];
    advance(message, status);
  }

  const accepted = () => countTaken(state.messages.map(({ To, Text }) => ({ to: To, body: Text })));
  const standIn = await startStandIn({
    port, state, answer, problem,
    controls: {
      'GET /_stand-in/messages': () => state.messages, 'GET /_stand-in/accepted': accepted,
      'POST /_stand-in/mode': setMode, 'POST /_stand-in/report': report,
    },
  });
  return { ...standIn, accepted, setMode, report };
}

function routes(state) {
  function check({ From, To, Text }) {
    const { account, countries, limit, funds } = state.mode;
    for (const [name, value] of Object.entries({ From, To, Text })) {
      if (value === undefined || value === null || value === '') return refuse('mj-0003', 'Missing mandatory property.', name);
      if (typeof value !== 'string') return refuse('mj-0004', 'Type mismatch. Expected type "string".', name);
    }
    if (From.length < 3) return refuse('mj-0020', 'Characters limit below the minimum for the property. Min allowed - 3.', 'From');
    if (From.length > 11) return tooLong('From', 11);
    if (!/^[A-Za-z0-9]+$/.test(From)) return refuse('mj-0004', 'Type mismatch. Expected type "alphanumeric".', 'From');
    if (!/^\+[1-9]\d{6,14}$/.test(To)) return refuse('mj-0004', 'Type mismatch. Expected type "phone number".', 'To');
    const parts = partsOf(Text);
    if (parts > mostParts) return tooLong('Text', 765);
    if (!account) return refuse('sms-0004', 'No account.');
    if (!countries.some((prefix) => To.startsWith(prefix))) return refuse('sms-0002', 'Unsupported country code.', 'To');
    if (state.messages.reduce((sum, { SmsCount }) => sum + SmsCount, parts) > limit)
      return refuse('sms-0003', 'SMS per day limit reached.');
    return parts * pricePerPart > funds ? refuse('sms-0001', 'Insufficient funds.') : undefined;
  }

  return {
    'POST /v4/sms-send': ({ body }) => {
      const isObject = body !== null && typeof body === 'object' && !Array.isArray(body);
      if (!isObject) return refuse('mj-0002', 'Malformed JSON, please review the syntax and properties types.');
      const refusal = check(body);
      if (refusal) return refusal;
      const { From, To, Text } = body;
      const SmsCount = partsOf(Text);
      const Cost = { Value: Number((SmsCount * pricePerPart).toFixed(4)), Currency: 'EUR' };
      state.mode.funds -= Cost.Value;
      const message = { From, To, Text, MessageId: randomUUID(), SmsCount, CreationTS: seconds(), SentTS: '', Cost,
        Status: statusNamed('sent_pending') };
      state.messages.push(Object.assign(message, { steps: [...state.mode.walk] }));
      const { steps, ...shown } = message;
      return { status: 200, body: shown };
    },

    'GET /v4/sms/:id': (_, { id }) => {
      const message = state.messages.find(({ MessageId }) => MessageId === id);
      if (!message) return { status: 404, body: problem(404) };
      if (message.steps.length > 0) advance(message, message.steps.shift());
      return { status: 200, body: { Data: [asListed(message)] } };
    },

    'GET /v4/sms': ({ query }) => {
      const { To, FromTS, ToTS, StatusCode, Limit = '10', Offset = '0' } = query;
      const bad = Object.entries({ FromTS, ToTS, Limit, Offset }).find(([, value]) => value !== undefined && !/^\d+$/.test(value));
      if (bad) return refuse('mj-0004', 'Type mismatch. Expected type "integer".', bad[0]);
      const rows = state.messages.filter((message) =>
        (!To || message.To === To)
        && (!FromTS || message.CreationTS >= Number(FromTS))
        && (!ToTS || message.CreationTS <= Number(ToTS))
        && (!StatusCode || StatusCode.split(',').includes(String(message.Status.Code))));
      const end = Number(Offset) + Math.min(Number(Limit) || mostRows, mostRows);
      return { status: 200, body: { Data: rows.reverse().slice(Number(Offset), end).map(asListed) } };
    },
  };
}

function advance(message, name) {
  message.Status = statusNamed(name);
  if (['sent', 'delivered'].includes(name) && !message.SentTS) message.SentTS = seconds();
}

function statusNamed(name) {
  if (!Object.hasOwn(statuses, name)) throw new Error(`There is no status "${name}".`);
  const [Code, Description] = statuses[name];
  return { Code, Name: name, Description };
}

/** As the list shows it: without the text, so a list alone cannot tell two messages to one number apart; and `SMSCount`, not `SmsCount`. */
function asListed({ From, To, Status, MessageId, CreationTS, SentTS, SmsCount, Cost }) {
  return { From, To, Status, MessageId, CreationTS, SentTS, SMSCount: SmsCount, Cost };
}

function problem(status) {
  const [code, message] = words[status] ?? ['mj-0001', `Status ${status}`];
  return refuse(code, message, undefined, status).body;
}

function refuse(ErrorCode, ErrorMessage, related, StatusCode = 400) {
  return { status: StatusCode, body: { ErrorIdentifier: randomUUID(), ErrorCode, StatusCode, ErrorMessage,
    ErrorRelatedTo: related ? [related] : [] } };
}

const tooLong = (name, most) => refuse('mj-0006', `Characters limit exceeded for the property. Max allowed - ${most}.`, name);
const partsOf = (text) => new SegmentedMessage(text, 'auto', false).segmentsCount;
const seconds = () => Math.floor(Date.now() / 1000);

await runAsProgram(import.meta.url, startMailjetSms, { token: { type: 'string' } });

import { createHmac, randomUUID } from 'node:crypto';
import webhooks from 'twilio/lib/webhooks/webhooks.js';
import { newMessage, newSid, rfc2822, segments } from './twilio-messages.js';

const ranks = {
  accepted: 0, scheduled: 0, queued: 1, sending: 2, sent: 3, delivered: 4, undelivered: 4, failed: 4, canceled: 4, read: 5,
};
const words = {
  30003: 'Unreachable destination handset',
  30004: 'Message blocked',
  30005: 'Unknown destination handset',
  30006: 'Landline or unreachable carrier',
  30007: 'Message filtered',
  30008: 'Unknown error',
};
const patience = 10_000;

export function checkStatus(status) {
  if (!Object.hasOwn(ranks, status)) throw new Error(`There is no status "${status}".`);
}

/** What is signed with SHA-256 and a shared key, which npm's package cannot do: the address, then each field by its name. */
export function sharedKeySignature(secret, url, params) {
  const fields = Object.keys(params).sort().map((name) => name + params[name]);
  return createHmac('sha256', secret).update(url + fields.join(''), 'utf8').digest('base64');
}

/** What Twilio tells the gateway: what became of a message, and what a person answered. */
export function callbacks(state, { account, token }) {
  const stopped = new AbortController();

  async function post(url, params) {
    const { deliverTo, sharedKey } = state.mode;
    const signature = sharedKey
      ? sharedKeySignature(sharedKey.secret, url, params)
      : webhooks.getExpectedTwilioSignature(token, url, params);
    const callback = { url, params, signature };
    state.callbacks.push(callback);
    try {
      const response = await fetch(deliverTo ? url.replace(/^https?:\/\/[^/?#]+/, deliverTo.replace(/\/$/, '')) : url, {
        method: 'POST',
        headers: {
          'x-twilio-signature': signature, 'i-twilio-idempotency-token': randomUUID(), 'user-agent': 'TwilioProxy/1.1',
          ...(sharedKey && { 'x-twilio-webhooks-signature-settings': `key=${sharedKey.name},algorithm=HMAC_SHA256` }),
        },
        body: new URLSearchParams(params),
        redirect: 'manual',
        signal: AbortSignal.any([stopped.signal, AbortSignal.timeout(patience)]),
      });
      callback.status = response.status;
      callback.answer = await response.text();
    } catch (error) {
      callback.error = error.cause?.code ?? error.name;
    }
    return callback;
  }

  /** Moves a message on and tells its callback address; the same status twice is told twice. */
  async function report({ sid, status, errorCode = null }) {
    const message = state.messages.find((one) => one.sid === sid);
    if (!message) throw new Error(`There is no message ${sid}.`);
    checkStatus(status);
    if (ranks[status] > ranks[message.status]) advance(message, status, errorCode);
    const { from, to, request } = message;
    if (!request.StatusCallback) return { params: null };
    return post(request.StatusCallback, {
      AccountSid: account, ApiVersion: '2010-04-01', From: from ?? '', MessageSid: sid, MessageStatus: status,
      SmsSid: sid, SmsStatus: status, To: to, ...(errorCode && { ErrorCode: String(errorCode) }),
      ...(request.MessagingServiceSid && { MessagingServiceSid: request.MessagingServiceSid }),
    });
  }

  function advance(message, status, errorCode) {
    const { body, request } = message;
    Object.assign(message, { status, date_updated: rfc2822(), error_code: errorCode, error_message: words[errorCode] ?? null });
    message.from ??= '+15005550006';
    message.num_segments = segments(body, request.SmartEncoded === 'true');
    if (ranks[status] < ranks.sent || status === 'canceled') return;
    message.date_sent ??= rfc2822();
    message.price = `-${(0.0075 * message.num_segments).toFixed(5)}`;
  }

  /** The walk of a message that was just taken; `follow` is done when the send call may be answered. */
  async function follow({ sid }) {
    const walk = async () => {
      for (const step of state.mode.walk) await report({ sid, ...step });
    };
    if (state.mode.early) await walk();
    else setImmediate(walk);
  }

  /** A message from a person to one of our numbers, posted to the address Twilio would have in its settings. */
  function receive({ url, from, to, body, optOutType }) {
    const now = rfc2822();
    const message = newMessage(account, { direction: 'inbound', status: 'received', from, to, body, num_segments: segments(body),
      date_sent: now });
    state.messages.push(Object.assign(message, { request: {} }));
    // Twilio keeps a list of its own of those who said STOP, whether or not the gateway learns it.
    if (optOutType === 'STOP') state.optOuts.push(from);
    if (optOutType === 'START') state.optOuts = state.optOuts.filter((number) => number !== from);
    return post(url, {
      AccountSid: account, ApiVersion: '2010-04-01', Body: body, From: from, MessageSid: message.sid,
      NumMedia: '0', NumSegments: message.num_segments, SmsMessageSid: message.sid, SmsSid: message.sid, SmsStatus: 'received', To: to,
      ...(optOutType && { MessagingServiceSid: newSid('MG'), OptOutType: optOutType }),
    });
  }

  return { report, receive, follow, stop: () => stopped.abort() };
}

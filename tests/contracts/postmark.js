import { randomUUID } from 'node:crypto';
import { router, runAsProgram, startStandIn } from './stand-in.js';

const words = {
  401: [10, 'The Server Token you provided in the X-Postmark-Server-Token request header was invalid.'],
  429: [429, 'Rate limit exceeded.'],
  500: [500, 'An unexpected error occurred.'],
};
const refuse = (ErrorCode, Message, status = 422) => ({ status, body: { ErrorCode, Message } });
const problem = (status) => ({ ErrorCode: words[status]?.[0] ?? status, Message: words[status]?.[1] ?? `Status ${status}` });

/** Postmark's API as far as it sends mails. `inactive` are addresses it does not write to any more, `senders` those it sends from. */
export async function startPostmark({ port = 0, token = 'token', senders = ['news@shop.example'], inactive = [] } = {}) {
  const state = { messages: [] };
  const find = router({
    'GET /server': () => ({ status: 200, body: { ID: 1, Name: 'Shop', ApiTokens: [token], DeliveryType: 'Live', TrackOpens: false } }),
    'POST /email': ({ body }) => send(body),
  });

  function send(mail) {
    const from = address(mail.From);
    if (!from) return refuse(300, `Invalid 'From' address: '${mail.From}'.`);
    if (!senders.includes(from)) return refuse(400, `The 'From' address you supplied (${mail.From}) is not a Sender Signature.`);
    const to = address(mail.To);
    if (!to) return refuse(300, `Invalid 'To' address: '${mail.To}'.`);
    if (inactive.includes(to)) return refuse(406, `Found inactive addresses: ${to}. Inactive recipients have generated a hard bounce.`);
    if (!mail.HtmlBody && !mail.TextBody) return refuse(300, "Provide either email TextBody or HtmlBody or both.");
    const MessageID = randomUUID();
    state.messages.push({ MessageID, mail });
    return { status: 200, body: { ErrorCode: 0, Message: 'OK', MessageID, To: mail.To, SubmittedAt: new Date().toISOString() } };
  }

  function answer(call) {
    const handle = find(call);
    if (call.headers['x-postmark-server-token'] !== token) return { status: 401, body: problem(401) };
    if (!call.headers.accept?.includes('application/json')) return refuse(409, 'JSON required.');
    return handle ? handle(call) : { status: 404, body: problem(404) };
  }

  return startStandIn({ port, state, answer, problem });
}

/** The address alone of a text that may hold a name too. */
const address = (text = '') => /^(?:.*<)?([^\s@<>]+@[^\s@<>]+\.[^\s@<>]+)>?$/.exec(text)?.[1];

await runAsProgram(import.meta.url, startPostmark);

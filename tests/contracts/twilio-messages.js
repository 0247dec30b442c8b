import { randomBytes } from 'node:crypto';
import { SegmentedMessage } from 'sms-segments-calculator';

const longest = 1600;
const longestValidity = 36000;
const base = '/2010-04-01/Accounts/';

// Numbers Twilio documents for tests; the codes and what it says.
const senders = {
  '+15005550001': [21212, (from) => `Invalid From Number (caller ID): ${from}`],
  '+15005550007': [21606, (from) =>
    `The 'From' phone number ${from} is not a valid, SMS-capable inbound phone number or short code for your account.`],
  '+15005550008': [21611, (from) => `This 'From' number ${from} has exceeded the maximum number of queued messages`],
};
const recipients = {
  '+15005550001': [21211, (to) => `Invalid 'To' Phone Number: ${to}`],
  '+15005550002': [21612, (to) => `Message cannot be sent with the current combination of 'To' (${to}) and/or 'From' parameters`],
  '+15005550003': [21408, (to) => `Permission to send an SMS has not been enabled for the region indicated by the 'To' number: ${to}`],
  '+15005550004': [21610, () => 'Attempt to send to unsubscribed recipient'],
  '+15005550009': [21614, (to) => `'To' number is not a valid mobile number: ${to}`],
};

export const newSid = (prefix) => `${prefix}${randomBytes(16).toString('hex')}`;
export const rfc2822 = (date = new Date()) => date.toUTCString().replace('GMT', '+0000');
export const segments = (body, smartEncoded = false) => String(new SegmentedMessage(body, 'auto', smartEncoded).segmentsCount);

/** A message as Twilio shows it; inbound ones stand in the same list. */
export function newMessage(account, changes) {
  const sid = newSid('SM');
  const now = rfc2822();
  return {
    account_sid: account, api_version: '2010-04-01', body: '', date_created: now, date_sent: null, date_updated: now,
    direction: 'outbound-api', error_code: null, error_message: null, from: null, messaging_service_sid: null,
    num_media: '0', num_segments: '0', price: null, price_unit: 'USD', sid, status: 'queued',
    subresource_uris: { media: `${base}${account}/Messages/${sid}/Media.json` }, to: null,
    uri: `${base}${account}/Messages/${sid}.json`, ...changes,
  };
}

/** Sending, reading and listing. */
export function messages(state, { account, refuse, follow }) {
  function check({ To, From, MessagingServiceSid, Body, StatusCallback, ValidityPeriod }) {
    if (!To) return refuse(21604, "A 'To' phone number is required.");
    if (!From && !MessagingServiceSid) return refuse(21603, "A 'From' phone number is required.");
    if (!Body) return refuse(21619, 'A text message body or media urls must be specified.');
    if (MessagingServiceSid && !/^MG[0-9a-f]{32}$/.test(MessagingServiceSid)) return refuse(21701, 'The Messaging Service does not exist.');
    const badSender = From && (senders[From] ?? (!isSender(From) && senders['+15005550001']));
    if (badSender) return refuse(badSender[0], badSender[1](From));
    const badRecipient = recipients[To] ?? (!isNumber(To) && recipients['+15005550001']);
    if (badRecipient) return refuse(badRecipient[0], badRecipient[1](To));
    if (state.optOuts.includes(To)) return refuse(21610, recipients['+15005550004'][1]());
    if (Body.length > longest) return refuse(21617, `The concatenated message body exceeds the ${longest} character limit`);
    if (StatusCallback && !/^https?:\/\/[^/\s]+/.test(StatusCallback))
      return refuse(21609, `Invalid 'StatusCallback' URL: ${StatusCallback}`);
    if (ValidityPeriod && !(Number(ValidityPeriod) >= 1 && Number(ValidityPeriod) <= longestValidity)) {
      return refuse(20001, `ValidityPeriod must be between 1 and ${longestValidity}`);
    }
    return undefined;
  }

  return {
    [`POST ${base}:account/Messages.json`]: async ({ body: request }) => {
      const refusal = check(request);
      if (refusal) return refusal;
      const { To, From, MessagingServiceSid, Body, SmartEncoded } = request;
      const message = newMessage(account, { to: To, body: Body, messaging_service_sid: MessagingServiceSid ?? null });
      // A service chooses the sender later; until then there is neither a number nor a count of parts.
      if (From) Object.assign(message, { from: From, num_segments: segments(Body, SmartEncoded === 'true') });
      else message.status = 'accepted';
      const answer = { status: 201, body: { ...message } };
      state.messages.push(Object.assign(message, { request }));
      await follow(message);
      return answer;
    },

    [`GET ${base}:account/Messages.json`]: ({ path, query }) => {
      const size = Math.min(Number(query.PageSize) || 50, 1000);
      const page = Number(query.Page) || 0;
      const found = state.messages.filter((message) => fits(message, query)).reverse();
      const rows = found.slice(page * size, (page + 1) * size).map(asTwilioShowsIt);
      const { PageToken, ...filters } = query;
      const uri = (number, token) => `${path}?${new URLSearchParams({ ...filters, PageSize: size, Page: number, ...token })}`;
      return {
        status: 200,
        body: {
          end: page * size + Math.max(rows.length - 1, 0), first_page_uri: uri(0), messages: rows,
          next_page_uri: found.length > (page + 1) * size ? uri(page + 1, { PageToken: `PA${rows.at(-1).sid}` }) : null,
          page, page_size: size,
          previous_page_uri: page > 0 ? uri(page - 1, { PageToken: `PB${rows.at(0)?.sid ?? ''}` }) : null,
          start: page * size, uri: uri(page, PageToken && { PageToken }),
        },
      };
    },

    [`GET ${base}:account/Messages/:sid.json`]: ({ path }, { sid }) => {
      const message = state.messages.find((one) => one.sid === sid);
      return message
        ? { status: 200, body: asTwilioShowsIt(message) }
        : refuse(20404, `The requested resource ${path} was not found`, 404);
    },
  };
}

/** A message that was not sent yet has no DateSent, so no filter by it finds the message. */
function fits({ to, from, date_sent: dateSent }, query) {
  if (query.To && query.To !== to) return false;
  if (query.From && query.From !== from) return false;
  const sent = Date.parse(dateSent ?? ''); // NaN fits no comparison
  const bounds = (text) => {
    const start = Math.floor(Date.parse(text) / 1000) * 1000;
    return [start, /^\d{4}-\d\d-\d\d$/.test(text) ? start + 24 * 3600 * 1000 - 1 : start];
  };
  const { DateSent: on, 'DateSent<': until, 'DateSent>': since } = query;
  if (on && !(sent >= bounds(on)[0] && sent <= bounds(on)[1])) return false;
  if (until && !(sent <= bounds(until)[1])) return false;
  return !since || sent >= bounds(since)[0];
}

const asTwilioShowsIt = ({ request, ...message }) => message;
const isNumber = (text) => /^\+[1-9]\d{6,14}$/.test(text);
const isSender = (text) => isNumber(text) || /^\d{3,6}$/.test(text) || (/^[A-Za-z0-9 ]{1,11}$/.test(text) && /[A-Za-z]/.test(text));

import { randomUUID } from 'node:crypto';
import { page } from './mailjet-contacts.js';

const most = 50;
const own = ['from', 'to', 'cc', 'bcc', 'reply-to', 'subject', 'date', 'message-id', 'dkim-signature', 'x-mj-customid'];

/** Send API v3.1 and the search by CustomID that settles an unknown outcome. */
export function messages(state) {
  const nextId = () => String(1152921504606846977n + BigInt(state.messages.length));

  function send(message, sandbox) {
    const errors = faultsOf(message);
    if (errors.length > 0) return { Status: 'error', Errors: errors };
    const CustomID = message.CustomID ?? '';
    const addressed = (people = []) => people.map(({ Email }) => {
      // Nothing is stored in sandbox mode, and Mailjet says so with an id of 0.
      const MessageID = sandbox ? 0 : nextId();
      const MessageUUID = sandbox ? '' : randomUUID();
      if (!sandbox) {
        state.messages.push({ ID: MessageID, UUID: MessageUUID, ArrivedAt: new Date().toISOString(), Status: 'sent', CustomID,
          ContactAlt: Email, message });
      }
      return { Email, MessageUUID, MessageID, MessageHref: `https://api.mailjet.com/v3/REST/message/${MessageID}` };
    });
    return { Status: 'success', CustomID, To: addressed(message.To), Cc: addressed(message.Cc), Bcc: addressed(message.Bcc) };
  }

  return {
    'POST /v3.1/send': ({ body }) => {
      const { Messages, SandboxMode = false } = body;
      if (!Array.isArray(Messages)) return whole('mj-0003', 'Messages is mandatory but missing from the input');
      if (Messages.length === 0) return whole('mj-0007', 'Messages cannot be empty.');
      if (Messages.length > most) return whole('mj-0008', `Messages contains more than ${most} elements.`);
      const results = Messages.map((message) => send(message ?? {}, SandboxMode));
      // One refused message turns the answer into a 400, though the others were taken: read each Status.
      return { status: results.some((one) => one.Status === 'error') ? 400 : 200, body: { Messages: results } };
    },

    'GET /v3/REST/sender': ({ query }) => page([{ ID: 1, Email: '*@shop.example', Status: 'Active' }], query),

    'GET /v3/REST/message': ({ query }) => page(state.messages
      .filter((one) => query.CustomID === undefined || one.CustomID === query.CustomID)
      .map(({ message, ...row }) => ({
        ...row,
        CustomID: query.ShowCustomID === 'true' ? row.CustomID : '',
        ContactAlt: query.ShowContactAlt === 'true' ? row.ContactAlt : '',
        Subject: query.ShowSubject === 'true' ? message.Subject : '',
      })), query),
  };
}

function faultsOf(message) {
  const errors = [];
  const add = (ErrorCode, ErrorMessage, ...ErrorRelatedTo) =>
    errors.push({ ErrorIdentifier: randomUUID(), ErrorCode, StatusCode: 400, ErrorMessage, ErrorRelatedTo });
  if (!message.From) add('mj-0003', 'The From is mandatory but missing from the input', 'From');
  if (!Array.isArray(message.To)) add('mj-0003', 'The To is mandatory but missing from the input', 'To');
  else if (message.To.length === 0) add('mj-0007', 'The To cannot be empty.', 'To');
  for (const [field, people] of Object.entries({ From: [message.From ?? []].flat(), To: message.To, Cc: message.Cc, Bcc: message.Bcc })) {
    if (!Array.isArray(people)) continue;
    people.forEach((person, index) => {
      if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(person?.Email ?? '')) {
        add('mj-0013', `"${person?.Email}" is an invalid email address.`, field === 'From' ? 'From.Email' : `${field}[${index}].Email`);
      }
    });
  }
  // Whatever its case is written as: Mailjet makes these itself (symfony/symfony#44000).
  for (const name of Object.keys(message.Headers ?? {}).filter((header) => own.includes(header.toLowerCase()))) {
    add('send-0011', 'Header cannot be customized using the "Headers" collection. Please use the dedicated property to set this header.',
      `Headers["${name}"]`);
  }
  if (!message.TextPart && !message.HTMLPart && !message.TemplateID) {
    add('send-0003', 'At least "HTMLPart", "TextPart" or "TemplateID" must be provided.', 'HTMLPart', 'TextPart');
  }
  return errors;
}

const whole = (ErrorCode, ErrorMessage) => ({
  status: 400,
  body: { ErrorIdentifier: randomUUID(), ErrorCode, StatusCode: 400, ErrorMessage, ErrorRelatedTo: ['Messages'] },
});

import { call } from '../lib/call.js';
import { deduplicationKey, idempotencyKey } from '../lib/deduplication.js';
import { reference, sendAt } from '../lib/fields.js';
import { given } from '../lib/given.js';
import { like } from '../lib/like.js';
import { sms, smsFields } from '../lib/sms.js';

async function perform(z, bundle) {
  const { to, country, text, sender, send_at, reference, smart_encoding, deduplication_key } = bundle.inputData;
  const sent = await call(z, bundle, {
    method: 'POST',
    url: '/v1/sms',
    headers: { 'idempotency-key': idempotencyKey(deduplication_key, [to, text]) },
    body: given({ to, country, text, sender, sendAt: send_at, reference, smartEncoding: smart_encoding }),
  });
  return like(sms, sent);
}

export default {
  key: 'send_sms',
  noun: 'SMS',
  display: {
    label: 'Send SMS',
    description: 'Sends a text message to one person, such as a reminder or a code. It is not for marketing.',
  },
  operation: {
    inputFields: [
      {
        key: 'to',
        label: 'To',
        required: true,
        placeholder: '+33612345678',
        helpText: 'One mobile number, best with + and the country code: `+33612345678`. For one without, name the country below.',
      },
      {
        key: 'text',
        label: 'Text',
        type: 'text',
        required: true,
        helpText:
          'At most 1,600 characters. One part holds 160, or 70 if there is an emoji or a character such as ’ in the text; ' +
          'you pay for each part. ' +
          'What comes back tells how many parts it took.',
      },
      deduplicationKey,
      {
        key: 'sender',
        label: 'Sender',
        required: false,
        dynamic: 'sms_senders.id.name',
        helpText: 'The number or name the message comes from. Leave it empty for the usual one.',
      },
      {
        key: 'country',
        label: 'Country',
        required: false,
        placeholder: 'FR',
        helpText: 'Where a number without + is dialled: the country’s two letters, such as `FR`.',
      },
      sendAt,
      reference,
      {
        key: 'smart_encoding',
        label: 'Smart Encoding',
        type: 'boolean',
        required: false,
        helpText: 'Whether characters such as ’ and … become plain ones where that saves parts. Left empty, the text is sent as it is.',
      },
    ],
    perform,
    sample: { ...sms, status: 'queued', price: { amount: null, currency: null }, sentAt: null, deliveredAt: null },
    outputFields: smsFields,
  },
};

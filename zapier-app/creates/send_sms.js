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
        helpText: 'One phone number, best with its country: `+33612345678`. Without it, choose the country below.',
      },
      {
        key: 'text',
        label: 'Text',
        type: 'text',
        required: true,
        helpText: 'At most 1,600 characters. Up to 160 fit one part, or 70 with characters such as ’ or emoji; each part is paid for.',
      },
      deduplicationKey,
      {
        key: 'sender',
        label: 'Sender',
        required: false,
        dynamic: 'sms_senders.id.name',
        helpText: 'The number or name the message comes from. Leave it empty for the site’s own.',
      },
      {
        key: 'country',
        label: 'Country',
        required: false,
        placeholder: 'FR',
        helpText: 'For numbers without a country code: the country’s two letters, such as `FR`.',
      },
      sendAt,
      reference,
      {
        key: 'smart_encoding',
        label: 'Smart Encoding',
        type: 'boolean',
        required: false,
        helpText: 'Replace characters such as ’ and … by plain ones where that saves parts.',
      },
    ],
    perform,
    sample: { ...sms, status: 'queued', price: { amount: null, currency: null }, sentAt: null, deliveredAt: null },
    outputFields: smsFields,
  },
};

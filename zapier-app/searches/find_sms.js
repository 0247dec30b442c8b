import { call } from '../lib/call.js';
import { like } from '../lib/like.js';
import { sms, smsFields } from '../lib/sms.js';

const search = (by) => async (z, bundle, value) => {
  const { items } = await call(z, bundle, { method: 'POST', url: '/v1/sms/search', body: { [by]: String(value) } });
  return items;
};

const BY = {
  id: async (z, bundle, value) => {
    const answer = await call(z, bundle, { url: `/v1/sms/${encodeURIComponent(value)}`, skipThrowForStatus: true });
    return answer.id ? [answer] : [];
  },
  number: search('to'),
  reference: search('reference'),
};

async function perform(z, bundle) {
  const { search_by, value } = bundle.inputData;
  if (!Object.hasOwn(BY, search_by)) throw new z.errors.Error('Search By is one of id, number or reference.', 'invalid_request', 400);
  const found = await BY[search_by](z, bundle, value);
  return found.map((one) => like(sms, one));
}

export default {
  key: 'find_sms',
  noun: 'SMS',
  display: {
    label: 'Find SMS',
    description: 'Finds the latest SMS by its ID, the recipient’s number or your reference, with what became of it.',
  },
  operation: {
    inputFields: [
      {
        key: 'search_by',
        label: 'Search By',
        required: true,
        default: 'id',
        choices: { id: 'ID', number: 'Recipient’s phone number', reference: 'Reference' },
        helpText: 'What you know of the message.',
      },
      {
        key: 'value',
        label: 'Value',
        required: true,
        helpText: 'The ID that Send SMS gave, a number with its country code such as `+33612345678`, or the reference you gave.',
      },
    ],
    perform,
    sample: sms,
    outputFields: smsFields,
  },
};

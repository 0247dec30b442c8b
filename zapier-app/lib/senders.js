import { callForAll } from './call.js';
import { choices, nameFields } from './choices.js';
import { like } from './like.js';

/** The senders of one channel, for a drop-down. */
export const senders = ({ key, noun, channel, sample }) =>
  choices({
    key,
    noun,
    perform: async (z, bundle) => {
      const items = await callForAll(z, bundle, { url: '/v1/senders', params: { channel } });
      return items.map((sender) => like(sample, sender));
    },
    sample,
    outputFields: [...nameFields, { key: 'provider', label: 'Provider' }],
  });

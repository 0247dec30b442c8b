import { membership, membershipFields } from '../lib/contact.js';
import { eventFields, eventSample, eventTrigger } from '../lib/events.js';
import { onlyList } from '../lib/fields.js';
import { like } from '../lib/like.js';

const sample = { ...eventSample, ...membership, confirmedAt: '2026-11-23T10:02:41Z' };

export default eventTrigger({
  key: 'new_confirmed_contact',
  noun: 'Contact',
  display: {
    label: 'New Confirmed Contact',
    description: 'Triggers when a person has confirmed a subscription to a mailing list.',
  },
  inputFields: [onlyList],
  events: 'subscription.confirmed',
  wanted: ({ list }, input) => !input.list || input.list === list?.id,
  toItem: ({ data, ...event }) => like(sample, { ...event, ...data }),
  sample,
  outputFields: [...eventFields, ...membershipFields, { key: 'confirmedAt', label: 'Confirmed At', type: 'datetime' }],
});

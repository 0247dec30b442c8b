import { membership, membershipFields } from '../lib/contact.js';
import { eventFields, eventSample, eventTrigger } from '../lib/events.js';
import { onlyList } from '../lib/fields.js';
import { like } from '../lib/like.js';

const sample = { ...eventSample, ...membership, by: 'one-click' };

export default eventTrigger({
  key: 'contact_unsubscribed',
  noun: 'Contact',
  display: {
    label: 'Contact Unsubscribed',
    description: 'Triggers when a contact leaves a mailing list, by a link in an email, on request, or because email to them came back.',
  },
  inputFields: [onlyList],
  events: 'subscription.unsubscribed',
  wanted: ({ list }, input) => !input.list || input.list === list?.id,
  toItem: ({ data, ...event }) => like(sample, { ...event, ...data }),
  sample,
  outputFields: [...eventFields, ...membershipFields, { key: 'by', label: 'Unsubscribed Through' }],
});

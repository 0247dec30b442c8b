// What the gateway tells about a contact, once for all items that tell it.

export const person = {
  id: 'con_01934f5e4a7c7d3e9b1a5c2f8e6d4b03',
  email: 'ann@example.org',
  name: "Ann O'Brien",
  language: 'en',
  properties: { city: 'Paris' },
  createdAt: '2026-11-23T09:58:12Z',
};

export const personFields = (prefix = '', label = '') => [
  { key: `${prefix}id`, label: `${label}ID` },
  { key: `${prefix}email`, label: `${label}Email` },
  { key: `${prefix}name`, label: `${label}Name` },
  { key: `${prefix}language`, label: `${label}Language` },
  { key: `${prefix}properties`, label: `${label}Properties`, dict: true },
  { key: `${prefix}createdAt`, label: `${label}Created At`, type: 'datetime' },
];

const list = { id: 'lst_01934f5e4a7c7d3e9b1a5c2f8e6d4b02', name: 'Newsletter' };

/** The part of an event that says who and which list. */
export const membership = { contact: person, list };

export const membershipFields = [
  ...personFields('contact__', 'Contact '),
  { key: 'list__id', label: 'List ID' },
  { key: 'list__name', label: 'List Name' },
];

export const contact = {
  ...person,
  subscriptions: [{ list, status: 'confirmed', confirmedAt: '2026-11-23T10:02:41Z' }],
  suppressed: null,
};

export const contactFields = [
  ...personFields(),
  { key: 'subscriptions[]list__id', label: 'Subscription List ID' },
  { key: 'subscriptions[]list__name', label: 'Subscription List Name' },
  { key: 'subscriptions[]status', label: 'Subscription Status' },
  { key: 'subscriptions[]confirmedAt', label: 'Subscription Confirmed At', type: 'datetime' },
  { key: 'suppressed', label: 'Suppressed' },
];

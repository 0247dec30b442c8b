// What the gateway tells about an SMS. The text is left out where it tells of what became of one.

const upToSender = {
  id: 'sms_01934f5e4a7c7d3e9b1a5c2f8e6d4b04',
  status: 'delivered',
  to: '+33612345678',
  sender: '+33700000000',
};

const fromEncoding = {
  encoding: 'gsm7',
  parts: 1,
  provider: 'twilio',
  reference: 'order 1042',
  price: { amount: '0.0075', currency: 'USD' },
  error: { code: null, reason: null },
  createdAt: '2026-11-23T10:00:00Z',
  sendAt: null,
  sentAt: '2026-11-23T10:00:01Z',
  deliveredAt: '2026-11-23T10:00:04Z',
};

export const smsOfEvent = { ...upToSender, ...fromEncoding };
export const sms = { ...upToSender, text: 'Your order is on its way.', ...fromEncoding, encodingNote: null };

export const smsOfEventFields = (prefix = '', label = '') => [
  { key: `${prefix}id`, label: `${label}ID` },
  { key: `${prefix}status`, label: `${label}Status` },
  { key: `${prefix}to`, label: `${label}To` },
  { key: `${prefix}sender`, label: `${label}Sender` },
  { key: `${prefix}encoding`, label: `${label}Encoding` },
  { key: `${prefix}parts`, label: `${label}Parts`, type: 'integer' },
  { key: `${prefix}provider`, label: `${label}Provider` },
  { key: `${prefix}reference`, label: `${label}Reference` },
  { key: `${prefix}price__amount`, label: `${label}Price` },
  { key: `${prefix}price__currency`, label: `${label}Currency` },
  { key: `${prefix}error__code`, label: `${label}Error Code` },
  { key: `${prefix}error__reason`, label: `${label}Error Reason` },
  { key: `${prefix}createdAt`, label: `${label}Created At`, type: 'datetime' },
  { key: `${prefix}sendAt`, label: `${label}Send At`, type: 'datetime' },
  { key: `${prefix}sentAt`, label: `${label}Sent At`, type: 'datetime' },
  { key: `${prefix}deliveredAt`, label: `${label}Delivered At`, type: 'datetime' },
];

export const smsFields = [...smsOfEventFields(), { key: 'text', label: 'Text' }, { key: 'encodingNote', label: 'Encoding Note' }];

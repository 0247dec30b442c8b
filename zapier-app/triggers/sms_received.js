import { eventFields, eventSample, eventTrigger } from '../lib/events.js';
import { like } from '../lib/like.js';

const sample = {
  ...eventSample,
  from: '+33612345678',
  to: '+33700000000',
  text: 'Could you come at ten instead?',
  receivedAt: '2026-11-23T10:02:40Z',
  provider: 'twilio',
};

export default eventTrigger({
  key: 'sms_received',
  noun: 'SMS',
  display: {
    label: 'SMS Received',
    description: 'Triggers when somebody answers by SMS. Words such as STOP are obeyed by the gateway and do not trigger.',
  },
  events: 'sms.received',
  toItem: ({ data, ...event }) => like(sample, { ...event, ...data }),
  sample,
  outputFields: [
    ...eventFields,
    { key: 'from', label: 'From' },
    { key: 'to', label: 'To' },
    { key: 'text', label: 'Text' },
    { key: 'receivedAt', label: 'Received At', type: 'datetime' },
    { key: 'provider', label: 'Provider' },
  ],
});

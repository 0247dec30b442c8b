import { eventFields, eventSample, eventTrigger } from '../lib/events.js';
import { like } from '../lib/like.js';
import { smsOfEvent, smsOfEventFields } from '../lib/sms.js';

const STATUSES = {
  sent: 'Sent: the provider took it',
  delivered: 'Delivered: it reached the phone',
  failed: 'Failed: it will not arrive',
  unknown: 'Unknown: nobody can say whether it was sent',
};

const sample = { ...eventSample, sms: smsOfEvent };

export default eventTrigger({
  key: 'sms_status_changed',
  noun: 'SMS Status',
  display: {
    label: 'SMS Status Changed',
    description: 'Triggers when an SMS is sent, delivered, has failed or its fate is unknown.',
  },
  inputFields: [
    {
      key: 'statuses',
      label: 'Statuses',
      required: false,
      list: true,
      choices: STATUSES,
      helpText: 'Which changes to trigger for. Leave it empty for all of them.',
    },
  ],
  events: ({ statuses }) => (statuses?.length ? [statuses].flat() : Object.keys(STATUSES)).map((status) => `sms.${status}`).join(','),
  toItem: ({ data, ...event }) => like(sample, { ...event, ...data }),
  sample,
  outputFields: [...eventFields, ...smsOfEventFields('sms__', 'SMS ')],
});

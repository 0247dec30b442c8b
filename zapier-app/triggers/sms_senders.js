import { senders } from '../lib/senders.js';

export default senders({
  key: 'sms_senders',
  noun: 'SMS Sender',
  channel: 'sms',
  sample: { id: '+33700000000', name: '+33700000000', provider: 'twilio' },
});

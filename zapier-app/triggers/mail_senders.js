import { senders } from '../lib/senders.js';

export default senders({
  key: 'mail_senders',
  noun: 'Email Sender',
  channel: 'mail',
  sample: { id: 'news@shop.example', name: 'news@shop.example', provider: 'smtp' },
});

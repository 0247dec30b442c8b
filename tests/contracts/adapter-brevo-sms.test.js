import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startBrevoSms } from './brevo-sms.js';
import { startCallingSite } from './calling-site.js';

describe('The gateway sends SMS through Brevo', { concurrency: true }, () => {
  let brevo, gateway, call, send, becomes;

  before(async () => {
    brevo = await startBrevoSms({ walk: ['sent', 'delivered'] });
    ({ gateway, call, send, becomes } = await startCallingSite({
      Sms__Route: 'brevo', Sms__Countries: '*', Sms__Brevo__BaseUrl: brevo.url, Sms__Brevo__ApiKey: 'key', Sms__Brevo__From: 'ACME',
    }));
  });
  after(async () => {
    await gateway?.remove();
    await brevo?.close();
  });

  const times = (text) => brevo.accepted().find(({ body }) => body === text)?.times ?? 0;
  const messageOf = (to) => brevo.state.messages.find(({ recipient }) => recipient === to);

  it('and believes its webhooks', async () => {
    const text = 'Ça coûte 100 % & plus = 5 € + 👍';
    const sms = await becomes(await send('+33612345601', text), 'delivered');
    assert.equal(sms.receipts.at(-1).status, 'delivered');
    assert.equal(times(text), 1);
    const { type, unicodeEnabled } = messageOf('33612345601');
    assert.deepEqual([type, unicodeEnabled], ['transactional', true]);
  });

  // Whichever of the two it hits.
  it('never again when the answer was lost', async () => {
    brevo.fail({ with: 'close', after: true, path: '/transactionalSMS/send' });
    const lost = await Promise.all([send('+33612345602', 'Lost'), send('+33612345603', 'Perhaps lost')]);
    await Promise.all(lost.map((id) => becomes(id, 'delivered')));
    assert.deepEqual(['Lost', 'Perhaps lost'].map(times), [1, 1]);
  });

  it('and hears who wants no more messages', async () => {
    await becomes(await send('+33612345604', 'Hello'), 'delivered');
    const { status } = await brevo.report({ id: messageOf('33612345604').id, status: 'replied', reply: 'STOP' });
    assert.equal(status, 204);
    const refused = await call('/v1/sms', { to: '+33612345604', text: 'Hello again' });
    assert.deepEqual([refused.status, refused.body.code], [403, 'suppressed']);
  });
});

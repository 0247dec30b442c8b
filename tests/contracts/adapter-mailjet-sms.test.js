import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startCallingSite } from './calling-site.js';
import { startMailjetSms } from './mailjet-sms.js';

describe('The gateway sends SMS through Mailjet', { concurrency: true }, () => {
  let mailjet, gateway, call, send, becomes;

  before(async () => {
    mailjet = await startMailjetSms({ walk: ['delivered'] });
    ({ gateway, call, send, becomes } = await startCallingSite({
      Sms__Route: 'mailjet', Sms__Countries: '*', Sms__Mailjet__BaseUrl: mailjet.url, Sms__Mailjet__Token: 'token',
      Sms__Mailjet__From: 'ACME',
    }));
  });
  after(async () => {
    await gateway?.remove();
    await mailjet?.close();
  });

  const times = (text) => mailjet.accepted().find(({ body }) => body === text)?.times ?? 0;

  it('and asks what became of a message', async () => {
    const text = 'Ça coûte 100 % & plus = 5 € + 👍';
    const sms = await becomes(await send('+33612345601', text), 'delivered');
    assert.deepEqual(sms.price, { amount: '0.04', currency: 'EUR' });
    assert.equal(sms.receipts.at(-1).status, 'delivered');
    assert.equal(times(text), 1);
  });

  // Whichever of the three it hits.
  it('never again when the answer was lost: it finds the message in Mailjet’s list', async () => {
    mailjet.fail({ with: 'close', after: true, path: '/sms-send' });
    const lost = await Promise.all([send('+33612345602', 'Lost'), send('+33612345603', 'Perhaps lost')]);
    await Promise.all(lost.map((id) => becomes(id, 'delivered')));
    assert.deepEqual(['Lost', 'Perhaps lost'].map(times), [1, 1]);
  });

  it('but not what Mailjet does not accept', async () => {
    const { body } = await call('/v1/sms', { to: '+33612345604', text: 'x'.repeat(5 * 153 + 1) });
    assert.equal((await becomes(body.id, 'failed')).error.code, 'too_long');
  });
});

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { verifySignature } from '@vonage/jwt';
import { until } from '../wordpress/lib/process.js';
import { startCallingSite } from './calling-site.js';
import { apiKey, applicationId, startVonage } from './vonage.js';

const secret = 'a signature secret';

describe('The gateway sends SMS through Vonage', { concurrency: true }, () => {
  let vonage, gateway, site, call, send, becomes;

  before(async () => {
    vonage = await startVonage({ signatureSecret: secret });
    ({ gateway, site, call, send, becomes } = await startCallingSite({
      Sms__Route: 'vonage', Sms__Countries: '*', Sms__Vonage__BaseUrl: vonage.url, Sms__Vonage__AccountUrl: vonage.url,
      Sms__Vonage__ApiKey: apiKey, Sms__Vonage__ApiSecret: 'secret', Sms__Vonage__ApplicationId: applicationId,
      Sms__Vonage__PrivateKey: vonage.privateKey.replaceAll('\n', '\\n'), Sms__Vonage__SignatureSecret: secret,
      Sms__Vonage__From: 'ACME',
    }));
  });
  after(async () => {
    await gateway?.remove();
    await vonage?.close();
  });

  const times = (text) => vonage.accepted().find(({ body }) => body === text)?.times ?? 0;
  const webhooksOf = (id) => vonage.state.webhooks.filter(({ body }) => body.client_ref === id);

  it('and believes the webhooks that @vonage/jwt takes', async () => {
    const text = 'Ça coûte 100 % & plus = 5 € + 👍';
    const id = await send('+33612345601', text);
    const sms = await becomes(id, 'delivered');
    assert.deepEqual(sms.price, { amount: '0.0333', currency: 'EUR' });
    assert.equal(times(text), 1);
    await until('both webhooks are answered', () => webhooksOf(id).every(({ status }) => status === 200) && webhooksOf(id).length === 2);
    for (const webhook of webhooksOf(id)) assert.equal(verifySignature(webhook.token, secret), true);
  });

  it('never again when the answer was lost: its webhook settles it', async () => {
    vonage.fail({ with: 'close', after: true, path: '/v1/messages' });
    const lost = await Promise.all([send('+33612345602', 'Lost'), send('+33612345603', 'Perhaps lost')]);
    await Promise.all(lost.map((id) => becomes(id, 'delivered')));
    assert.deepEqual(['Lost', 'Perhaps lost'].map(times), [1, 1]);
  });

  it('and refuses what @vonage/jwt refuses, and a body that is not the one that was signed', async () => {
    const url = `${gateway.url}/providers/vonage/${site.site}/inbound`;
    const stop = { message_uuid: randomUUID(), channel: 'sms', from: '33612345604', to: '15005550006', text: 'STOP' };
    const forged = await vonage.post(url, stop, { secret: 'another secret' });
    assert.deepEqual([verifySignature(forged.token, secret), forged.status], [false, 403]);
    const altered = await vonage.post(url, stop, { sent: JSON.stringify({ ...stop, from: '33612345605' }) });
    assert.deepEqual([verifySignature(altered.token, secret), altered.status], [true, 403]);
    const old = await vonage.post(url, stop, { claims: { exp: 1_700_000_000 } });
    assert.deepEqual([verifySignature(old.token, secret), old.status], [false, 403]);
    assert.equal((await vonage.receive({ url, from: '33612345604', text: 'STOP' })).status, 200);
    const { status, body } = await call('/v1/sms', { to: '+33612345604', text: 'Hello' });
    assert.deepEqual([status, body.code], [403, 'suppressed']);
  });

  it('and says why one was not delivered', async () => {
    const id = await send('+33612345606', 'Never arrives');
    await becomes(id, 'delivered');
    const other = await call('/v1/sms', { to: '+33612345607', text: 'x'.repeat(1001) });
    assert.equal((await becomes(other.body.id, 'failed')).error.code, 'too_long');
  });
});

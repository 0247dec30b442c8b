import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startCallingSite } from './calling-site.js';
import { startPrism } from './prism.js';
import { accountSid, startTwilio } from './twilio.js';

const from = '+15005550006';

describe('The gateway sends through Twilio', () => {
  let twilio, prism, gateway, site, call, send, becomes;

  before(async () => {
    twilio = await startTwilio();
    prism = await startPrism({ upstream: twilio.url });
    ({ gateway, site, call, send, becomes } = await startCallingSite({
      Sms__Route: 'twilio', Sms__Countries: '*', Sms__Twilio__BaseUrl: prism.url,
      Sms__Twilio__AccountSid: accountSid, Sms__Twilio__AuthToken: 'token', Sms__Twilio__From: from,
      Sms__Twilio__SharedKeys: 'webhooks_sharedkey_1=a secret',
    }));
  });
  after(async () => {
    await gateway?.remove();
    await prism?.close();
    await twilio?.close();
  });

  const times = (text) => twilio.accepted().find(({ body }) => body === text)?.times ?? 0;
  const inbound = () => `${gateway.url}/providers/twilio/${site.site}/inbound`;

  it('and settles a message by Twilio’s receipts, whose signatures it accepts', async () => {
    const text = 'Ça coûte 100 % & plus = 5 € + 👍';
    const sms = await becomes(await send('+33612345601', text), 'delivered');
    assert.deepEqual(sms.receipts.map(({ status }) => status), ['sent', 'sent', 'delivered']);
    assert.equal(times(text), 1);
    assert.deepEqual([...new Set(twilio.state.callbacks.map(({ status }) => status))], [204]);
  });

  it('also when they are signed with a shared key, but only with the one they name', async () => {
    twilio.setMode({ sharedKey: { name: 'webhooks_sharedkey_1', secret: 'a secret' } });
    await becomes(await send('+33612345611', 'Shared'), 'delivered');
    twilio.setMode({ sharedKey: { name: 'webhooks_sharedkey_1', secret: 'another' } });
    const forged = await twilio.receive({ url: inbound(), from: '+33612345612', to: from, body: 'STOP', optOutType: 'STOP' });
    assert.equal(forged.status, 403);
    twilio.state.optOuts = [];
    twilio.setMode({ sharedKey: null });
  });

  it('also when they come before the answer to the send call', async () => {
    twilio.setMode({ early: true });
    const sms = await becomes(await send('+33612345602', 'Early'), 'delivered');
    assert.equal(sms.receipts.length, 3);
    assert.equal(times('Early'), 1);
    twilio.setMode({ early: false });
  });

  it('once more when Twilio asked for patience, and then once', async () => {
    twilio.fail({ with: 429, retryAfter: 1, method: 'POST' });
    await becomes(await send('+33612345603', 'Patience'), 'delivered');
    assert.equal(times('Patience'), 1);
  });

  it('never again when the answer was lost: it finds the message in Twilio’s list', async () => {
    twilio.setMode({ walk: [] });
    twilio.fail({ with: 'close', after: true, method: 'POST' });
    const id = await send('+33612345604', 'Lost');
    await becomes(id, 'unknown');
    await becomes(id, 'sent');
    assert.equal(times('Lost'), 1);
    twilio.setMode({ walk: ['queued', 'sent', 'delivered'] });
  });

  it('tells why a message was not delivered', async () => {
    twilio.setMode({ walk: [{ status: 'undelivered', errorCode: 30003 }] });
    const { error, receipts } = await becomes(await send('+33612345605', 'Nobody there'), 'failed');
    assert.deepEqual([error.code, receipts[0].providerCode], ['unreachable', '30003']);
    twilio.setMode({ walk: ['queued', 'sent', 'delivered'] });
  });

  it('learns of an opt-out from the refusal, and sends no more', async () => {
    twilio.state.optOuts.push('+33612345606');
    const { error } = await becomes(await send('+33612345606', 'Unwanted'), 'failed');
    assert.equal(error.code, 'suppressed');
    assert.equal((await call('/v1/sms', { to: '+33612345606', text: 'Unwanted' })).body.code, 'suppressed');
  });

  it('learns of an opt-out, and of its end, from what people answer', async () => {
    const to = '+33612345607';
    const { status, answer } = await twilio.receive({ url: inbound(), from: to, to: from, body: 'Arrêt', optOutType: 'STOP' });
    assert.deepEqual([status, answer], [200, '<Response/>']);
    assert.equal((await call('/v1/sms', { to, text: 'Unwanted' })).body.code, 'suppressed');
    await twilio.receive({ url: inbound(), from: to, to: from, body: ' start ', optOutType: 'START' });
    await becomes(await send(to, 'Wanted again'), 'delivered');
  });

  it('and Twilio’s own OpenAPI file finds nothing wrong with any of it', () => {
    assert.ok(prism.state.calls >= 8, `${prism.state.calls} calls`);
    assert.deepEqual(prism.state.violations, []);
  });
});

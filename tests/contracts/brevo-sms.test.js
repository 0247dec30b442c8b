import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Brevo, BrevoClient } from '@getbrevo/brevo';
import { until } from '../wordpress/lib/process.js';
import { startBrevoSms } from './brevo-sms.js';

describe('Brevo SMS stand-in, seen by @getbrevo/brevo', () => {
  let brevo, sms;
  const connect = (apiKey = 'key') => new BrevoClient({ apiKey, baseUrl: `${brevo.url}/v3`, maxRetries: 0 }).transactionalSms;
  const message = { sender: 'ACME', recipient: '33612345678', content: 'Hello', tag: 'sms_1-1' };
  const send = (more) => sms.sendAsyncTransactionalSms({ ...message, ...more });

  beforeEach(async () => {
    brevo = await startBrevoSms();
    sms = connect();
  });
  afterEach(() => brevo.close());

  it('takes a message and shows what became of it by its tag', async () => {
    const { messageId } = await send();
    await send({ tag: 'sms_2-1', recipient: '33611111111' });
    await until('all happened', () => brevo.state.events.length === 4);
    const today = new Date().toISOString().slice(0, 10);
    const { events } = await sms.getSmsEvents({ phoneNumber: '33612345678', startDate: today, endDate: today, limit: 100, sort: 'desc' });
    assert.deepEqual(events.map((one) => [one.event, one.messageId, one.tag]),
      [['delivered', String(messageId), 'sms_1-1'], ['sent', String(messageId), 'sms_1-1']]);
  });

  it('refuses in Brevo’s words', async () => {
    const refused = await send({ recipient: '12' }).catch((error) => error);
    assert.ok(refused instanceof Brevo.BadRequestError);
    assert.equal(refused.body.code, 'invalid_parameter');
    await assert.rejects(send({ sender: 'A name that is too long' }), { statusCode: 400 });
    brevo.setMode({ credits: 0 });
    await assert.rejects(send(), { statusCode: 402 });
    sms = connect('another');
    await assert.rejects(send(), { statusCode: 401 });
    assert.deepEqual(brevo.state.messages, []);
  });
});

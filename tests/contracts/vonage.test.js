import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Auth } from '@vonage/auth';
import { verifySignature } from '@vonage/jwt';
import { Messages, SMS } from '@vonage/messages';
import { until } from '../wordpress/lib/process.js';
import { apiKey, applicationId, startVonage } from './vonage.js';

describe('Vonage stand-in, seen by @vonage/messages', () => {
  let vonage, messages, told, listener;
  const connect = (privateKey = vonage.privateKey) =>
    new Messages(new Auth({ apiKey, apiSecret: 'secret', applicationId, privateKey }), { apiHost: vonage.url });
  const message = { to: '33612345678', from: 'ACME', text: 'Hello', webhookVersion: 'v1' };
  const sms = (more) => new SMS({ ...message, webhookUrl: listener.url, ...more });

  beforeEach(async () => {
    told = [];
    listener = createServer(async (request, response) => {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      told.push({ authorization: request.headers.authorization, body: JSON.parse(Buffer.concat(chunks)) });
      response.end();
    });
    await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
    listener.url = `http://127.0.0.1:${listener.address().port}/status?sms=1&try=1`;
    vonage = await startVonage();
    messages = connect();
  });
  afterEach(async () => {
    await vonage.close();
    await new Promise((resolve) => listener.close(resolve));
  });

  it('takes a message, and tells by webhooks what becomes of it', async () => {
    const { messageUUID } = await messages.send(sms({ clientRef: 'sms_1', sms: { encodingType: 'unicode' } }));
    await until('both webhooks came', () => told.length === 2);
    assert.deepEqual(told.map(({ body }) => [body.message_uuid, body.status, body.client_ref]),
      [[messageUUID, 'submitted', 'sms_1'], [messageUUID, 'delivered', 'sms_1']]);
    assert.deepEqual(told[0].body.usage, { price: '0.0333', currency: 'EUR' });
    assert.deepEqual(vonage.accepted(), [{ to: '+33612345678', body: 'Hello', times: 1 }]);
  });

  it('signs webhooks so that @vonage/jwt takes them, with no other secret', async () => {
    await messages.send(sms());
    await until('a webhook came', () => told.length > 0);
    const token = told[0].authorization.replace('Bearer ', '');
    assert.equal(verifySignature(token, 'a signature secret'), true);
    assert.equal(verifySignature(token, 'another secret'), false);
    assert.equal(verifySignature(`${token.slice(0, token.lastIndexOf('.'))}.AAAA`, 'a signature secret'), false);
  });

  it('refuses a key of another application, a bad number, and what costs more than is there', async () => {
    const other = await startVonage();
    await assert.rejects(connect(other.privateKey).send(sms()), ({ response }) => response.status === 401);
    await other.close();
    await assert.rejects(messages.send(sms({ to: '12' })), ({ response }) => response.status === 422);
    vonage.setMode({ balance: 0 });
    await assert.rejects(messages.send(sms()), ({ response }) => response.status === 402);
    assert.deepEqual(vonage.state.messages, []);
  });
});

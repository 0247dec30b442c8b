import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import Mailjet from 'node-mailjet';
import { startMailjet } from './mailjet.js';

Mailjet.Request.protocol = 'http://';

describe('Mailjet stand-in: Send API v3.1', () => {
  let mailjet, client;
  const mail = (more) => ({ From: { Email: 'news@shop.example' }, To: [{ Email: 'ann@example.org' }], Subject: 'Hello', TextPart: 'Hello',
    ...more });
  const send = async (...Messages) => (await client.post('send', { version: 'v3.1' }).request({ Messages })).body.Messages;
  const search = async (query) => (await client.get('message').request({}, query)).body.Data;

  beforeEach(async () => {
    mailjet = await startMailjet();
    client = new Mailjet({ apiKey: 'key', apiSecret: 'secret', config: { host: mailjet.url.replace('http://', '') } });
  });
  afterEach(() => mailjet.close());

  it('takes a message and finds it again by CustomID', async () => {
    const [taken] = await send(mail({ CustomID: 'msg_1', Cc: [{ Email: 'bob@example.org' }] }));
    await send(mail({ CustomID: 'msg_2' }));
    assert.deepEqual([taken.Status, taken.CustomID, taken.To.length, taken.Cc.length], ['success', 'msg_1', 1, 1]);
    const found = await search({ CustomID: 'msg_1', ShowCustomID: true, ShowContactAlt: true });
    assert.deepEqual(found.map(({ ContactAlt, CustomID }) => [ContactAlt, CustomID]),
      [['ann@example.org', 'msg_1'], ['bob@example.org', 'msg_1']]);
    assert.equal(String(found[0].ID), String(taken.To[0].MessageID));
    assert.deepEqual(await search({ CustomID: 'msg_9' }), []);
  });

  it('numbers messages beyond what a double can hold', async () => {
    const [{ To }] = await send(mail());
    assert.ok(BigInt(String(To[0].MessageID)) > BigInt(Number.MAX_SAFE_INTEGER));
    assert.equal(To[0].MessageHref.split('/').pop(), String(To[0].MessageID));
  });

  it('answers 400 for a mixed batch although the good messages were taken', async () => {
    const refused = await send(mail({ CustomID: 'good' }), mail({ TextPart: undefined }),
      mail({ To: [{ Email: 'nobody' }] })).catch((error) => error);
    assert.equal(refused.statusCode, 400);
    const { Messages } = refused.response.data;
    assert.deepEqual(Messages.map(({ Status }) => Status), ['success', 'error', 'error']);
    assert.deepEqual(Messages[1].Errors.map(({ ErrorCode, StatusCode }) => [ErrorCode, StatusCode]), [['send-0003', 400]]);
    assert.deepEqual(Messages[2].Errors[0].ErrorRelatedTo, ['To[0].Email']);
    assert.equal((await search({ CustomID: 'good' })).length, 1);
  });

  it('takes at most 50 messages, and then none', async () => {
    assert.equal((await send(...Array(50).fill(mail()))).length, 50);
    await assert.rejects(send(...Array(51).fill(mail())), { statusCode: 400, ErrorCode: 'mj-0008' });
    assert.equal(mailjet.state.messages.length, 50);
  });

  it('checks but keeps nothing in sandbox mode', async () => {
    const request = (Messages) => client.post('send', { version: 'v3.1' }).request({ Messages, SandboxMode: true });
    const [{ Status, To }] = (await request([mail()])).body.Messages;
    assert.deepEqual([Status, To[0].MessageID, To[0].MessageUUID], ['success', 0, '']);
    assert.equal(mailjet.state.messages.length, 0);
    await assert.rejects(request([mail({ From: undefined })]), { statusCode: 400 });
  });

  it('can take a message without the sender learning it', async () => {
    mailjet.fail({ with: 'close', path: '/send', after: true });
    await assert.rejects(send(mail({ CustomID: 'msg_1' })), { code: 'ECONNRESET' });
    assert.equal((await search({ CustomID: 'msg_1' })).length, 1);
    mailjet.fail({ with: 'close', path: '/send' });
    await assert.rejects(send(mail({ CustomID: 'msg_2' })), { code: 'ECONNRESET' });
    assert.equal((await search({ CustomID: 'msg_2' })).length, 0);
  });
});

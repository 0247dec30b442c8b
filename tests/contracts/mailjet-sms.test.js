import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import Mailjet from 'node-mailjet';
import { startMailjetSms } from './mailjet-sms.js';

Mailjet.Request.protocol = 'http://';
const to = '+33612345678';

describe('Mailjet SMS stand-in, seen by node-mailjet', () => {
  let mailjet, client;
  const connect = (token = 'token') =>
    Mailjet.smsConnect(token, { config: { host: mailjet.url.replace('http://', ''), version: 'v4' }, options: { timeout: 1000 } });
  const send = async (more) => (await client.post('sms-send').request({ From: 'Hotel', To: to, Text: 'Hello', ...more })).body;
  const list = async (query) => (await client.get('sms').request({}, query)).body.Data;
  const look = async (id) => (await client.get('sms').id(id).request()).body.Data[0];

  beforeEach(async () => {
    mailjet = await startMailjetSms();
    client = connect();
  });
  afterEach(() => mailjet.close());

  it('takes a message, counts its parts and names its price', async () => {
    const taken = await send({ Text: '😀'.repeat(67) });
    assert.deepEqual([taken.From, taken.To, taken.SmsCount, taken.SentTS], ['Hotel', to, 3, '']);
    assert.deepEqual({ ...taken.Cost }, { Value: 0.12, Currency: 'EUR' });
    assert.deepEqual({ ...taken.Status }, { Code: 1, Name: 'sent_pending', Description: 'Message is being sent' });
    assert.ok(Math.abs(taken.CreationTS - Date.now() / 1000) < 60);
  });

  it('is one step further at each look', async () => {
    const { MessageId } = await send();
    const seen = [];
    for (let looks = 0; looks < 3; looks += 1) seen.push((await look(MessageId)).Status.Name);
    assert.deepEqual(seen, ['sent', 'delivered', 'delivered']);
    const { SMSCount, SentTS } = await look(MessageId);
    assert.ok(SMSCount === 1 && SentTS > 0);
    await assert.rejects(look('none'), { statusCode: 404 });
  });

  it('rejects later what it took at first', async () => {
    mailjet.setMode({ walk: ['sent', 'rejected_undelivered'] });
    const { MessageId } = await send();
    await look(MessageId);
    assert.deepEqual((await look(MessageId)).Status.Code, 5);
    mailjet.report({ id: MessageId, status: 'delivered' });
    assert.deepEqual((await look(MessageId)).Status.Code, 3);
  });

  it('lists by recipient, time and status, newest first and without the text', async () => {
    const before = Math.floor(Date.now() / 1000);
    const first = await send({ Text: 'one' });
    const second = await send({ Text: 'two' });
    await send({ To: '+33611111111' });
    await look(first.MessageId);
    const found = await list({ To: to, FromTS: before, ToTS: before + 60 });
    assert.deepEqual(found.map(({ MessageId }) => MessageId), [second.MessageId, first.MessageId]);
    assert.ok(found.every((row) => !('Text' in row) && row.SMSCount === 1));
    assert.deepEqual(await list({ To: to, ToTS: before - 60 }), []);
    assert.deepEqual(await list({ To: to, FromTS: before + 60 }), []);
    assert.deepEqual((await list({ StatusCode: '2,3' })).map(({ MessageId }) => MessageId), [first.MessageId]);
    await assert.rejects(list({ FromTS: '2024-01-01' }), { statusCode: 400, ErrorCode: 'mj-0004' });
  });

  it('lists in pages, ten rows unless asked for more and 21 at most', async () => {
    for (let number = 0; number < 23; number += 1) await send({ Text: String(number) });
    assert.deepEqual([(await list()).length, (await list({ Limit: 100 })).length, (await list({ Limit: 21, Offset: 21 })).length],
      [10, 21, 2]);
  });

  const refusals = {
    'no sender': [{ From: undefined }, 'mj-0003'],
    'a short sender': [{ From: 'Ho' }, 'mj-0020'],
    'a long sender': [{ From: 'Hotel Bristol' }, 'mj-0006'],
    'a sender with a space': [{ From: 'Hotel A' }, 'mj-0004'],
    'a recipient without its country': [{ To: '0612345678' }, 'mj-0004'],
    'no text': [{ Text: '' }, 'mj-0003'],
    'a text that is none': [{ Text: 1 }, 'mj-0004'],
    'six parts': [{ Text: 'x'.repeat(766) }, 'mj-0006'],
    'a country not served': [{}, 'sms-0002', { countries: ['+44'] }],
    'more than the day allows': [{ Text: 'x'.repeat(161) }, 'sms-0003', { limit: 1 }],
    'more than the wallet holds': [{}, 'sms-0001', { funds: 0.03 }],
    'an account not set up': [{}, 'sms-0004', { account: false }],
  };
  for (const [name, [request, code, mode]] of Object.entries(refusals)) {
    it(`refuses ${name} with ${code} and keeps nothing`, async () => {
      if (mode) mailjet.setMode(mode);
      await assert.rejects(send(request), { statusCode: 400, ErrorCode: code });
      assert.deepEqual(mailjet.state.messages, []);
    });
  }

  it('refuses a wrong token, and what is not JSON', async () => {
    client = connect('wrong');
    await assert.rejects(send(), { statusCode: 401, ErrorCode: 'mj-0015' });
    const form = await fetch(`${mailjet.url}/v4/sms-send`,
      { method: 'POST', headers: { authorization: 'Bearer token' }, body: 'From=Hotel' });
    assert.deepEqual([form.status, (await form.json()).ErrorCode], [400, 'mj-0002']);
  });

  it('has spent its money and its day at last', async () => {
    mailjet.setMode({ funds: 0.1 });
    await send();
    await send();
    await assert.rejects(send(), { ErrorCode: 'sms-0001' });
    mailjet.setMode({ funds: 100, limit: 3 });
    await send();
    await assert.rejects(send(), { ErrorCode: 'sms-0003' });
    assert.deepEqual(mailjet.accepted(), [{ to, body: 'Hello', times: 3 }]);
  });

  for (const kind of ['close', 'hang', 500, 'garbage']) {
    for (const after of [true, false]) {
      it(`hides that a message was ${after ? '' : 'not '}taken (${kind})`, async () => {
        mailjet.fail({ with: kind, after });
        // node-mailjet takes any 200 for success, so the page of a proxy does not make it fail.
        const heard = await send().catch(() => undefined);
        assert.equal(heard?.MessageId, undefined);
        assert.equal((await list({ To: to })).length, after ? 1 : 0);
      });
    }
  }

  it('refuses a command that could do nothing', () => {
    assert.throws(() => mailjet.setMode({ wlak: [] }), /no member "wlak"/);
    assert.throws(() => mailjet.setMode({ walk: ['gone'] }), /no status "gone"/);
    assert.throws(() => mailjet.report({ id: 'none', status: 'sent' }), /no message none/);
  });
});

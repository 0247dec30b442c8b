import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { until } from '../../../tests/wordpress/lib/process.js';
import { happens } from '../lib/happens.js';
import { rejection } from '../lib/rejection.js';

export default (world) =>
  describe('SMS', () => {
    const french = '+33612345678';
    const british = '+447400123456';
    const german = '+4915112345678';
    let events = 0;
    const send = (inputData) => world.zapier.create('send_sms', { text: 'Hello', deduplication_key: `evt_${++events}`, ...inputData });
    const find = (search_by, value) => world.zapier.search('find_sms', { search_by, value });
    const receive = (from, body) =>
      world.twilio.receive({
        url: `${world.gateway.url}/providers/twilio/${world.gateway.account.site}/inbound`,
        from,
        to: '+14155550100',
        body,
      });

    test('Send SMS answers at once, with parts; Find SMS tells what became of it', async () => {
      const sent = await send({ to: '06 12 34 56 78', country: 'FR', text: 'Hello', reference: 'order 1042' });
      assert.deepEqual([sent.to, sent.text, sent.parts, sent.encoding, sent.encodingNote], [french, 'Hello', 1, 'gsm7', null]);

      const delivered = await until('the delivery', async () => (await find('id', sent.id)).find(({ status }) => status === 'delivered'));
      for (const [by, value] of [
        ['number', french],
        ['reference', 'order 1042'],
      ]) {
        assert.deepEqual((await find(by, value))[0], delivered, by);
      }
    });

    test('Find SMS finds nothing as an empty list', async () => {
      assert.deepEqual(await find('id', 'sms_019a00000000700080000000000000ff'), []);
      assert.deepEqual(await find('id', '../me'), []);
      assert.deepEqual(await find('number', '+33699999999'), []);
      assert.deepEqual(await find('reference', 'nothing'), []);
    });

    test('a text that costs more parts says why; Smart Encoding saves them', async () => {
      const text = `It’s ${'ready '.repeat(20)}`;
      const dear = await send({ to: french, text });
      assert.deepEqual([dear.encoding, dear.parts], ['ucs2', 2]);
      assert.match(dear.encodingNote, /’ \(U\+2019\)/);
      const cheap = await send({ to: french, text, smart_encoding: true });
      assert.deepEqual([cheap.encoding, cheap.parts, cheap.text.slice(0, 4)], ['gsm7', 1, "It's"]);
    });

    test('Send At waits', async () => {
      const at = new Date(Date.now() + 3_600_000).toISOString();
      const { status, sendAt, sentAt } = await send({ to: french, send_at: at });
      assert.deepEqual([status, Date.parse(sendAt), sentAt], ['scheduled', Date.parse(at), null]);
      assert.match((await rejection(send({ to: french, send_at: '2999-01-01T00:00:00Z' }))).message, /30 days/);
    });

    const toldOf = (inputData, statuses) =>
      happens(
        world,
        'sms_status_changed',
        { statuses },
        () => send(inputData),
        ({ sms }) => sms.to === inputData.to,
      );

    test('SMS Status Changed tells of a delivery', async () => {
      const { sms } = await toldOf({ to: '+33612345679', reference: 'order 1043' }, ['delivered']);
      assert.deepEqual([sms.status, sms.provider, sms.reference, sms.parts], ['delivered', 'sandbox', 'order 1043', 1]);
    });

    test('SMS Status Changed tells why an SMS failed', async () => {
      world.twilio.setMode({ walk: ['sent', { status: 'undelivered', errorCode: 30003 }] });
      const { sms } = await toldOf({ to: british }, ['failed', 'unknown']);
      assert.deepEqual([sms.status, sms.provider, sms.error.code], ['failed', 'twilio', 'unreachable']);
      assert.match(sms.error.reason, /^[A-Z].*\.$/);
      const [found] = await find('id', sms.id);
      assert.deepEqual([found.status, found.error], ['failed', sms.error]);
    });

    test('SMS Status Changed tells when it was sent, as whom and for how much', async () => {
      const at = new Date(Date.now() + 1500).toISOString();
      const { sms } = await toldOf({ to: german, text: 'It’s ready', sender: 'AnnsShop', send_at: at }, ['sent']);
      assert.deepEqual(
        [sms.status, sms.provider, sms.sender, sms.price],
        ['sent', 'mailjet', 'AnnsShop', { amount: '0.04', currency: 'EUR' }],
      );
      assert.equal(Date.parse(sms.sendAt), Date.parse(at));
      assert.ok(sms.sentAt >= sms.sendAt, sms.sentAt);
      const [found] = await find('id', sms.id);
      assert.deepEqual([found.price, found.sendAt, found.text], [sms.price, sms.sendAt, 'It’s ready']);
    });

    test('SMS Received tells what a person answers', async () => {
      const item = await happens(world, 'sms_received', {}, () => receive(british, 'Could you come at ten?'));
      const { from, to, text, provider } = item;
      assert.deepEqual(
        { from, to, text, provider },
        { from: british, to: '+14155550100', text: 'Could you come at ten?', provider: 'twilio' },
      );
    });

    test('who answered STOP gets no more: the Zap halts in the gateway’s words', async () => {
      await receive('+447400123457', 'STOP');
      const error = await rejection(send({ to: '+447400123457' }));
      assert.deepEqual(error, { name: 'HaltedError', message: 'The owner of this number asked for no more messages.' });
    });

    test('what the gateway refuses is shown in its words, and sends nothing', async () => {
      const refused = (inputData) => rejection(send({ to: french, ...inputData }));
      const wrongNumber = await refused({ to: '0612345678' });
      assert.deepEqual([wrongNumber.name, wrongNumber.code, wrongNumber.status], ['AppError', 'number_invalid', 400]);
      assert.match(wrongNumber.message, /^Write the number with \+ and the country code, \+33612345678/);
      assert.match((await refused({ to: '+33123456789' })).message, /landline/);
      assert.match((await refused({ text: 'x'.repeat(1601) })).message, /1600 characters/);
      assert.match((await refused({ sender: 'Nobody' })).message, /may not send as this sender/);
    });

    test('a key that was used for something else is refused rather than sent', async () => {
      const key = { to: french, text: 'Twice?', deduplication_key: 'evt_once' };
      await send({ ...key, reference: 'a' });
      const { code, message } = await rejection(send({ ...key, reference: 'b' }));
      assert.equal(code, 'key_reused');
      assert.match(message, /This key was used before for other content/);
      assert.equal((await find('reference', 'b')).length, 0);
    });

    test('the drop-down shows the senders', async () => {
      const senders = await world.zapier.list('sms_senders');
      assert.deepEqual(senders.map(({ id, provider }) => [id, provider]).sort(), [
        ['+14155550100', 'twilio'],
        ['AnnsShop', 'mailjet'],
        ['Sandbox', 'sandbox'],
      ]);
      const [{ id }] = senders.filter(({ provider }) => provider === 'sandbox');
      assert.equal((await send({ to: french, sender: id })).sender, id);
    });
  });

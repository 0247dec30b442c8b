import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { until } from '../../../tests/wordpress/lib/process.js';
import { creates } from '../lib/app.js';
import { mailsTo } from '../lib/person.js';
import { rejection } from '../lib/rejection.js';

export default (world) =>
  describe('emails', () => {
    const to = 'hana@example.org';
    const send = (inputData) =>
      world.zapier.create('send_email', {
        to,
        template: 'plain',
        variable_subject: 'Your order 1042',
        variable_body: 'It is on its way.',
        deduplication_key: 'evt_1',
        ...inputData,
      });

    test('the template’s variables become fields', async () => {
      assert.deepEqual(await world.zapier.list('templates'), [{ id: 'plain', name: 'Plain message' }]);
      const variableFields = creates.send_email.operation.inputFields.find((field) => typeof field === 'function');
      const fields = await world.zapier.perform(variableFields, { inputData: { template: 'plain' } });
      assert.deepEqual(
        fields.map(({ key, label, required, type }) => [key, label, required, type]),
        [
          ['variable_subject', 'Subject', true, 'string'],
          ['variable_body', 'Body', true, 'text'],
        ],
      );
    });

    test('Send Email sends once, however often its run is replayed', async () => {
      const [{ id: from }] = await world.zapier.list('mail_senders');
      assert.equal(from, 'news@shop.example');
      const sent = await send({ from, reference: 'order 1042' });
      assert.deepEqual([sent.to, sent.template, sent.from, sent.reference], [to, 'plain', from, 'order 1042']);
      const replayed = await until('the sending', async () => {
        const replay = await send({ from, reference: 'order 1042' });
        return replay.status === 'sent' && replay;
      });
      assert.equal(replayed.id, sent.id);

      // The later one shows that the replay had its time.
      await send({ variable_body: 'And here.', deduplication_key: 'evt_2' });
      const mails = await until('the later mail', async () => {
        const all = await mailsTo(world.gateway, to);
        return all.some((text) => text.includes('And here.')) && all;
      });
      assert.equal(mails.filter((text) => text.includes('It is on its way.')).length, 1);
    });

    test('Send At waits', async () => {
      const at = new Date(Date.now() + 3_600_000).toISOString();
      const { status, sendAt } = await send({ send_at: at, deduplication_key: 'evt_3' });
      assert.deepEqual([status, Date.parse(sendAt)], ['scheduled', Date.parse(at)]);
    });

    test('what the gateway refuses is shown in its words', async () => {
      const refused = (inputData) => rejection(send({ deduplication_key: 'evt_4', ...inputData }));
      assert.match((await refused({ to: 'hana' })).message, /one address/);
      assert.match((await refused({ template: 'gone' })).message, /There is no such template/);
      assert.match((await refused({ variable_subject: ' ' })).message, /needs subject/);
      assert.equal((await refused({ from: 'boss@bank.example' })).code, 'sender_not_allowed');
    });
  });

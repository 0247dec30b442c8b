import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { until } from '../../../tests/wordpress/lib/process.js';
import { triggers } from '../lib/app.js';
import { confirm } from '../lib/person.js';

/** One Zap from its first day to its last: who confirms a subscription is thanked by SMS, once. */
export default (world) =>
  describe('the life of a Zap', () => {
    const number = '+33612345670';
    let zapier, gateway, zap, item, sent;
    const optIn = (email) => zapier.create('opt_in_contact', { email, list: gateway.list, name: 'Ann' });
    const runs = async (event) =>
      zapier.create('send_sms', { to: number, text: `Welcome ${event.contact.name}!`, deduplication_key: event.id, reference: 'life' });

    test('it is switched on', async () => {
      ({ zapier, gateway } = world);
      zap = await zapier.turnOn(triggers.new_confirmed_contact, { list: gateway.list });
    });

    test('nothing happens before the person confirms', async () => {
      await optIn('ann@example.org');
      assert.deepEqual(await zap.items(), []);
    });

    test('the confirmation is told by one hook', async () => {
      await confirm(gateway, 'ann@example.org');
      [item] = await until('the hook', async () => (await zap.items()).length && zap.items());
      const [{ headers, body }] = zap.received();
      assert.equal(headers['content-type'], 'application/json');
      assert.equal(headers['webhook-id'], item.id);
      assert.equal(body.type, 'subscription.confirmed');
      assert.equal(item.contact.email, 'ann@example.org');
    });

    test('the Zap sends an SMS, and the same one when its run is replayed', async () => {
      sent = await runs(item);
      const replays = await Promise.all([runs(item), runs(item), runs(item)]);
      assert.deepEqual(new Set(replays.map(({ id }) => id)), new Set([sent.id]));
      const found = await zapier.search('find_sms', { search_by: 'number', value: number });
      assert.deepEqual(
        found.map(({ id, text }) => [id, text]),
        [[sent.id, 'Welcome Ann!']],
      );
    });

    test('switched off, it hears of nothing', async () => {
      // Another Zap that stays on shows when the next confirmations have been told.
      const other = await zapier.turnOn(triggers.new_confirmed_contact);
      await zap.turnOff();
      await zap.turnOff();
      for (const [index, email] of ['bob@example.org', 'bea@example.org'].entries()) {
        await optIn(email);
        await confirm(gateway, email);
        await until('the hook of the other Zap', async () => other.received().length > index);
      }
      assert.equal(zap.received().length, 1);
      await other.turnOff();
    });
  });

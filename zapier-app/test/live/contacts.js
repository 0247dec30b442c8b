import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { happens } from '../lib/happens.js';
import { confirm } from '../lib/person.js';
import { rejection } from '../lib/rejection.js';

export default (world) =>
  describe('contacts', () => {
    const proof = { consent_text: 'Yes, write to me.', consent_source: 'Fair in Lyon', consent_at: '2026-05-04T10:00:00+02:00' };
    const add = (inputData) => world.zapier.create('add_contact', { list: world.gateway.list, ...proof, ...inputData });
    const find = (email) => world.zapier.search('find_contact', { email });
    const newsletter = () => ({ id: world.gateway.list, name: 'Newsletter' });

    test('New Confirmed Contact tells who confirmed, and for which list', async () => {
      const email = 'carol@example.org';
      const item = await happens(world, 'new_confirmed_contact', { list: world.gateway.list }, async () => {
        const asked = await world.zapier.create('opt_in_contact', {
          email,
          list: world.gateway.list,
          name: 'Carol',
          language: 'fr',
          properties: { city: 'Lyon' },
          consent_text: 'Yes, write to me.',
        });
        assert.deepEqual(asked.subscriptions, [{ list: newsletter(), status: 'pending', confirmedAt: null }]);
        await confirm(world.gateway, email);
      });
      const { contact, list, confirmedAt } = item;
      assert.deepEqual([contact.email, contact.name, contact.language, contact.properties], [email, 'Carol', 'fr', { city: 'Lyon' }]);
      assert.deepEqual(list, newsletter());
      assert.ok(Math.abs(Date.now() - Date.parse(confirmedAt)) < 60_000, confirmedAt);
    });

    test('Add or Update Contact subscribes at once, and Contact Unsubscribed tells who left', async () => {
      const email = 'dave@example.org';
      const added = await add({ email, name: 'Dave', properties: { city: 'Nice', floor: 3 } });
      assert.deepEqual([added.name, added.properties, added.subscriptions[0].status], ['Dave', { city: 'Nice', floor: '3' }, 'confirmed']);
      assert.equal((await add({ email, name: 'David' })).name, 'David');

      const item = await happens(world, 'contact_unsubscribed', {}, async () => {
        const left = await world.zapier.create('unsubscribe_contact', { email, list: world.gateway.list });
        assert.deepEqual([left.subscriptions[0].status, left.suppressed], ['unsubscribed', null]);
      });
      assert.deepEqual([item.contact.email, item.list, item.by], [email, newsletter(), 'api']);
    });

    test('New Confirmed Contact tells of somebody who was added with a proof, too', async () => {
      const email = 'jo@example.org';
      const item = await happens(world, 'new_confirmed_contact', {}, () => add({ email }));
      assert.equal(item.contact.email, email);
    });

    test('who left is not added again: the Zap halts in the gateway’s words', async () => {
      const email = 'erin@example.org';
      await add({ email });
      const { suppressed } = await world.zapier.create('unsubscribe_contact', { email });
      assert.equal(suppressed, 'unsubscribed');
      const { name, message } = await rejection(add({ email }));
      assert.equal(name, 'HaltedError');
      assert.match(message, /fresh confirmation/);
    });

    test('Find Contact finds one or none', async () => {
      await add({ email: 'frank@example.org' });
      const [found, ...others] = await find('Frank@example.org ');
      assert.deepEqual([found.email, others], ['frank@example.org', []]);
      assert.deepEqual(await find('nobody@example.org'), []);
    });

    test('what the gateway refuses is shown in its words', async () => {
      const refused = async (promise) => (await rejection(promise)).message;
      assert.match(await refused(add({ email: 'no address' })), /one address/);
      assert.match(await refused(add({ email: 'gina@example.org', list: 'lst_1' })), /There is no such list at this site/);
      assert.match(await refused(add({ email: 'gina@example.org', consent_at: '2999-01-01T00:00:00Z' })), /future/);
      assert.deepEqual(await find('gina@example.org'), []);
    });

    test('the drop-down shows the lists', async () => {
      assert.deepEqual(await world.zapier.list('lists'), [newsletter()]);
    });
  });

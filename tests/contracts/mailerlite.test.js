import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import mailerLiteClient from '@mailerlite/mailerlite-nodejs';
import { groupId, startMailerLite, token } from './mailerlite.js';

const MailerLite = mailerLiteClient.default ?? mailerLiteClient;

describe('MailerLite stand-in, seen by @mailerlite/mailerlite-nodejs', () => {
  let standIn, client;
  const email = 'ann@example.org';
  const connect = (key = token) => new MailerLite({ api_key: key, base_path: standIn.url });

  beforeEach(async () => {
    standIn = await startMailerLite();
    client = connect();
  });
  afterEach(() => standIn.close());

  it('lets a good token in and no other', async () => {
    const { data } = await client.groups.get({});
    assert.deepEqual(data.data, [{ id: groupId, name: 'Newsletter', active_count: 0 }]);
    await assert.rejects(connect('wrong').groups.get({}), (error) => error.response.status === 401);
  });

  it('adds a subscriber to a group, changes it, and leaves what is not named', async () => {
    const first = await client.subscribers.createOrUpdate({ email, fields: { name: 'Ann', nosuch: 'x' }, groups: [groupId] });
    const second = await client.subscribers.createOrUpdate({ email, fields: { last_name: 'Lee' }, opted_in_at: '2026-11-30 10:00:00' });
    assert.deepEqual([first.status, second.status], [201, 200]);
    const { data } = (await client.subscribers.find(email)).data;
    assert.deepEqual([data.fields, data.groups, data.opted_in_at],
      [{ name: 'Ann', last_name: 'Lee' }, [{ id: groupId }], '2026-11-30 10:00:00']);
  });

  it('makes who unsubscribed active again only where that is said', async () => {
    await client.subscribers.createOrUpdate({ email, status: 'unsubscribed' });
    const still = await client.subscribers.createOrUpdate({ email, status: 'active' });
    const again = await client.subscribers.createOrUpdate({ email, status: 'active', resubscribe: true });
    assert.deepEqual([still.data.data.status, again.data.data.status], ['unsubscribed', 'active']);
  });

  it('takes out of a group, refuses a bad address, and makes fields', async () => {
    const { data } = (await client.subscribers.createOrUpdate({ email, groups: [groupId] })).data;
    assert.equal((await client.groups.unAssignSubscriber(data.id, groupId)).status, 204);
    await assert.rejects(client.groups.unAssignSubscriber(data.id, groupId), (error) => error.response.status === 404);
    await assert.rejects(client.subscribers.createOrUpdate({ email: 'nobody' }), (error) => error.response.status === 422);
    assert.equal((await client.fields.create({ name: 'Post code', type: 'text' })).data.data.key, 'post_code');
  });
});

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, it } from 'node:test';
import client from '@mailchimp/mailchimp_marketing';
import { apiKey, listId, startMailchimp } from './mailchimp.js';

describe('Mailchimp stand-in, seen by @mailchimp/mailchimp_marketing', () => {
  let mailchimp;
  const email = 'ann@example.org';
  const hash = createHash('md5').update(email).digest('hex');
  const refused = (call) => call.then(() => assert.fail('It was taken.'), (error) => error.response.body);

  beforeEach(async () => {
    mailchimp = await startMailchimp();
    client.setConfig({ apiKey, server: 'us1' });
    client.basePath = `${mailchimp.url}/3.0`;
  });
  afterEach(() => mailchimp.close());

  it('lets a good key in and no other', async () => {
    assert.match((await client.ping.get()).health_status, /Chimpy/);
    client.setConfig({ apiKey: 'wrong-us1', server: 'us1' });
    assert.equal((await refused(client.ping.get())).title, 'API Key Invalid');
  });

  it('adds a member, changes it, and leaves what is not named', async () => {
    const member = { email_address: email, status_if_new: 'subscribed', merge_fields: { FNAME: 'Ann', NOSUCH: 'x' } };
    assert.equal((await client.lists.setListMember(listId, hash, member)).status, 'subscribed');
    await client.lists.setListMember(listId, hash, { email_address: email, status_if_new: 'pending', merge_fields: { LNAME: 'Lee' } });
    const found = await client.lists.getListMember(listId, hash);
    assert.deepEqual([found.status, found.merge_fields], ['subscribed', { FNAME: 'Ann', LNAME: 'Lee' }]);
    const [{ stats }] = (await client.lists.getAllLists()).lists;
    assert.equal(stats.member_count, 1);
  });

  it('takes who left back only as pending', async () => {
    await client.lists.setListMember(listId, hash, { email_address: email, status_if_new: 'subscribed' });
    await client.lists.updateListMember(listId, hash, { status: 'unsubscribed' });
    const again = { email_address: email, status_if_new: 'subscribed', status: 'subscribed' };
    assert.equal((await refused(client.lists.setListMember(listId, hash, again))).title, 'Member In Compliance State');
    assert.equal((await client.lists.setListMember(listId, hash, { ...again, status: 'pending' })).status, 'pending');
  });

  it('takes many at once, each for itself', async () => {
    const members = [{ email_address: email, status: 'subscribed' }, { email_address: 'nobody', status: 'subscribed' }];
    const answer = await client.lists.batchListMembers(listId, { members, update_existing: true });
    assert.deepEqual([answer.new_members.length, answer.errors.map((one) => one.email_address)], [1, ['nobody']]);
  });

  it('forgets a member, and makes fields', async () => {
    await client.lists.setListMember(listId, hash, { email_address: email, status_if_new: 'subscribed' });
    await client.lists.deleteListMember(listId, hash);
    assert.equal((await refused(client.lists.getListMember(listId, hash))).status, 404);
    assert.equal((await client.lists.addListMergeField(listId, { name: 'City', type: 'text', tag: 'CITY' })).tag, 'CITY');
    assert.deepEqual((await client.lists.getListMergeFields(listId)).merge_fields.map(({ tag }) => tag), ['CITY']);
  });
});

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import Mailjet from 'node-mailjet';
import { startMailjet } from './mailjet.js';

// The client has a setting for the host but not for the scheme.
Mailjet.Request.protocol = 'http://';

describe('Mailjet stand-in, seen by node-mailjet', () => {
  let mailjet, client, list;

  const connect = (apiSecret = 'secret') => new Mailjet({
    apiKey: 'key', apiSecret, config: { host: mailjet.url.replace('http://', '') }, options: { timeout: 5000 },
  });
  const get = async (resource, query) => (await client.get(resource).request({}, query)).body;
  const post = async (resource, body) => (await client.post(resource).request(body)).body.Data[0];
  const manage = async (Action, Email = 'ann@example.org', more = {}) =>
    (await client.post('contactslist').id(list.ID).action('managecontact').request({ Email, Action, ...more })).body.Data[0];
  const subscription = async (ContactEmail = 'ann@example.org') =>
    (await get('listrecipient', { ContactEmail, ContactsList: list.ID })).Data[0];
  const jobOf = async (request) => (await request).body.Data[0].JobID;

  async function finished(look) {
    const seen = [];
    for (let tries = 0; tries < 10; tries += 1) {
      const [job] = (await look().request()).body.Data;
      seen.push(job.Status);
      if (job.JobEnd) return { ...job, seen };
    }
    return assert.fail(`never finished: ${seen}`);
  }

  beforeEach(async () => {
    mailjet = await startMailjet();
    client = connect();
    list = await post('contactslist', { Name: 'News' });
  });
  afterEach(() => mailjet.close());

  it('creates and pages lists', async () => {
    for (let number = 1; number <= 11; number += 1) await post('contactslist', { Name: `List ${number}` });
    assert.equal((await get('contactslist')).Count, 10);
    assert.equal((await get('contactslist', { Limit: 1000 })).Count, 12);
    assert.equal((await get('contactslist', { Limit: 1000, Offset: 11 })).Data[0].Name, 'List 11');
    await assert.rejects(post('contactslist', { Name: 'News' }), { statusCode: 400, ErrorMessage: /MJ18 .*already exists/ });
  });

  it('upserts a contact by address, whatever its case', async () => {
    const first = await manage('addnoforce', 'Ann@Example.org', { Name: 'Ann' });
    const second = await manage('addnoforce', 'ann@example.org', { Name: "Ann O'Brien" });
    assert.equal(second.ContactID, first.ContactID);
    assert.deepEqual(mailjet.state.contacts.map(({ Email, Name }) => ({ Email, Name })),
      [{ Email: 'ann@example.org', Name: "Ann O'Brien" }]);
    assert.equal((await get('contactslist')).Data[0].SubscriberCount, 1);
  });

  it('keeps an unsubscribe on addnoforce and clears it on addforce', async () => {
    await manage('addnoforce');
    assert.equal((await subscription()).IsUnsubscribed, false);
    await manage('unsub');
    await manage('addnoforce');
    assert.equal((await subscription()).IsUnsubscribed, true);
    await manage('addforce');
    assert.equal((await subscription()).IsUnsubscribed, false);
    await manage('remove');
    assert.equal(await subscription(), undefined);
  });

  it('refuses a bad address, a bad action and an unknown list', async () => {
    const refused = await manage('subscribe', 'nobody').catch((error) => error);
    assert.equal(refused.statusCode, 400);
    assert.deepEqual(Object.keys(refused.response.data.ErrorInfo), ['Email', 'Action']);
    list = { ID: 999 };
    await assert.rejects(manage('addforce'), { statusCode: 404, ErrorMessage: 'Object not found' });
  });

  it('wants a property created before it is used, and only once', async () => {
    const Properties = { city: 'Lyon' };
    await assert.rejects(manage('addforce', 'ann@example.org', { Properties }), { statusCode: 400, ErrorMessage: /city/ });
    assert.equal(mailjet.state.contacts.length, 0);
    await post('contactmetadata', { Datatype: 'str', Name: 'city', NameSpace: 'static' });
    assert.equal((await manage('addforce', 'ann@example.org', { Properties })).Properties.city, 'Lyon');
    await assert.rejects(post('contactmetadata', { Datatype: 'str', Name: 'city', NameSpace: 'static' }), { statusCode: 400 });
    assert.deepEqual((await get('contactmetadata')).Data.map(({ Name, Datatype }) => [Name, Datatype]), [['city', 'str']]);
  });

  it('manages many contacts in a job that reports its progress', async () => {
    await manage('unsub', 'bob@example.org');
    const job = await jobOf(client.post('contact').action('managemanycontacts').request({
      ContactsLists: [{ ListID: list.ID, Action: 'addnoforce' }],
      Contacts: [{ Email: 'ann@example.org', Name: 'Ann' }, { Email: 'bob@example.org' }],
    }));
    assert.equal(await subscription(), undefined);
    const { seen, Count } = await finished(() => client.get('contact').action('managemanycontacts').id(job));
    assert.deepEqual({ seen, Count }, { seen: ['Pending', 'In Progress', 'Completed'], Count: 2 });
    assert.equal((await subscription()).IsUnsubscribed, false);
    assert.equal((await subscription('bob@example.org')).IsUnsubscribed, true);
  });

  it('manages many contacts of one list and reports what was wrong', async () => {
    const job = await jobOf(client.post('contactslist').id(list.ID).action('managemanycontacts').request({
      Action: 'addforce', Contacts: [{ Email: 'ann@example.org' }, { Email: 'bob@example.org', Properties: { shoe: 44 } }],
    }));
    const result = await finished(() => client.get('contactslist').id(list.ID).action('managemanycontacts').id(job));
    assert.deepEqual([result.Status, result.Error, result.Count], ['Error', 'property not defined', 1]);
    assert.equal(await subscription('bob@example.org'), undefined);
  });

  it('creates and finds single contacts', async () => {
    const { ID } = await post('contact', { Email: 'ann@example.org', Name: 'Ann' });
    assert.equal((await client.get('contact').id('ann@example.org').request()).body.Data[0].ID, ID);
    assert.equal((await get('contact')).Count, 1);
    await assert.rejects(post('contact', { Email: 'ann@example.org' }), { ErrorMessage: /for Email already exists/ });
    await assert.rejects(post('contact', { Email: 'bob@example.org', firstname: 'Bob' }), { ErrorMessage: /no property "firstname"/ });
    await assert.rejects(client.get('contact').id('bob@example.org').request(), { statusCode: 404 });
  });

  it('refuses a wrong secret everywhere', async () => {
    client = connect('wrong');
    await assert.rejects(get('contactslist'), { statusCode: 401, ErrorMessage: /authorization failure/ });
    await assert.rejects(client.post('send', { version: 'v3.1' }).request({ Messages: [] }), { statusCode: 401, ErrorCode: 'mj-0015' });
  });

  it('logs every call in order, so that a test can count them', async () => {
    await manage('addnoforce');
    await manage('addforce');
    await manage('addforce', 'bob@example.org');
    const forced = mailjet.requests.filter(({ body }) => body?.Action === 'addforce' && body.Email === 'ann@example.org');
    assert.equal(forced.length, 1);
    assert.deepEqual(mailjet.requests.map(({ method, status }) => `${method} ${status}`), Array(4).fill('POST 201'));
  });
});

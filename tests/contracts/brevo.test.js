import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Brevo, BrevoClient } from '@getbrevo/brevo';
import { startBrevo } from './brevo.js';

describe('Brevo stand-in, seen by @getbrevo/brevo', () => {
  let brevo, contacts;
  const email = 'ann@example.org';
  const connect = (apiKey = 'key') => new BrevoClient({ apiKey, baseUrl: `${brevo.url}/v3`, maxRetries: 0 });
  const listIds = async (identifier = email) => (await contacts.getContactInfo({ identifier })).listIds;

  async function start(options) {
    brevo = await startBrevo(options);
    ({ contacts } = connect());
  }
  beforeEach(() => start({ limit: 1000 }));
  afterEach(() => brevo.close());

  it('creates a contact, updates it when told to, and refuses a duplicate otherwise', async () => {
    const first = await contacts.createContact({ email: 'Ann@Example.org', attributes: { FIRSTNAME: 'Ann' },
      listIds: [1] }).withRawResponse();
    assert.deepEqual([first.rawResponse.status, first.data.id], [201, 1]);
    const duplicate = await contacts.createContact({ email }).catch((error) => error);
    assert.ok(duplicate instanceof Brevo.BadRequestError);
    assert.deepEqual([duplicate.body.code, duplicate.body.metadata.duplicate_identifiers], ['duplicate_parameter', ['email']]);
    const second = await contacts.createContact({ email, attributes: { FIRSTNAME: "O'Brien" }, updateEnabled: true }).withRawResponse();
    assert.equal(second.rawResponse.status, 204);
    const found = await contacts.getContactInfo({ identifier: email });
    assert.deepEqual([found.email, found.attributes.FIRSTNAME, found.listIds], [email, "O'Brien", [1]]);
  });

  it('refuses a bad address and an unknown list', async () => {
    await assert.rejects(contacts.createContact({ email: 'nobody' }), { statusCode: 400 });
    await assert.rejects(contacts.createContact({ email, listIds: [9] }), { statusCode: 400 });
    assert.deepEqual(brevo.state.contacts, []);
  });

  it('updates by address, and says which contact does not exist', async () => {
    await contacts.createContact({ email, listIds: [1] });
    await contacts.updateContact({ identifier: email, attributes: { LASTNAME: 'Lee' }, unlinkListIds: [1], emailBlacklisted: true });
    const found = await contacts.getContactInfo({ identifier: email });
    assert.deepEqual([found.attributes, found.listIds, found.emailBlacklisted], [{ LASTNAME: 'Lee' }, [], true]);
    for (const call of [contacts.getContactInfo, contacts.updateContact]) {
      await assert.rejects(call.call(contacts, { identifier: 'bob@example.org' }), (error) =>
        error.statusCode === 404 && error.body.code === 'document_not_found');
    }
  });

  it('keeps a blacklisting when a contact is added again', async () => {
    await contacts.createContact({ email, emailBlacklisted: true });
    await contacts.createContact({ email, listIds: [1], updateEnabled: true });
    assert.equal((await contacts.getContactInfo({ identifier: email })).emailBlacklisted, true);
    assert.deepEqual((await contacts.getLists()).lists.map(({ name, totalSubscribers, totalBlacklisted }) =>
      [name, totalSubscribers, totalBlacklisted]), [['Newsletter', 0, 1]]);
  });

  it('adds to a list and removes from it', async () => {
    await contacts.createContact({ email });
    const added = await contacts.addContactToList({ listId: 1, body: { emails: [email, 'bob@example.org'] } });
    assert.deepEqual(added.contacts, { success: [email], failure: ['bob@example.org'] });
    assert.deepEqual(await listIds(), [1]);
    const again = await contacts.addContactToList({ listId: 1, body: { emails: [email] } }).catch((error) => error);
    assert.deepEqual([again.statusCode, again.body.message], [400, 'Contact already in list and/or does not exist']);
    await contacts.removeContactFromList({ listId: 1, body: { emails: [email] } });
    assert.deepEqual(await listIds(), []);
    await assert.rejects(contacts.removeContactFromList({ listId: 9, body: { emails: [email] } }), { statusCode: 404 });
  });

  it('drops an attribute the account does not have, until it is created', async () => {
    const city = { email, attributes: { CITY: 'Lyon' }, updateEnabled: true };
    const attribute = { attributeCategory: 'normal', attributeName: 'CITY', type: 'text' };
    await contacts.createContact(city);
    assert.deepEqual((await contacts.getContactInfo({ identifier: email })).attributes, {});
    await contacts.createAttribute(attribute);
    await contacts.createContact(city);
    assert.deepEqual((await contacts.getContactInfo({ identifier: email })).attributes, { CITY: 'Lyon' });
    await assert.rejects(contacts.createAttribute(attribute), { statusCode: 400 });
    assert.ok((await contacts.getAttributes()).attributes.some(({ name, type }) => name === 'CITY' && type === 'text'));
  });

  it('imports in a process that ends later', async () => {
    const jsonBody = [{ email, attributes: { FIRSTNAME: 'Ann' } }, { email: 'bob@example.org' }];
    const imported = await contacts.importContacts({ jsonBody, listIds: [1] }).withRawResponse();
    assert.equal(imported.rawResponse.status, 202);
    const { process } = connect();
    const seen = [];
    for (let tries = 0; tries < 3; tries += 1) seen.push((await process.getProcess({ processId: imported.data.processId })).status);
    assert.deepEqual(seen, ['queued', 'in_process', 'completed']);
    assert.deepEqual([await listIds(), await listIds('bob@example.org')], [[1], [1]]);
  });

  it('refuses a wrong key', async () => {
    await assert.rejects(connect('wrong').contacts.getLists(), (error) => error.statusCode === 401 && error.body.code === 'unauthorized');
  });

  it('lets so many calls through in a second and says how many are left', async () => {
    await brevo.close();
    await start({ limit: 2 });
    const calls = [];
    // Five calls fall into at most two seconds unless the machine stands still, so one is too many.
    for (let call = 0; call < 5; call += 1) calls.push(fetch(`${brevo.url}/v3/contacts/lists`, { headers: { 'api-key': 'key' } }));
    const answers = await Promise.all(calls);
    const refused = answers.find(({ status }) => status === 429);
    assert.ok(refused);
    assert.deepEqual(['limit', 'remaining', 'reset'].map((name) => refused.headers.get(`x-sib-ratelimit-${name}`)), ['2', '0', '1']);
    assert.equal(refused.headers.get('retry-after'), null);
    assert.ok(answers.some(({ headers }) => headers.get('x-sib-ratelimit-remaining') === '1'));
  });

  it('has the same faults as every stand-in', async () => {
    brevo.fail({ with: 429, path: '/contacts' });
    const refused = await contacts.createContact({ email }).catch((error) => error);
    assert.deepEqual([refused.statusCode, refused.rawResponse.headers.get('x-sib-ratelimit-remaining')], [429, '0']);
    brevo.fail({ with: 'close', after: true });
    // The client leaves its timer running after a lost connection, which would hold the process for a minute.
    await assert.rejects(contacts.createContact({ email }, { timeoutInSeconds: 1 }));
    assert.deepEqual(brevo.state.contacts.map((contact) => contact.email), [email]);
  });
});

// What items make of the gateway's answers and of a Zap's fields, where no healthy gateway could show it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { App, creates, run, searches, triggers } from './lib/app.js';
import { startFake } from './lib/fake.js';
import { leavesOf } from './lib/leaves.js';

const hooks = Object.values(App.triggers).filter(({ operation }) => operation.type === 'hook');

describe('An item of a trigger', () => {
  // As little as the gateway could ever tell.
  const bare = { id: 'evt_1', type: 'x', occurredAt: '2026-11-23T10:00:00Z', data: { content: {} } };

  for (const { key, operation } of hooks) {
    test(`of ${key} has the keys of the sample, even of an event that tells little`, async () => {
      const [item] = await run(operation.perform, { cleanedRequest: bare });
      assert.deepEqual(leavesOf(item, operation), leavesOf(operation.sample, operation));
      assert.equal(item.id, 'evt_1');
    });
  }

  test('of a form has one text for each field', async () => {
    const content = {
      form: { id: '4', title: 'Contact' },
      fields: { 'your-name': 'Ann', topics: ['news', 'offers'], empty: [] },
      subscribe: [{ consent: { given: false } }, { consent: { given: true } }],
    };
    const [item] = await run(triggers.new_form_submission.operation.perform, { cleanedRequest: { ...bare, data: { content } } });
    assert.deepEqual(item.fields, { 'your-name': 'Ann', topics: 'news, offers', empty: '' });
    assert.equal(item.summary, 'your-name: Ann\ntopics: news, offers\nempty: ');
    assert.equal(item.wantsToSubscribe, true);
  });

  test('is left out when the Zap is about another list or form', async () => {
    const about = (key, data, inputData) => run(triggers[key].operation.perform, { cleanedRequest: { ...bare, data }, inputData });
    const onList = { list: { id: 'lst_1', name: 'News' } };
    for (const key of ['new_confirmed_contact', 'contact_unsubscribed']) {
      assert.equal((await about(key, onList, { list: 'lst_1' })).length, 1);
      assert.equal((await about(key, onList, { list: 'lst_2' })).length, 0);
      assert.equal((await about(key, onList, {})).length, 1);
    }
    const ofForm = { content: { form: { id: '4' } } };
    assert.equal((await about('new_form_submission', ofForm, { form: '4' })).length, 1);
    assert.equal((await about('new_form_submission', ofForm, { form: '5' })).length, 0);
  });
});

describe('SMS Status Changed', () => {
  const { performSubscribe } = triggers.sms_status_changed.operation;
  const subscribe = async (t, inputData) => {
    const fake = await startFake(t, { 'POST /v1/hooks': { status: 201, body: { id: 'hk_1' } } });
    await run(performSubscribe, { authData: fake.authData, targetUrl: 'https://hooks.zapier.com/1', inputData });
    return fake.body();
  };

  test('asks for the statuses that were chosen, or for all', async (t) => {
    assert.deepEqual(await subscribe(t, { statuses: ['failed', 'unknown'] }), {
      event: 'sms.failed,sms.unknown',
      url: 'https://hooks.zapier.com/1',
    });
    assert.equal((await subscribe(t, { statuses: 'failed' })).event, 'sms.failed');
    for (const inputData of [{}, { statuses: [] }]) {
      assert.equal((await subscribe(t, inputData)).event, 'sms.sent,sms.delivered,sms.failed,sms.unknown');
    }
  });
});

describe('Drop-downs', () => {
  test('read all pages', async (t) => {
    const fake = await startFake(t, {});
    const pages = {
      undefined: { items: [{ id: 'lst_1', name: 'A' }], next: 'lst_1' },
      lst_1: { items: [{ id: 'lst_2', name: 'B' }], next: null },
    };
    fake.answers['GET /v1/lists'] = ({ query }) => ({ body: pages[query.after] });
    const lists = await run(triggers.lists.operation.perform, { authData: fake.authData });
    assert.deepEqual(
      lists.map(({ id }) => id),
      ['lst_1', 'lst_2'],
    );
  });

  test('offer published templates of emails only', async (t) => {
    const fake = await startFake(t, {});
    fake.answers['GET /v1/templates'] = ({ query }) => ({
      body: {
        items: query.kind === 'email' && query.published === 'true' ? [{ id: 'plain', name: 'Plain', channel: 'mail' }] : [],
        next: null,
      },
    });
    assert.deepEqual(await run(triggers.templates.operation.perform, { authData: fake.authData }), [{ id: 'plain', name: 'Plain' }]);
  });

  test('offer each form once, by the title of its latest submission', async (t) => {
    const of = (id, title) => ({ data: { content: { form: { id, title } } } });
    const items = [of('4', 'Contact'), of('7'), of('4', 'Contact')];
    const fake = await startFake(t, { 'GET /v1/events': { body: { items, next: null } } });
    assert.deepEqual(await run(triggers.forms.operation.perform, { authData: fake.authData }), [
      { id: '4', title: 'Contact' },
      { id: '7', title: '7' },
    ]);
  });
});

describe('Send Email', () => {
  const { inputFields, perform } = creates.send_email.operation;
  const templates = {
    items: [
      {
        id: 'plain',
        name: 'Plain',
        channel: 'mail',
        variables: [
          { name: 'subject', label: 'Subject', required: true },
          { name: 'body', multiline: true },
        ],
      },
    ],
    next: null,
  };

  test('has a field for each variable of the template that was chosen', async (t) => {
    const fake = await startFake(t, { 'GET /v1/templates': { body: templates } });
    const variableFields = inputFields.find((field) => typeof field === 'function');
    const fieldsOf = (template) => run(variableFields, { authData: fake.authData, inputData: { template } });
    assert.deepEqual(await fieldsOf('plain'), [
      { key: 'variable_subject', label: 'Subject', required: true, type: 'string' },
      { key: 'variable_body', label: 'body', required: false, type: 'text' },
    ]);
    assert.deepEqual(await fieldsOf('gone'), []);
    assert.deepEqual(await fieldsOf(undefined), []);
  });

  test('sends the variables apart, and the same key in whatever order they come', async (t) => {
    const fake = await startFake(t, { 'POST /v1/messages': { status: 202, body: { id: 'msg_1', status: 'queued' } } });
    const send = (variables) =>
      run(perform, {
        authData: fake.authData,
        inputData: { to: 'ann@example.org', template: 'plain', deduplication_key: 'evt_1', ...variables },
      });
    const sent = await send({ variable_subject: 'Hello', variable_body: 'There' });
    await send({ variable_body: 'There', variable_subject: 'Hello' });
    await send({ variable_body: 'Here', variable_subject: 'Hello' });

    assert.equal(sent.id, 'msg_1');
    assert.deepEqual(JSON.parse(fake.requests[0].text), {
      to: 'ann@example.org',
      template: 'plain',
      variables: { subject: 'Hello', body: 'There' },
    });
    const [first, second, third] = fake.requests.map(({ headers }) => headers['idempotency-key']);
    assert.equal(second, first);
    assert.notEqual(third, first);
  });
});

describe('Send SMS', () => {
  test('sends what was filled in, with the key in the header', async (t) => {
    const fake = await startFake(t, { 'POST /v1/sms': { status: 202, body: { id: 'sms_1', status: 'queued', price: null, error: null } } });
    const inputData = {
      to: '+33612345678',
      text: 'Bonjour',
      send_at: '2026-12-24T08:00:00+01:00',
      smart_encoding: false,
      deduplication_key: 'evt_1',
    };
    const sent = await run(creates.send_sms.operation.perform, { authData: fake.authData, inputData });
    assert.deepEqual(fake.body(), { to: '+33612345678', text: 'Bonjour', sendAt: '2026-12-24T08:00:00+01:00', smartEncoding: false });
    assert.match(fake.requests[0].headers['idempotency-key'], /^evt_1:[0-9a-f]{16}$/);
    const { operation } = creates.send_sms;
    assert.deepEqual(leavesOf(sent, operation), leavesOf(operation.sample, operation));
  });
});

test('numbers that a Zap maps arrive as text, and what is empty does not arrive', async (t) => {
  const fake = await startFake(t, {
    'POST /v1/sms': { status: 202, body: { id: 'sms_1' } },
    'POST /v1/messages': { status: 202, body: { id: 'msg_1' } },
    'POST /v1/contacts': { status: 202, body: { id: 'con_1' } },
  });
  const create = async (key, inputData) => {
    await run(creates[key].operation.perform, { authData: fake.authData, inputData });
    return fake.body();
  };
  assert.deepEqual(await create('send_sms', { to: 33612345678, text: 1042, reference: '', deduplication_key: 7 }), {
    to: '33612345678',
    text: '1042',
  });
  const email = { to: 'ann@example.org', template: 'plain', variable_subject: 1042, variable_note: '', deduplication_key: 7 };
  assert.deepEqual((await create('send_email', email)).variables, { subject: '1042' });
  const contact = { email: 'ann@example.org', list: 'lst_1', name: '', properties: { floor: 3, vip: true, city: '' } };
  assert.deepEqual(await create('opt_in_contact', contact), {
    email: 'ann@example.org',
    list: 'lst_1',
    properties: { floor: '3', vip: 'true' },
    optIn: 'double',
  });
});

describe('Searches', () => {
  test('find nothing as an empty list', async (t) => {
    const fake = await startFake(t, {
      'POST /v1/sms/search': { body: { items: [], next: null } },
      'POST /v1/contacts/search': { body: { items: [], next: null } },
    });
    const find = (key, inputData) => run(searches[key].operation.perform, { authData: fake.authData, inputData });
    for (const search_by of ['id', 'number', 'reference']) assert.deepEqual(await find('find_sms', { search_by, value: 'x/../y' }), []);
    assert.deepEqual(await find('find_contact', { email: 'nobody@example.org' }), []);
    assert.equal(fake.requests[0].name, 'GET /v1/sms/x%2F..%2Fy');
    await assert.rejects(find('find_sms', { search_by: 'colour', value: 'x' }), /Search By is one of/);
  });
});

test('to unsubscribe somebody who is not there halts the Zap', async (t) => {
  const fake = await startFake(t, { 'POST /v1/contacts/search': { body: { items: [], next: null } } });
  const unsubscribe = run(creates.unsubscribe_contact.operation.perform, {
    authData: fake.authData,
    inputData: { email: 'nobody@example.org' },
  });
  await assert.rejects(unsubscribe, { name: 'HaltedError' });
});

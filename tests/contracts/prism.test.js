import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, beforeEach, describe, it } from 'node:test';
import connect from 'twilio';
import { startPrism, twilioSpec } from './prism.js';
import { startStandIn } from './stand-in.js';
import { accountSid, startTwilio } from './twilio.js';

const from = '+15005550006';
const to = '+33612345678';
const path = `/2010-04-01/Accounts/${accountSid}/Messages.json`;
const authorization = `Basic ${btoa(`${accountSid}:token`)}`;

describe('Twilio’s own OpenAPI file', () => {
  let twilio, prism, client;
  const send = (more) => client.messages.create({ to, from, body: 'Hello', ...more });
  const found = () => prism.state.violations.map(({ location, message }) => `${location.join('.')}: ${message}`);

  before(async () => {
    twilio = await startTwilio({ walk: [] });
    prism = await startPrism({ upstream: twilio.url });
    client = connect(accountSid, 'token');
    client.api.baseUrl = prism.url;
  });
  beforeEach(() => Object.assign(prism.state, { calls: 0, violations: [] }));
  after(async () => {
    await prism.close();
    await twilio.close();
  });

  describe('finds nothing wrong with the stand-in:', () => {
    it('sending, and every status on the way', async () => {
      const { sid } = await send({ statusCallback: 'http://127.0.0.1:9/callback?id=sms_1', validityPeriod: 600, smartEncoded: true });
      for (const status of ['queued', 'sending', 'sent', 'delivered', 'read']) {
        await twilio.report({ sid, status });
        assert.equal((await client.messages(sid).fetch()).status, status);
      }
      assert.deepEqual([prism.state.calls, found()], [6, []]);
    });

    it('a messaging service, and a failure', async () => {
      const { sid } = await send({ from: undefined, messagingServiceSid: `MG${'ab'.repeat(16)}` });
      await client.messages(sid).fetch();
      await twilio.report({ sid, status: 'undelivered', errorCode: 30003 });
      assert.equal((await client.messages(sid).fetch()).errorCode, 30003);
      assert.deepEqual([prism.state.calls, found()], [3, []]);
    });

    it('the list, its filters and pages, and an inbound message in it', async () => {
      await twilio.receive({ url: 'http://127.0.0.1:9/inbound', from: to, to: from, body: 'Bonjour' });
      for (const body of ['one', 'two', 'three']) await twilio.report({ sid: (await send({ body })).sid, status: 'sent' });
      const now = new Date();
      const filters = [{ to }, { from }, { dateSent: now }, { dateSentAfter: new Date(+now - 60_000) },
        { dateSentBefore: new Date(+now + 60_000) }];
      for (const filter of filters) assert.notEqual((await client.messages.list({ ...filter, pageSize: 2 })).length, 0);
      assert.ok(prism.state.calls > 3 + filters.length);
      assert.deepEqual(found(), []);
    });

    it('refusals of well-formed requests', async () => {
      const refused = [{ from: '+15005550001' }, { from: '+15005550007' }, { from: '+15005550008' }, { to: '+15005550001' },
        { to: '+15005550002' }, { to: '+15005550003' }, { to: '+15005550004' }, { to: '+15005550009' }, { body: 'x'.repeat(1601) }];
      for (const request of refused) await assert.rejects(send(request), { status: 400 });
      await assert.rejects(client.messages(`SM${'0'.repeat(32)}`).fetch(), { status: 404 });
      const wrong = await fetch(prism.url + path, { headers: { authorization: `Basic ${btoa(`${accountSid}:wrong`)}` } });
      assert.equal(wrong.status, 401);
      twilio.fail({ with: 429, retryAfter: 1 });
      await assert.rejects(send(), { status: 429 });
      assert.deepEqual([prism.state.calls, found()], [refused.length + 3, []]);
    });
  });

  describe('finds', () => {
    const request = { To: to, From: from, Body: 'Hello' };
    const post = (body, headers) => fetch(prism.url + path, { method: 'POST', body, headers: { authorization, ...headers } });
    const form = (more) => new URLSearchParams({ ...request, ...more });
    const bad = {
      'a missing recipient': [() => post(new URLSearchParams({ From: from, Body: 'Hello' })),
        "request.body: Request body must have required property 'To'"],
      'a word for a number': [() => post(form({ ValidityPeriod: 'soon' })),
        'request.body.ValidityPeriod: Request body property ValidityPeriod must be integer'],
      'a word for yes or no': [() => post(form({ SmartEncoded: 'perhaps' })),
        'request.body.SmartEncoded: Request body property SmartEncoded must be boolean'],
      'JSON': [() => post(JSON.stringify(request), { 'content-type': 'application/json' }),
        'request: Supported content types: application/x-www-form-urlencoded'],
      'no credentials': [() => fetch(prism.url + path), 'request: Invalid security scheme used'],
      'an address Twilio does not have': [() => fetch(`${prism.url}/v1/Messages`), 'request: Selected route not found'],
      'an account that is none': [() => fetch(prism.url + path.replace(accountSid, 'AC1'), { headers: { authorization } }),
        'request.path.accountsid: Request path parameter accountsid must NOT have fewer than 34 characters'],
    };
    for (const [name, [call, violation]] of Object.entries(bad)) {
      it(name, async () => {
        await call();
        assert.equal(found()[0], violation);
      });
    }

    const answers = {
      'an answer with bad values': [{ status: 201, body: { sid: 'SM1', status: 'gone', num_segments: 1 } },
        ['response.body.num_segments', 'response.body.sid', 'response.body.status']],
      'an answer of success that Twilio does not give': [{ status: 202, body: {} }, ['response']],
    };
    let answer, broken, strict;
    before(async () => {
      broken = await startStandIn({ answer: () => answer });
      strict = await startPrism({ upstream: broken.url });
    });
    beforeEach(() => Object.assign(strict.state, { calls: 0, violations: [] }));
    after(async () => {
      await strict.close();
      await broken.close();
    });
    for (const [name, [given, places]] of Object.entries(answers)) {
      it(name, async () => {
        answer = given;
        await fetch(strict.url + path, { method: 'POST', body: form(), headers: { authorization } });
        const { violations } = await (await fetch(`${strict.url}/_stand-in/state`)).json();
        assert.deepEqual([...new Set(violations.map(({ location }) => location.join('.')))].sort(), places);
      });
    }
  });

  it('contradicts itself about the links of a list, which is why those are let pass', () => {
    const { content } = JSON.parse(readFileSync(twilioSpec)).paths['/2010-04-01/Accounts/{AccountSid}/Messages.json'].get.responses['200'];
    const { schema, examples } = content['application/json'];
    for (const link of ['uri', 'first_page_uri']) {
      assert.equal(schema.properties[link].format, 'uri');
      for (const { value } of Object.values(examples)) assert.match(value[link], /^\/2010-04-01\//);
    }
  });
});

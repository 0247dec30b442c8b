import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import connect from 'twilio';
import { accountSid, startTwilio } from './twilio.js';
import { sharedKeySignature } from './twilio-callbacks.js';

const from = '+15005550006';
const to = '+33612345678';
const service = `MG${'ab'.repeat(16)}`;

describe('Twilio stand-in, seen by twilio', () => {
  let twilio, client;
  const clientWith = (token, options) => {
    const one = connect(accountSid, token, options);
    one.api.baseUrl = twilio.url;
    return one;
  };
  const send = (more) => client.messages.create({ to, from, body: 'Hello', ...more });
  const control = async (method, name, body) => {
    const response = await fetch(`${twilio.url}/_stand-in/${name}`, { method, body: body && JSON.stringify(body) });
    return { status: response.status, body: response.status === 204 ? undefined : await response.json() };
  };
  const eventually = async (what, condition) => {
    for (const end = Date.now() + 5000; !(await condition()); await setTimeout(5)) assert.ok(Date.now() < end, what);
  };

  beforeEach(async () => {
    twilio = await startTwilio();
    client = clientWith('token');
  });
  afterEach(() => twilio.close());

  it('takes a message and shows it until it is delivered', async () => {
    twilio.setMode({ walk: [] });
    const taken = await send({ body: 'x'.repeat(161), validityPeriod: 600, smartEncoded: true });
    assert.match(taken.sid, /^SM[0-9a-f]{32}$/);
    assert.deepEqual([taken.status, taken.numSegments, taken.direction, taken.dateSent, taken.price, taken.errorCode],
      ['queued', '2', 'outbound-api', null, null, null]);
    assert.ok(Math.abs(taken.dateCreated - Date.now()) < 60_000);
    await twilio.report({ sid: taken.sid, status: 'delivered' });
    const seen = await client.messages(taken.sid).fetch();
    assert.deepEqual([seen.status, seen.price, seen.priceUnit], ['delivered', '-0.01500', 'USD']);
    assert.ok(seen.dateSent instanceof Date);
    const { ValidityPeriod, SmartEncoded } = twilio.state.messages[0].request;
    assert.deepEqual([ValidityPeriod, SmartEncoded], ['600', 'true']);
  });

  it('writes dates as RFC 2822 has them', async () => {
    const { sid } = await send();
    const response = await fetch(`${twilio.url}/2010-04-01/Accounts/${accountSid}/Messages/${sid}.json`,
      { headers: { authorization: `Basic ${btoa(`${accountSid}:token`)}` } });
    assert.match((await response.json()).date_created, /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000$/);
  });

  it('delivers by itself unless told otherwise', async () => {
    const { sid } = await send();
    await eventually('it was not delivered', async () => (await client.messages(sid).fetch()).status === 'delivered');
  });

  it('lets a messaging service choose the sender later', async () => {
    twilio.setMode({ walk: [] });
    const taken = await send({ from: undefined, messagingServiceSid: service });
    assert.deepEqual([taken.status, taken.from, taken.numSegments, taken.messagingServiceSid], ['accepted', null, '0', service]);
    await twilio.report({ sid: taken.sid, status: 'sent' });
    const seen = await client.messages(taken.sid).fetch();
    assert.deepEqual([seen.from, seen.numSegments], [from, '1']);
  });

  const refusals = {
    'no recipient': [{ to: '' }, 21604],
    'no sender': [{ from: '' }, 21603],
    'no text': [{ body: '' }, 21619],
    'a bad sender': [{ from: '+15005550001' }, 21212],
    'a sender that is no number and no name': [{ from: '12345678901234567' }, 21212],
    'a sender that cannot send': [{ from: '+15005550007' }, 21606],
    'a full queue': [{ from: '+15005550008' }, 21611],
    'a bad recipient': [{ to: '+15005550001' }, 21211],
    'a recipient without its country': [{ to: '0612345678' }, 21211],
    'an unreachable recipient': [{ to: '+15005550002' }, 21612],
    'a region not enabled': [{ to: '+15005550003' }, 21408],
    'an opted out recipient': [{ to: '+15005550004' }, 21610],
    'a landline': [{ to: '+15005550009' }, 21614],
    'a text of 1601 characters': [{ body: 'x'.repeat(1601) }, 21617],
    'a bad callback address': [{ statusCallback: 'nowhere' }, 21609],
    'a validity of no seconds': [{ validityPeriod: 0 }, 20001],
    'a service that is none': [{ from: undefined, messagingServiceSid: 'MG1' }, 21701],
  };
  for (const [name, [request, code]] of Object.entries(refusals)) {
    it(`refuses ${name} with ${code} and keeps nothing`, async () => {
      await assert.rejects(send(request), { status: 400, code, moreInfo: `https://www.twilio.com/docs/errors/${code}` });
      assert.deepEqual(twilio.state.messages, []);
    });
  }

  it('takes 1600 characters and the name of a company as sender', async () => {
    assert.equal((await send({ from: 'Hotel Roma', body: 'x'.repeat(1600) })).numSegments, '11');
  });

  it('refuses wrong credentials, foreign accounts, unknown messages and JSON', async () => {
    await assert.rejects(clientWith('wrong').messages.create({ to, from, body: 'Hello' }),
      { status: 401, code: 20003, message: 'Authenticate' });
    await assert.rejects(client.messages(`SM${'0'.repeat(32)}`).fetch(), { status: 404, code: 20404 });
    const authorization = `Basic ${btoa(`${accountSid}:token`)}`;
    const foreign = await fetch(`${twilio.url}/2010-04-01/Accounts/AC${'9'.repeat(32)}/Messages.json`, { headers: { authorization } });
    assert.equal(foreign.status, 404);
    const json = await fetch(`${twilio.url}/2010-04-01/Accounts/${accountSid}/Messages.json`, {
      method: 'POST', headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ To: to, From: from, Body: 'Hello' }),
    });
    assert.equal(json.status, 415);
    assert.deepEqual(twilio.state.messages, []);
  });

  it('takes an API key as well', async () => {
    const key = `SK${'0123456789abcdef'.repeat(2)}`;
    client = connect(key, 'secret', { accountSid });
    client.api.baseUrl = twilio.url;
    assert.equal((await send()).accountSid, accountSid);
  });

  describe('the list', () => {
    const list = async (filter) => (await client.messages.list(filter)).map(({ body }) => body);
    const day = 24 * 3600 * 1000;
    const at = (offset) => new Date(Date.now() + offset);

    beforeEach(() => twilio.setMode({ walk: ['sent'], early: true }));

    it('finds by recipient and sender, newest first', async () => {
      for (const body of ['one', 'two', 'three']) await send({ body });
      await send({ to: '+33611111111', body: 'other' });
      await send({ from: 'Hotel', body: 'named' });
      assert.deepEqual(await list({ to, from }), ['three', 'two', 'one']);
      assert.deepEqual(await list({ from: 'Hotel' }), ['named']);
    });

    it('finds by the day and the moment it was sent', async () => {
      await send();
      const found = [['Hello'], []];
      const ask = async (filter) => Promise.all(filter.map(list));
      assert.deepEqual(await ask([{ dateSentAfter: at(-60_000) }, { dateSentAfter: at(60_000) }]), found);
      assert.deepEqual(await ask([{ dateSentBefore: at(60_000) }, { dateSentBefore: at(-60_000) }]), found);
      const { dateSent } = (await client.messages.list())[0];
      assert.deepEqual(await ask([{ dateSent }, { dateSent: new Date(+dateSent + day) }]), found);
      const page = async (filter) => {
        const url = `${twilio.url}/2010-04-01/Accounts/${accountSid}/Messages.json?${filter}${dateSent.toISOString().slice(0, 10)}`;
        const response = await fetch(url, { headers: { authorization: `Basic ${btoa(`${accountSid}:token`)}` } });
        return (await response.json()).messages.length;
      };
      assert.deepEqual(await Promise.all(['DateSent=', 'DateSent%3E=', 'DateSent<='].map(page)), [1, 1, 1]);
    });

    it('does not find by date what was not sent yet', async () => {
      twilio.setMode({ walk: [] });
      await send();
      assert.deepEqual(await list({ to }), ['Hello']);
      assert.deepEqual(await list({ to, dateSentAfter: at(-day) }), []);
    });

    it('comes in pages', async () => {
      for (let number = 1; number <= 5; number += 1) await send({ body: String(number) });
      assert.deepEqual(await list({ to, pageSize: 2 }), ['5', '4', '3', '2', '1']);
      const pages = twilio.requests.filter(({ method }) => method === 'GET').map(({ query }) => [query.To, query.PageSize, query.Page]);
      assert.deepEqual(pages, [[to, '2', undefined], [to, '2', '1'], [to, '2', '2']]);
      const first = await client.messages.page({ to, pageSize: 2 });
      const last = await (await first.nextPage()).nextPage();
      assert.deepEqual([first.previousPageUrl, last.instances.length, last.nextPageUrl], [undefined, 1, undefined]);
      assert.deepEqual((await last.previousPage()).instances.map(({ body }) => body), ['3', '2']);
    });
  });

  describe('an answer that never arrives', () => {
    const hasty = () => clientWith('token', { timeout: 1000 });

    for (const kind of ['close', 'hang', 500, 'garbage']) {
      it(`hides a message that was taken (${kind})`, async () => {
        twilio.fail({ with: kind, method: 'POST', after: true });
        await assert.rejects(hasty().messages.create({ to, from, body: 'Hello' }));
        assert.deepEqual((await client.messages.list({ to })).map(({ body }) => body), ['Hello']);
        assert.deepEqual(twilio.accepted(), [{ to, body: 'Hello', times: 1 }]);
      });

      it(`hides that it was not taken (${kind})`, async () => {
        twilio.fail({ with: kind, method: 'POST' });
        await assert.rejects(hasty().messages.create({ to, from, body: 'Hello' }));
        assert.deepEqual(await client.messages.list({ to }), []);
      });
    }
    it('has Twilio’s own words for too many calls', async () => {
      twilio.fail({ with: 429, retryAfter: 3, times: 2 });
      await assert.rejects(send(), { status: 429, code: 20429, message: 'Too Many Requests' });
      const response = await fetch(`${twilio.url}/2010-04-01/Accounts/${accountSid}/Messages.json`);
      assert.equal(response.headers.get('retry-after'), '3');
      twilio.fail({ with: 429 });
      assert.equal((await fetch(twilio.url)).headers.get('retry-after'), null);
      await send();
    });
  });

  it('counts how often each text was taken for each recipient', async () => {
    for (const body of ['Hello', 'Hello', 'Bye']) await send({ body });
    assert.deepEqual((await control('GET', 'accepted')).body, [{ to, body: 'Hello', times: 2 }, { to, body: 'Bye', times: 1 }]);
    assert.deepEqual((await control('GET', 'messages')).body.map(({ request }) => request.Body), ['Hello', 'Hello', 'Bye']);
  });

  describe('callbacks', () => {
    let receiver, received, answers, url;
    const statuses = () => received.map(({ params }) => params.MessageStatus);

    beforeEach(async () => {
      [received, answers] = [[], []];
      receiver = createServer(async (request, response) => {
        const chunks = await request.toArray();
        const params = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
        received.push({ path: request.url, headers: request.headers, params });
        response.writeHead(answers.shift() ?? 204).end();
      });
      await new Promise((resolve) => receiver.listen(0, '127.0.0.1', resolve));
      url = `http://127.0.0.1:${receiver.address().port}/callback?id=sms_1`;
    });
    afterEach(() => new Promise((resolve) => { receiver.close(resolve); receiver.closeAllConnections(); }));

    it('tell every status in order, signed', async () => {
      answers = [500];
      const { sid } = await send({ statusCallback: url });
      await eventually('not all were told', () => received.length === 3);
      assert.deepEqual(statuses(), ['queued', 'sent', 'delivered']);
      const [{ path, headers, params }] = received;
      assert.deepEqual([path, params.MessageSid, params.SmsSid, params.SmsStatus, params.To, params.From, params.AccountSid,
        params.ApiVersion],
        ['/callback?id=sms_1', sid, sid, 'queued', to, from, accountSid, '2010-04-01']);
      assert.match(headers['content-type'], /^application\/x-www-form-urlencoded/);
      assert.ok(connect.validateRequest('token', headers['x-twilio-signature'], url, params));
      assert.ok(!connect.validateRequest('other', headers['x-twilio-signature'], url, params));
      await eventually('the answers were not noted', () => twilio.state.callbacks.every(({ status }) => status));
      assert.deepEqual(twilio.state.callbacks.map(({ status }) => status), [500, 204, 204]);
    });

    it('may come before the answer, out of order and twice', async () => {
      twilio.setMode({ walk: ['delivered', 'sent', 'sent', 'queued'], early: true });
      const { sid, status } = await send({ statusCallback: url });
      assert.deepEqual([status, statuses()], ['queued', ['delivered', 'sent', 'sent', 'queued']]);
      assert.equal((await client.messages(sid).fetch()).status, 'delivered');
    });

    it('come although the answer never did', async () => {
      twilio.fail({ with: 'close', method: 'POST', after: true });
      await assert.rejects(send({ statusCallback: url }));
      await eventually('not all were told', () => received.length === 3);
    });

    it('come on command, with the reason of a failure', async () => {
      assert.equal((await control('POST', 'mode', { walk: [] })).status, 204);
      const { sid } = await send({ statusCallback: url });
      const { status, body } = await control('POST', 'report', { sid, status: 'undelivered', errorCode: 30003 });
      assert.deepEqual([status, body.url, body.status, body.params.ErrorCode], [200, url, 204, '30003']);
      assert.deepEqual(received.map(({ params }) => [params.MessageStatus, params.ErrorCode]), [['undelivered', '30003']]);
      const seen = await client.messages(sid).fetch();
      assert.deepEqual([seen.status, seen.errorCode, seen.errorMessage], ['undelivered', 30003, 'Unreachable destination handset']);
      assert.deepEqual((await control('GET', 'callbacks')).body.length, 1);
    });

    it('go to a test’s port while the public address is signed', async () => {
      const publicUrl = 'https://gateway.example/callback?id=sms_1';
      twilio.setMode({ walk: ['sent'], early: true, deliverTo: new URL(url).origin });
      await send({ statusCallback: publicUrl });
      assert.equal(received[0].path, '/callback?id=sms_1');
      assert.ok(connect.validateRequest('token', received[0].headers['x-twilio-signature'], publicUrl, received[0].params));
    });

    it('are signed with a shared key when there is one, and say so', async () => {
      twilio.setMode({ walk: ['sent'], early: true, sharedKey: { name: 'webhooks_sharedkey_1', secret: '12345' } });
      await send({ statusCallback: url });
      const [{ headers, params }] = received;
      assert.equal(headers['x-twilio-webhooks-signature-settings'], 'key=webhooks_sharedkey_1,algorithm=HMAC_SHA256');
      assert.equal(headers['x-twilio-signature'], sharedKeySignature('12345', url, params));
      // As Twilio's own package for .NET signs it.
      const published = { CallSid: 'CA1234567890ABCDE', Caller: '+14158675309', Digits: '1234', From: '+14158675309', To: '+18005551212' };
      const signed = sharedKeySignature('12345', 'https://mycompany.com/myapp.php?foo=1&bar=2', published);
      assert.equal(signed, '033hgUJA9M/hXIZsYjwkerEP/DBm35nEri5FhCYjA5s=');
    });

    it('note an address nobody answers at', async () => {
      twilio.setMode({ walk: ['sent'], early: true });
      await new Promise((resolve) => receiver.close(resolve));
      await send({ statusCallback: url });
      assert.deepEqual(twilio.state.callbacks.map(({ error }) => error), ['ECONNREFUSED']);
    });

    it('bring messages from people, and Twilio remembers a STOP', async () => {
      const inbound = { url, from: to, to: from, body: 'ARRÊT 🛑' };
      assert.equal((await control('POST', 'inbound', inbound)).body.status, 204);
      await twilio.receive({ ...inbound, body: 'STOP', optOutType: 'STOP' });
      assert.deepEqual(received.map(({ params }) => [params.From, params.To, params.Body, params.OptOutType, params.SmsStatus]),
        [[to, from, 'ARRÊT 🛑', undefined, 'received'], [to, from, 'STOP', 'STOP', 'received']]);
      assert.ok(received.every(({ headers, params }) => connect.validateRequest('token', headers['x-twilio-signature'], url, params)));
      await assert.rejects(send(), { code: 21610 });
      await twilio.receive({ ...inbound, body: 'START', optOutType: 'START' });
      await send();
      assert.deepEqual(twilio.accepted(), [{ to, body: 'Hello', times: 1 }]);
    });

    it('refuse a command that could do nothing', async () => {
      assert.throws(() => twilio.setMode({ wlak: [] }), /no member "wlak"/);
      assert.throws(() => twilio.setMode({ walk: ['sended'] }), /no status "sended"/);
      assert.equal((await control('POST', 'report', { sid: 'SM1', status: 'sent' })).status, 400);
      const { sid } = await send();
      assert.equal((await control('POST', 'report', { sid, status: 'sended' })).status, 400);
    });
  });
});

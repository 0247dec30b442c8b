import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, it } from 'node:test';
import Mailjet from 'node-mailjet';
import { startMailjet } from './mailjet.js';

Mailjet.Request.protocol = 'http://';

describe('faults', () => {
  let mailjet, lists;

  beforeEach(async () => {
    mailjet = await startMailjet();
    lists = (timeout = 5000) => new Mailjet({
      apiKey: 'key', apiSecret: 'secret', config: { host: mailjet.url.replace('http://', '') }, options: { timeout },
    }).get('contactslist').request();
  });
  afterEach(() => mailjet.close());

  for (const status of [401, 404, 500]) {
    it(`answers ${status} once, in the provider's own words`, async () => {
      mailjet.fail({ with: status });
      await assert.rejects(lists(), { statusCode: status, ErrorMessage: /./ });
      assert.equal((await lists()).response.status, 200);
    });
  }

  it('answers 429 with Retry-After for the next calls', async () => {
    mailjet.fail({ with: 429, retryAfter: 2, times: 2 });
    for (const attempt of [1, 2]) {
      const refused = await lists().catch((error) => error);
      assert.deepEqual([attempt, refused.statusCode, refused.response.headers['retry-after']], [attempt, 429, '2']);
    }
    assert.equal((await lists()).response.status, 200);
    assert.deepEqual(mailjet.requests.map(({ fault }) => fault), [429, 429, undefined]);
  });

  it('hangs until the caller gives up', async () => {
    mailjet.fail({ with: 'hang' });
    await assert.rejects(lists(200), { code: 'ECONNABORTED' });
    assert.equal(mailjet.requests[0].status, undefined);
  });

  it('answers garbage', async () => {
    mailjet.fail({ with: 'garbage' });
    assert.match(await (await fetch(`${mailjet.url}/v3/REST/contactslist`)).text(), /^<html>/);
  });

  it('sends elsewhere', async () => {
    mailjet.fail({ with: 302, location: 'http://127.0.0.1:1/' });
    const moved = await fetch(`${mailjet.url}/v3/REST/contactslist`, { redirect: 'manual' });
    assert.deepEqual([moved.status, moved.headers.get('location')], [302, 'http://127.0.0.1:1/']);
  });

  it('answers ten megabytes', async () => {
    mailjet.fail({ with: 'large' });
    assert.equal((await (await fetch(`${mailjet.url}/v3/REST/contactslist`)).json()).length, 10_000_000);
  });

  it('answers without end', async () => {
    mailjet.fail({ with: 'endless' });
    const reader = (await fetch(`${mailjet.url}/v3/REST/contactslist`)).body.getReader();
    let seen = 0;
    while (seen < 20_000_000) seen += (await reader.read()).value.length;
    await reader.cancel();
    await lists(); // and serves the next
  });

  it('lasts for a time, ends by itself, and can be ended', async () => {
    mailjet.fail({ with: 500, seconds: 600 });
    for (const _ of [1, 2, 3]) await assert.rejects(lists(), { statusCode: 500 });
    mailjet.heal();
    await lists();
    mailjet.fail({ with: 500, seconds: 0.05 });
    const end = Date.now() + 5000;
    while (!(await lists().catch(() => undefined))) assert.ok(Date.now() < end, 'the fault outlived its time');
  });

  it('touches only the calls it names, in the order given', async () => {
    mailjet.fail([{ with: 500, path: '/send' }, { with: 404, method: 'POST' }, { with: 401 },
      { with: 500, body: { ErrorMessage: 'mine' } }]);
    await assert.rejects(lists(), { statusCode: 401 });
    await assert.rejects(lists(), { statusCode: 500, ErrorMessage: 'mine' });
    await lists();
  });

  it('refuses a script that could never fire', () => {
    assert.throws(() => mailjet.fail({ with: 200 }), /status from 300/);
    assert.throws(() => mailjet.fail({ wiht: 500 }), /no member "wiht"/);
  });

  it('is scripted over HTTP as well', async () => {
    const control = (method, name, body) => fetch(`${mailjet.url}/_stand-in/${name}`, { method, body: body && JSON.stringify(body) });
    assert.equal((await control('POST', 'fail', { with: 404, times: 5 })).status, 204);
    await assert.rejects(lists(), { statusCode: 404 });
    assert.equal((await control('DELETE', 'fail')).status, 204);
    await lists();
    assert.equal((await control('POST', 'fail', { with: 'fire' })).status, 400);
    assert.deepEqual((await (await control('GET', 'requests')).json()).map(({ path, status }) => [path, status]),
      [['/v3/REST/contactslist', 404], ['/v3/REST/contactslist', 200]]);
    assert.deepEqual((await (await control('GET', 'state')).json()).lists, []);
  });

  for (const module of ['mailjet.js', 'brevo.js', 'twilio.js', 'mailjet-sms.js', 'receiver.js']) {
    it(`runs ${module} as a program that prints its address`, async () => {
      const program = spawn(process.execPath, [new URL(module, import.meta.url).pathname, '--port', '0'],
        { stdio: ['ignore', 'pipe', 'inherit'] });
      try {
        const [line] = await once(createInterface(program.stdout), 'line');
        assert.equal((await fetch(`${JSON.parse(line).url}/_stand-in/state`)).status, 200);
      } finally {
        program.kill();
      }
      assert.equal((await once(program, 'exit'))[0], 0);
    });
  }
});

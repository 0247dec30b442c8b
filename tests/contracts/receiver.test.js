import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { startReceiver } from './receiver.js';

const secret = `whsec_${btoa('a secret of twenty-four b')}`;
const body = '{"id":"evt_1","type":"sms.sent","data":{"text":"Zoë 👋"}}';

describe('receiver of webhooks', () => {
  let receiver;
  const deliver = (path = '/hook', { signed = body, at = new Date(), by = secret, patience = 10_000 } = {}) => fetch(receiver.url + path, {
    method: 'POST', body, redirect: 'manual', signal: AbortSignal.timeout(patience),
    headers: {
      'content-type': 'application/json', 'webhook-id': 'evt_1', 'webhook-timestamp': String(Math.floor(at / 1000)),
      'webhook-signature': new Webhook(by).sign('evt_1', at, signed),
    },
  });

  beforeEach(async () => { receiver = await startReceiver({ secret }); });
  afterEach(() => receiver.close());

  it('remembers a delivery and takes its signature', async () => {
    assert.equal((await deliver('/hook?site=1')).status, 200);
    const [{ method, path, query, headers, text, body: parsed, valid }] = receiver.deliveries;
    assert.deepEqual([method, path, query, headers['webhook-id'], text, parsed, valid],
      ['POST', '/hook', { site: '1' }, 'evt_1', body, JSON.parse(body), true]);
  });

  it('says what is wrong with a signature', async () => {
    await deliver('/hook', { signed: `${body} ` });
    await deliver('/hook', { by: `whsec_${btoa('another secret of 24 byte')}` });
    await deliver('/hook', { at: new Date(Date.now() - 600_000) });
    await fetch(`${receiver.url}/hook`, { method: 'POST', body });
    assert.deepEqual(receiver.deliveries.map(({ valid, reason }) => [valid, reason]), [[false, 'No matching signature found'],
      [false, 'No matching signature found'], [false, 'Message timestamp too old'], [false, 'Missing required headers']]);
  });

  it('judges nothing without a secret, and may learn it later', async () => {
    receiver.setSecret({});
    await deliver();
    await fetch(`${receiver.url}/_stand-in/secret`, { method: 'POST', body: JSON.stringify({ secret }) });
    await deliver();
    const seen = await (await fetch(`${receiver.url}/_stand-in/deliveries`)).json();
    assert.deepEqual(seen.map(({ valid }) => valid), [null, true]);
  });

  it('answers as told, each address by its own script, and remembers all the same', async () => {
    receiver.fail([{ with: 410, path: '/gone' }, { with: 429, retryAfter: 2, path: '/busy' }, { with: 500, path: '/broken' },
      { with: 302, location: 'http://127.0.0.1:1/', path: '/moved' }]);
    const answers = [];
    for (const path of ['/broken', '/gone', '/busy', '/moved', '/fine', '/broken']) answers.push(await deliver(path));
    assert.deepEqual(answers.map(({ status }) => status), [500, 410, 429, 302, 200, 200]);
    assert.deepEqual([answers[2].headers.get('retry-after'), answers[3].headers.get('location')], ['2', 'http://127.0.0.1:1/']);
    assert.deepEqual(receiver.deliveries.map(({ valid }) => valid), Array(6).fill(true));
  });

  it('hangs, closes, floods', async () => {
    receiver.fail([{ with: 'hang' }, { with: 'close' }, { with: 'large' }, { with: 'endless' }]);
    await assert.rejects(deliver('/hook', { patience: 500 }), { name: 'TimeoutError' });
    await assert.rejects(deliver(), { message: 'fetch failed' });
    assert.equal((await (await deliver()).text()).length, 10_000_002);
    await assert.rejects((await deliver('/hook', { patience: 500 })).text(), { name: 'TimeoutError' });
    assert.equal(receiver.deliveries.length, 4);
  });
});

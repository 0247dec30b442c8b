import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call } from '../lib/call.js';
import { run, searches } from './lib/app.js';
import { problem, startFake } from './lib/fake.js';
import { rejection } from './lib/rejection.js';

// Every item asks the gateway through the same door; this one stands for all.
const { perform } = searches.find_contact.operation;
const ask = (authData) => run(perform, { authData, inputData: { email: 'ann@example.org' } });

async function asked(t, answer) {
  const fake = await startFake(t, { 'POST /v1/contacts/search': answer });
  return rejection(ask(fake.authData));
}

test('who must not be written to halts the Zap quietly, in the gateway’s words', async (t) => {
  const error = await asked(t, problem(403, 'suppressed', 'This number has opted out.'));
  assert.deepEqual(error, { name: 'HaltedError', message: 'This number has opted out.' });
});

test('every other refusal is shown with the gateway’s sentence, code and status', async (t) => {
  for (const [status, code] of [
    [400, 'invalid_request'],
    [403, 'budget_exceeded'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [409, 'key_reused'],
    [503, 'busy'],
  ]) {
    const error = await asked(t, problem(status, code, 'A sentence.'));
    assert.deepEqual(error, { name: 'AppError', message: 'A sentence.', code, status });
  }
});

test('401 asks for a new token', async (t) => {
  assert.equal((await asked(t, problem(401, 'unauthorized', 'The token has expired.'))).name, 'RefreshAuthError');
});

test('429 waits as long as the gateway says', async (t) => {
  const error = await asked(t, problem(429, 'rate_limited', 'Too many requests.', { 'retry-after': '7' }));
  assert.equal(error.name, 'ThrottledError');
  assert.equal(error.delay, 7);
});

test('a server that is no gateway is told apart from one that is out of order', async (t) => {
  const html = '<!doctype html><title>Welcome</title>';
  for (const answer of [
    { body: html },
    { status: 404, body: html },
    { status: 403, body: { message: 'Forbidden' } },
    { status: 200, body: 'OK' },
  ]) {
    const error = await asked(t, answer);
    assert.match(error.message, /^127\.0\.0\.1:\d+ answered, but not as a gateway does \(\d+\)\. Check the gateway’s address/);
    assert.equal(error.code, 'invalid_address');
  }
  const error = await asked(t, { status: 502, body: html });
  assert.match(error.message, /is out of order at the moment \(502\)/);
  assert.equal(error.code, 'unreachable');
});

test('a redirect is not followed with the token', async (t) => {
  const target = await startFake(t, {});
  const error = await asked(t, { status: 308, headers: { location: `${target.url}/v1/contacts/search` } });
  assert.match(error.message, new RegExp(`sends callers on to ${target.url}/v1/contacts/search\\. Enter the gateway’s final address`));
  assert.deepEqual(target.requests, []);
});

test('a gateway that cannot be reached is said in plain words', async (t) => {
  const gone = await startFake(t, {});
  await gone.close();
  const refused = await rejection(ask(gone.authData));
  assert.match(refused.message, /^The gateway at 127\.0\.0\.1:\d+ cannot be reached at the moment \(ECONNREFUSED\)/);
  assert.deepEqual([refused.code, refused.status], ['unreachable', 503]);

  const unknown = await rejection(ask({ ...gone.authData, url: 'https://gateway.invalid' }));
  assert.match(unknown.message, /^There is no server named gateway\.invalid\. Check the gateway’s address/);
});

test('a slow gateway and a bad certificate are said in plain words', async () => {
  const bundle = { authData: { url: 'https://gateway.example.org' } };
  const failing = (details) =>
    rejection(
      run((z) =>
        call(
          { ...z, request: async () => Promise.reject(Object.assign(new Error('raw'), { name: 'FetchError', ...details })) },
          bundle,
          {},
        ),
      ),
    );

  assert.match((await failing({ type: 'request-timeout' })).message, /^The gateway at gateway\.example\.org did not answer in time/);
  assert.match(
    (await failing({ type: 'system', code: 'CERT_HAS_EXPIRED' })).message,
    /^The certificate of gateway\.example\.org cannot be trusted/,
  );
  assert.match((await failing({ type: 'system', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })).message, /^The certificate of/);
});

test('a bug stays visible as one', async () => {
  const error = await rejection(run((z, bundle) => call({ request: () => Promise.reject(new TypeError('a bug')) }, bundle, {})));
  assert.equal(error.name, 'TypeError');
});

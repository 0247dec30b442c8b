import assert from 'node:assert/strict';
import { test } from 'node:test';
import { App, run } from './lib/app.js';
import { problem, startFake } from './lib/fake.js';
import { rejection } from './lib/rejection.js';

const { authentication } = App;
const exchange = (authData) => run(authentication.sessionConfig.perform, { authData });

test('client id and secret become a token with every scope the items need', async (t) => {
  const fake = await startFake(t, { 'POST /oauth/token': { body: { access_token: 'token-2', token_type: 'Bearer', expires_in: 3600 } } });
  const { url, client_id, client_secret } = fake.authData;
  assert.deepEqual(await exchange({ url, client_id, client_secret }), { access_token: 'token-2' });

  const [{ headers, text }] = fake.requests;
  assert.equal(headers['content-type'], 'application/x-www-form-urlencoded');
  assert.equal(headers.authorization, undefined);
  assert.deepEqual(Object.fromEntries(new URLSearchParams(text)), {
    grant_type: 'client_credentials',
    client_id: 'cli_1',
    client_secret: 'secret',
    scope: 'contacts sms mail hooks read',
  });
});

test('only a refused exchange ends the connection', async (t) => {
  const refused = await startFake(t, { 'POST /oauth/token': problem(401, 'invalid_client', 'Wrong.') });
  const error = await rejection(exchange(refused.authData));
  assert.equal(error.name, 'ExpiredAuthError');
  assert.match(error.message, /^The gateway does not accept this client id and secret/);

  const broken = await startFake(t, { 'POST /oauth/token': { status: 502, body: '<html>' } });
  assert.equal((await rejection(exchange(broken.authData))).code, 'unreachable');
});

test('a connection is tested with its token and named after site and server', async (t) => {
  const fake = await startFake(t, { 'GET /v1/me': { body: { site: { id: 'site_1', name: 'Ann’s Shop' }, scopes: ['read'] } } });
  const host = new URL(fake.url).host;
  const tested = await run(authentication.test, { authData: { ...fake.authData, url: `${fake.url}/docs` } });
  assert.deepEqual(tested, { siteId: 'site_1', siteName: 'Ann’s Shop', host, scopes: ['read'] });
  assert.equal(fake.requests[0].headers.authorization, 'Bearer token-1');

  const label = authentication.connectionLabel.replace(/{{bundle\.inputData\.(\w+)}}/g, (_, key) => tested[key]);
  assert.equal(label, `Ann’s Shop (${host})`);
});

test('a wrong address is refused before anything is sent', async () => {
  const error = await rejection(exchange({ url: 'http://gateway.example.org', client_id: 'cli_1', client_secret: 'secret' }));
  assert.match(error.message, /begins with https:\/\//);
});

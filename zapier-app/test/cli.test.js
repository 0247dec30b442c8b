import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { run } from '../../tests/wordpress/lib/process.js';
import { App } from './lib/app.js';
import { createCheckout } from './lib/cli.js';
import { startGateway } from './lib/gateway.js';

describe('The command line of Zapier', () => {
  let checkout, gateway;

  before(async () => {
    checkout = await createCheckout();
    gateway = await startGateway();
    const { clientId, clientSecret } = gateway.account;
    const env = { url: gateway.url, client_id: clientId, client_secret: clientSecret };
    await writeFile(
      join(checkout.folder, '.env'),
      Object.entries(env)
        .map(([key, value]) => `authData_${key}='${value}'\n`)
        .join(''),
    );
    await checkout.zapier('invoke', 'auth', 'refresh', '--non-interactive');
  });
  after(async () => {
    await gateway?.remove();
    await checkout?.remove();
  });

  const invoke = async (...args) => JSON.parse(await checkout.zapier('invoke', ...args, '--non-interactive'));

  test('finds the definition valid', async () => {
    assert.match(await checkout.zapier('validate', '--without-style'), /This project is structurally sound!/);
  });

  test('gets a token and tests the connection', async () => {
    assert.match(await readFile(join(checkout.folder, '.env'), 'utf8'), /authData_access_token='ey/);
    const { siteId, siteName, scopes } = await invoke('auth', 'test');
    assert.deepEqual([siteId, siteName], [gateway.account.site, 'Ann’s Shop']);
    assert.deepEqual(scopes.toSorted(), ['contacts', 'hooks', 'mail', 'read', 'sms']);
  });

  test('labels the connection', async () => {
    const label = await checkout.zapier('invoke', 'auth', 'label', '--non-interactive');
    assert.equal(label.trim(), `Ann’s Shop (${new URL(gateway.url).host})`);
  });

  test('invokes a trigger', async () => {
    assert.deepEqual(await invoke('trigger', 'lists'), [{ id: gateway.list, name: 'Newsletter' }]);
  });

  // Zapier's command line has no event for them: they give the recent ones.
  const instant = Object.values(App.triggers).filter(({ operation }) => operation.type === 'hook');
  for (const { key, operation } of instant) {
    test(`invokes the instant trigger ${key}`, async () => {
      const items = await invoke('trigger', key);
      assert.ok(Array.isArray(items));
      for (const item of items) assert.deepEqual(Object.keys(item).sort(), Object.keys(operation.sample).sort());
    });
  }

  test('invokes an action and a search', async () => {
    const input = { to: '+33612345678', text: 'Hello', deduplication_key: 'evt_1' };
    const sent = await invoke('create', 'send_sms', '-i', JSON.stringify(input));
    assert.deepEqual([sent.to, sent.text, sent.parts], ['+33612345678', 'Hello', 1]);
    const [found] = await invoke('search', 'find_sms', '-i', JSON.stringify({ search_by: 'id', value: sent.id }));
    assert.deepEqual([found.id, found.text], [sent.id, 'Hello']);
  });

  test('builds what is pushed, without secrets', async () => {
    await checkout.zapier('build', '--skip-dep-install', '--skip-validation', '--disable-dependency-detection');
    const zip = join(checkout.folder, 'build/build.zip');
    const files = (await run('unzip', ['-Z1', zip])).split('\n');
    for (const file of [
      'index.js',
      'package.json',
      'zapierwrapper.js',
      'triggers/new_confirmed_contact.js',
      'node_modules/zapier-platform-core/package.json',
    ]) {
      assert.ok(files.includes(file), file);
    }
    assert.deepEqual(
      files.filter((file) => /^\.env|^test\//.test(file)),
      [],
    );
    const { version, platformVersion } = JSON.parse(await run('unzip', ['-p', zip, 'definition.json']));
    assert.deepEqual([version, platformVersion], ['0.1.0', '19.1.0']);
  });
});

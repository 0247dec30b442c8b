// Signing in for weeks: somebody adds a passkey, signs out, signs in by it, and proves by it anew who they are before something dangerous.
// The device is Chrome's virtual authenticator.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, listenForBlocked, openPage } from './lib/browser.js';
import { createGateway } from './lib/gateway.js';
import { lookAt } from './lib/look.js';
import { startMail } from './lib/mail.js';
import { until } from './lib/process.js';

const operator = 'olga@agency.example';

describe('Passkeys', () => {
  let mail, gateway, browser, page, blocked, device, shop;

  before(async () => {
    mail = await startMail();
    gateway = await createGateway({ mail, host: 'localhost', settings: { Mail__From: 'gateway@agency.example' } });
    await gateway.start();
    shop = await gateway.command('site', 'add', "Ann's Shop", '--from', 'news@shop.example');
    browser = await launch();
    page = await openPage(browser);
    blocked = await listenForBlocked(page);
    device = await page.context().newCDPSession(page);
    await device.send('WebAuthn.enable');
    await device.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
  });
  after(async () => {
    await browser?.close();
    await gateway?.remove();
    await mail?.stop();
  });

  const heading = (name) => page.getByRole('heading', { name, level: 1, exact: true }).waitFor();
  const withPasskey = () => page.getByRole('button', { name: 'Sign in with a passkey' });

  test('belong to somebody: whoever came by a printed link invites themselves', async () => {
    await page.goto((await gateway.command('admin', 'link', '--name', 'Printed')).link);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.goto(`${gateway.url}/admin/sessions`);
    await lookAt(page, 'passkeys-printed-link');
    await page.getByLabel('Your email address').fill(operator);
    await page.getByRole('button', { name: 'Invite yourself' }).click();
    await page.getByText('The invitation is on its way.').waitFor();
    await page.goto(await mail.lastLink(operator, `${gateway.url}/admin/sign-in/`, 1));
    await lookAt(page, 'passkeys-link');
    await page.getByRole('button', { name: 'Sign in' }).click();
  });

  test('are added by whoever is signed in', async () => {
    await page.goto(`${gateway.url}/admin/sessions`);
    await page.getByLabel('Name of the new passkey').fill('My laptop');
    await lookAt(page, 'passkeys-none');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByText('The passkey is added.').waitFor();
    await page.getByRole('row', { name: /My laptop/ }).waitFor();
    await page.getByText('Remove…').click();
    await lookAt(page, 'passkeys');
  });

  test('sign in, without an email', async () => {
    await page.getByRole('button', { name: 'Sign out', exact: true }).first().click();
    await heading('Sign in');
    await page.goto(`${gateway.url}/admin/failed`);
    await withPasskey().waitFor();
    await lookAt(page, 'passkeys-sign-in');
    await withPasskey().click();
    await page.waitForURL(`${gateway.url}/admin/failed`);
    assert.equal(await page.locator('.me bdi').innerText(), operator);
    assert.equal((await mail.all()).length, 1);
    assert.deepEqual(blocked, []);
  });

  test('prove again who somebody is before something dangerous, and lead back', async () => {
    const export_ = `${gateway.url}/admin/sites/${shop.site}/export/contacts`;
    assert.equal((await page.request.get(export_)).status(), 200, 'this sign-in is new');
    await gateway.stop();
    await gateway.start({ Gateway__Admin__SignInAgainAfter: '00:00:10' });
    await until('the sign-in to be old', async () => (await page.request.get(export_)).status() === 403);

    await page.goto(`${gateway.url}/admin/sites/${shop.site}/keys`);
    await page.getByLabel('What it is for').fill('Zapier');
    await page.getByRole('button', { name: 'Make key' }).click();
    await heading('Sign in again to do this');
    await lookAt(page, 'passkeys-again');
    await gateway.stop();
    await gateway.start();
    await withPasskey().click();
    await heading('Keys');
    await page.getByLabel('What it is for').fill('Zapier');
    await page.getByRole('button', { name: 'Make key' }).click();
    await page.getByText('shown only this once').waitFor();
    assert.deepEqual(blocked, []);
  });

  test('are counted on the page of people, where operators remove those of others', async () => {
    const context = await browser.newContext();
    const other = await context.newPage();
    await other.goto((await gateway.command('admin', 'link', '--name', 'Otto')).link);
    await other.getByRole('button', { name: 'Sign in' }).click();
    await other.goto(`${gateway.url}/admin/people`);
    await other.getByText('Remove passkeys…').click();
    await lookAt(other, 'passkeys-people');
    await other.getByRole('button', { name: `Remove passkeys of ${operator}` }).click();
    await other.getByText('Their passkeys are removed.').waitFor();
    await context.close();

    await page.getByRole('button', { name: 'Sign out', exact: true }).first().click();
    await withPasskey().click();
    await page.getByText('This passkey opens nothing here').waitFor();
    await lookAt(page, 'passkeys-refused');
  });

  test('are not offered where the browser knows none, and a device that gives none is told of', async () => {
    await page.goto(`${gateway.url}/admin/sign-in`);
    await device.send('WebAuthn.disable');
    await page.evaluate(() => (navigator.credentials.get = async () => { throw new DOMException('', 'NotAllowedError'); }));
    await withPasskey().click();
    await page.getByText('Your device gave no passkey.').waitFor();
    await lookAt(page, 'passkeys-none-given');

    for (const options of [{ javaScriptEnabled: false }, {}]) {
      const context = await browser.newContext(options);
      await context.addInitScript(() => delete globalThis.PublicKeyCredential);
      const plain = await context.newPage();
      await plain.goto(`${gateway.url}/admin/sign-in`);
      assert.ok(await plain.getByRole('button', { name: 'Send me a link' }).isVisible());
      assert.ok(!(await plain.locator('[data-passkey]').isVisible()));
      await context.close();
    }
  });
});

// What a stranger sees who starts the gateway for the first time: form, mailbox, confirm page, list and consent record.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, openPage, picture } from './lib/browser.js';
import { createGateway } from './lib/gateway.js';
import { until } from './lib/process.js';

describe('A first run', () => {
  let gateway, browser, page;

  before(async () => {
    gateway = await createGateway({ isNew: true });
    await gateway.start();
    browser = await launch();
    page = await openPage(browser);
  });
  after(async () => {
    await browser?.close();
    await gateway?.remove();
  });

  test('leads from the form to the consent record in a browser, without WordPress, mail server or provider', async () => {
    assert.match(gateway.output(), /\/demo .*a form/);

    await page.goto(`${gateway.url}/demo`);
    await picture(page, 'first-run-form');
    await page.fill('#name', "Ann O'Brien");
    await page.fill('#email', 'ann@example.org');
    await page.check('input[name=subscribe]');
    await page.click('button');
    await page.getByRole('status').waitFor();
    await picture(page, 'first-run-sent');

    await until('a mail in the mailbox', async () => {
      await page.goto(`${gateway.url}/demo/mailbox`);
      return (await page.locator('.mail').count()) === 1;
    });
    await picture(page, 'first-run-mailbox');
    const link = page.frameLocator('.mail iframe').getByRole('link', { name: 'Confirm' }).first();
    await link.click();
    await page.waitForURL(/\/c\//);
    await page.locator('main button').first().click();
    await page.getByRole('status').waitFor();

    await page.goto(`${gateway.url}/demo/list`);
    assert.equal(await page.locator('td .state').textContent(), 'confirmed');
    assert.match(await page.locator('tbody').textContent(), /ann@example\.org.*Ann O'Brien/s);
    await picture(page, 'first-run-list');

    await page.getByRole('link', { name: 'Consent record' }).click();
    await page.getByText('The words shown').waitFor();
    assert.match(await page.locator('main').textContent(), /Yes, send me the newsletter/);
    await picture(page, 'first-run-consent');
    const { entries, ok } = await gateway.command('consents', 'verify');
    assert.deepEqual({ entries, ok }, { entries: 1, ok: true });
  });
});

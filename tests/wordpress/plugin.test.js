// The plugin in WordPress as its owner and a visitor meet it, without a gateway: what needs none must work without.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, openPage, signIn } from './lib/browser.js';
import { lookAtPart } from './lib/look.js';
import { until } from './lib/process.js';
import { startSite } from './lib/site.js';

describe('The plugin without a gateway', () => {
  let site, browser, admin;

  before(async () => {
    site = await startSite();
    browser = await launch();
    admin = await signIn(browser, site);
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
  });

  const editForm = (id, tab) => admin.goto(`${site.url}/wp-admin/admin.php?page=wpcf7&post=${id}&active-tab=${tab}`);
  const save = async () => {
    await admin.locator('input[name="wpcf7-save"]').last().click();
    await admin.getByText('Contact form saved.').waitFor();
  };

  test('after activation the owner finds the way to the connection', async () => {
    await admin.goto(`${site.url}/wp-admin/plugins.php`);
    await admin.getByText('Gateway Connector is active.').waitFor();
    await admin.locator('[data-slug="gateway-connector"]').getByRole('link', { name: 'Settings' }).click();
    await admin.getByText('You choose your site there and come back.').waitFor();
    await lookAtPart(admin, 'wordpress-connect');
  });

  test('the generator writes the box into a form, and it is not ticked in advance', async () => {
    const { id, page } = site.forms.contact;
    await editForm(id, 'form-panel');
    await admin.locator('#wpcf7-form').fill('[email* your-email]\n');
    await admin.locator('[data-target="tag-generator-panel-newsletter"]').click();
    const dialog = admin.locator('#tag-generator-panel-newsletter');
    await dialog.locator('[data-tag-part="name"]').fill('news');
    await dialog.locator('[data-tag-part="name"]').press('Tab'); // Leaving the field writes its tag anew, which may move the button.
    await lookAtPart(admin, 'wordpress-tag-generator', '#tag-generator-panel-newsletter');
    await dialog.getByRole('button', { name: 'Insert Tag' }).click();
    const form = () => admin.locator('#wpcf7-form').inputValue();
    await until('the tag in the form', async () => (await form()).includes('[newsletter news "Yes, send me the newsletter."]'));
    await save();

    const visitor = await openPage(browser);
    await visitor.goto(page);
    assert.equal(await visitor.getByLabel('Yes, send me the newsletter.').isChecked(), false);
    await visitor.close();
  });

  test('a submission waits for the gateway, also when the visitor has no JavaScript', async () => {
    const { id, page } = site.forms.newsletter;
    await editForm(id, 'gateway-connector-panel');
    await admin.getByLabel('Send this form’s submissions to the gateway').check();
    await save();

    const visitor = await openPage(browser, { javaScriptEnabled: false });
    await visitor.goto(page);
    await visitor.getByLabel('Votre adresse').fill('zoe@example.org');
    await visitor.getByRole('button', { name: 'Envoyer' }).click();
    await visitor.locator('form[data-status="sent"]').waitFor();
    await visitor.close();
    await site.nextMinute();

    const [{ state, payload }, ...others] = await site.spool();
    assert.deepEqual(others, []);
    assert.equal(state, 'waiting');
    const { form, fields } = JSON.parse(payload);
    assert.equal(form.locale, 'fr_FR');
    assert.equal(form.url, page);
    assert.equal(fields['your-email'], 'zoe@example.org');
  });

  test('the settings page explains a damaged key and keeps nothing of it', async () => {
    await admin.goto(`${site.url}/wp-admin/admin.php?page=gateway-connector`);
    await admin.getByText('Use a connection key instead').click();
    await admin.fill('#gateway-connector-key', 'gwc_damaged');
    await admin.getByRole('button', { name: 'Use this key' }).click();
    await admin.getByText('This is not a complete connection key.').waitFor();
    await lookAtPart(admin, 'wordpress-damaged-key');
  });
});

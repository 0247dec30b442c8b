// What an author of templates does, in a browser: import, preview, mend, publish; and what a subscriber then gets is what the preview showed.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, openPage } from './lib/browser.js';
import { createGateway } from './lib/gateway.js';
import { lookAt } from './lib/look.js';
import { startMail } from './lib/mail.js';

const mailjetHtml = `<html><head><style>.lead { color: #333333; }</style></head><body>
<h1>{{mj:contact.name:"Welcome"}}</h1>
<p class="lead">Please confirm that you want our letter.</p>
{% if var:vip = 1 %}<p>For members</p>{% endif %}
<p><a href="{{var:confirm_url}}" style="background:#1f4e8c; color:#ffffff; padding:12px 20px;">Confirm my subscription</a></p>
<p>{{UnknownFunction(var:x)}}</p>
</body></html>`;

describe('The template pages', () => {
  let gateway, mail, browser, page, shop, list;
  const blocked = [];

  before(async () => {
    mail = await startMail();
    gateway = await createGateway({ mail });
    await gateway.start();
    shop = await gateway.command('site', 'add', "Ann's Shop", '--from', 'news@shop.example');
    ({ list } = await gateway.command('list', 'add', shop.site, 'Newsletter'));
    await gateway.command('site', 'set', shop.site, '--test-recipients', 'ann@agency.example');
    browser = await launch();
    page = await openPage(browser);
    page.on('console', (message) => message.type() === 'error' && blocked.push(message.text()));
    await page.goto((await gateway.command('admin', 'link', '--name', 'Ann')).link);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
  });
  after(async () => {
    await browser?.close();
    await gateway?.remove();
    await mail?.stop();
  });

  const templates = () => `${gateway.url}/admin/sites/${shop.site}/templates`;

  test('say what to do where there are none', async () => {
    await page.goto(templates());
    await page.getByText('no templates of its own yet').waitFor();
    await lookAt(page, 'templates-empty');
  });

  test('a new one', async () => {
    await page.getByRole('link', { name: 'New template' }).click();
    await page.getByLabel('Kind').selectOption('welcome');
    await page.getByLabel('Name').fill('Bienvenue à tous');
    await lookAt(page, 'templates-new');
    await page.getByRole('button', { name: 'Add template' }).click();
    await page.getByRole('heading', { name: 'Bienvenue à tous' }).waitFor();
    await lookAt(page, 'templates-editor');
  });

  test('import', async () => {
    await page.goto(templates() + '/import');
    await page.getByLabel('Kind').selectOption('confirmation');
    await page.getByLabel('Name').fill('Our confirmation');
    await page.getByLabel('Subject').fill('Please confirm, {{mj:contact.name:"you"}}');
    await page.getByRole('textbox', { name: 'HTML' }).focus();
    await page.evaluate((html) => { const t = document.querySelector('#html'); t.value = html; t.dispatchEvent(new Event('replace')); }, mailjetHtml);
    await lookAt(page, 'templates-import');
    await page.getByRole('button', { name: 'Convert' }).click();
    await page.getByRole('heading', { name: /to look at/ }).waitFor();
    await lookAt(page, 'templates-imported');
    await page.getByRole('button', { name: 'Make the draft' }).click();
    await page.getByRole('heading', { name: 'Our confirmation' }).waitFor();
    await lookAt(page, 'templates-editor-imported');
    assert.deepEqual(blocked, []);
  });
});

// What an operator does on the admin pages, in a browser: sign in by a link, look around, send on what failed, sign out.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, listenForBlocked, openPage, screenshot } from './lib/browser.js';
import { createGateway } from './lib/gateway.js';
import { lookAt } from './lib/look.js';
import { until } from './lib/process.js';
import { submit } from './lib/submit.js';

describe('The admin pages', () => {
  let gateway, browser, page, shop, list, blocked;

  before(async () => {
    gateway = await createGateway();
    await gateway.start();
    shop = await gateway.command('site', 'add', "Ann's Shop", '--from', 'news@shop.example');
    ({ list } = await gateway.command('list', 'add', shop.site, 'Newsletter'));
    browser = await launch();
    page = await openPage(browser);
    blocked = await listenForBlocked(page);
  });
  after(async () => {
    await browser?.close();
    await gateway?.remove();
  });

  const link = async (...args) => (await gateway.command('admin', 'link', ...args)).link;
  const failures = () => gateway.command('failed', 'list');

  test('say how to sign in to whoever comes without', async () => {
    await page.goto(`${gateway.url}/admin`);
    await page.getByText('Ask your administrator').waitFor();
    await lookAt(page, 'admin-sign-in');
  });

  test('let in who opens a link and presses its button, once', async () => {
    const once = await link('--name', 'ann@agency.example');
    await page.goto(once);
    await lookAt(page, 'admin-link');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    assert.match(await page.locator('.me').textContent(), /ann@agency\.example\s+operator/);

    const other = await openPage(browser);
    await other.goto(once);
    await other.getByRole('heading', { name: 'This link no longer works' }).waitFor();
    await lookAt(other, 'admin-used-link');
    await other.close();
  });

  test('show how the sites are doing', async () => {
    await submit(gateway, shop, list, 'ada@example.org');
    await submit(gateway, shop, `lst_${'0'.repeat(32)}`, 'astray@example.org');
    await until('the failure', async () => (await failures()).length === 1);
    await page.goto(`${gateway.url}/admin`);
    await page.getByRole('heading', { name: '1 thing to put right' }).waitFor();
    await lookAt(page, 'admin-overview');
    await page.getByRole('link', { name: 'Put right: 1 submission failed' }).waitFor();
    await page.getByRole('row', { name: /Ann's Shop/ }).getByRole('link', { name: '1 failed at Ann\'s Shop' }).waitFor();

    await page.locator('.switcher summary').click();
    await screenshot(page, 'admin-switcher', {});
    await page.locator('.switcher').getByRole('link', { name: "Ann's Shop" }).click();
    await page.getByRole('heading', { name: "Ann's Shop", level: 1 }).waitFor();
    await lookAt(page, 'admin-site');
  });

  test('tell the story of what came in, and go on telling it without a reload', async () => {
    const places = page.getByRole('navigation', { name: "Ann's Shop" });
    await places.getByRole('link', { name: 'Submissions' }).click();
    await page.getByRole('heading', { name: 'Submissions', level: 1 }).waitFor();
    await lookAt(page, 'admin-submissions');
    await page.getByLabel('State').selectOption('failed');
    await page.getByRole('button', { name: 'Show' }).click();
    assert.match(page.url(), /state=failed/);
    await page.getByRole('row', { name: /astray@example\.org/ }).waitFor();
    await page.getByLabel('Email address, or id').fill('ada@example.org');
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByRole('heading', { name: 'Submission', level: 1 }).waitFor();
    assert.doesNotMatch(page.url(), /ada/);
    await page.getByText('Handed over to the mail server').waitFor();
    await lookAt(page, 'admin-submission');
    await page.getByRole('link', { name: 'Email queued' }).click();
    await page.getByRole('heading', { name: 'Email “confirmation”', level: 1 }).waitFor();
    await lookAt(page, 'admin-message');
    await page.getByRole('link', { name: 'A sign-up by a form' }).click();
    await page.getByRole('button', { name: 'Show what came in' }).click();
    await page.getByLabel('What came in').waitFor();
    await lookAt(page, 'admin-submission-body');
    await places.getByRole('link', { name: 'Messages' }).click();
    await page.getByRole('row', { name: /ada@example\.org/ }).waitFor();
    await lookAt(page, 'admin-messages');
    await places.getByRole('link', { name: 'SMS' }).click();
    await page.getByText('No SMS yet').waitFor();
    await lookAt(page, 'admin-sms-none');
    await places.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('img', { name: /Sign-ups, 30 days/ }).waitFor();
    await page.locator('figure details summary').first().click();
    await lookAt(page, 'admin-site-charts');

    // What came in now shows by itself.
    await submit(gateway, shop, `lst_${'0'.repeat(32)}`, 'later@example.org');
    await page.locator('.figure.bad').getByText('2').waitFor();
    assert.ok(await page.locator('figure details').first().evaluate((one) => one.open), 'what was unfolded stays so');
    assert.deepEqual(blocked, []);
  });

  test('dismiss what failed alike, and undo it', async () => {
    await page.getByRole('navigation', { name: "Ann's Shop" }).getByRole('link', { name: 'Failed' }).click();
    await page.getByRole('heading', { name: 'By cause' }).waitFor();
    await lookAt(page, 'admin-failed-causes');
    await page.getByRole('link', { name: 'Decide about all 2' }).click();
    await page.getByRole('heading', { name: 'Dismiss all 2' }).waitFor();
    await lookAt(page, 'admin-cause');
    await page.getByLabel('Why').fill('Only a test.');
    await page.getByRole('button', { name: 'Dismiss all 2' }).click();
    await page.getByText('They are dismissed.').waitFor();
    await lookAt(page, 'admin-dismissed');
    await page.getByRole('link', { name: 'What was dismissed' }).click();
    await page.getByRole('button', { name: 'Bring back' }).waitFor();
    await lookAt(page, 'admin-what-was-dismissed');
    await page.goBack();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('They wait for a decision again.').waitFor();
    const [later] = (await failures()).filter(({ id }) => id !== undefined).slice(0, 1);
    await gateway.command('failed', 'dismiss', later.id);
    assert.deepEqual(blocked, []);
  });

  test('send on what failed', async () => {
    await page.getByRole('navigation', { name: 'Gateway' }).getByRole('link', { name: 'Failed' }).click();
    await page.getByRole('heading', { name: 'Failed', level: 1 }).waitFor();
    await lookAt(page, 'admin-failed');
    await page.getByRole('link', { name: 'Review' }).click();
    await lookAt(page, 'admin-failure');
    await page.getByRole('button', { name: 'Show what came in' }).click();
    await page.getByText('astray@example.org').waitFor();
    await lookAt(page, 'admin-failure-body');
    await page.getByLabel('Subscribe to this list instead').selectOption(list);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('status').waitFor();
    await lookAt(page, 'admin-failed-done');
    await until('the replay', async () => (await failures()).length === 0);
  });

  test('say who on the lists is worth a look', async () => {
    await page.getByRole('navigation', { name: 'Gateway' }).getByRole('link', { name: 'Hygiene' }).click();
    await page.getByRole('heading', { name: 'List hygiene', level: 1 }).waitFor();
    await lookAt(page, 'admin-hygiene');
    await page.getByRole('row', { name: /Ann's Shop/ }).getByRole('link').click();
    await page.getByText('Nobody is on these lists yet').waitFor();
    await lookAt(page, 'admin-site-hygiene');
    assert.deepEqual(blocked, []);
  });

  test('look a person up, and what can be connected', async () => {
    const places = page.getByRole('navigation', { name: "Ann's Shop" });
    await places.getByRole('link', { name: 'Contacts' }).click();
    await page.getByRole('heading', { name: 'Contacts', level: 1 }).waitFor();
    await lookAt(page, 'admin-contacts');
    await page.getByLabel('Email address').fill('astray@example.org');
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByRole('heading', { name: 'astray@example.org', level: 1 }).waitFor();
    await lookAt(page, 'admin-contact');
    await places.getByRole('link', { name: 'Connections' }).click();
    await page.getByText('This site has no connection of its own').waitFor();
    await lookAt(page, 'admin-connections');
    await page.getByRole('link', { name: 'Connect Mailjet for Lists' }).click();
    await page.getByLabel('Secret key').waitFor();
    await lookAt(page, 'admin-connect');
    assert.deepEqual(blocked, []);
  });

  test('run a site without a shell: lists, keys, hooks, settings', async () => {
    const places = page.getByRole('navigation', { name: "Ann's Shop" });
    await places.getByRole('link', { name: 'Lists', exact: true }).click();
    await page.getByRole('heading', { name: 'Lists', level: 1 }).waitFor();
    await lookAt(page, 'admin-lists');
    await page.getByRole('link', { name: /asked to confirm Newsletter/ }).click();
    await page.getByRole('heading', { name: 'Who was asked to confirm Newsletter', level: 1 }).waitFor();
    await lookAt(page, 'admin-pending');
    await page.getByRole('link', { name: 'Ask many again…' }).click();
    await page.getByText('There is nobody to ask again').waitFor();
    await lookAt(page, 'admin-resend');
    await page.getByRole('link', { name: 'Back' }).click();
    await page.getByRole('navigation', { name: 'Status' }).getByRole('link', { name: 'unsubscribed' }).click();
    await page.getByRole('heading', { name: 'Who unsubscribed from Newsletter', level: 1 }).waitFor();
    await lookAt(page, 'admin-unsubscribed');
    await places.getByRole('link', { name: 'Lists', exact: true }).click();
    await page.getByRole('link', { name: 'New list' }).click();
    await lookAt(page, 'admin-new-list');
    await page.getByLabel('Name').fill('Offers');
    await page.getByRole('button', { name: 'Add list' }).click();
    await page.getByRole('heading', { name: 'Offers', level: 1 }).waitFor();
    await page.getByText('Names and descriptions by language').click();
    await page.getByLabel('Name in French').fill('Nos offres');
    await page.getByLabel('Description in French').fill('Deux fois par mois.');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Names and descriptions by language (1)').waitFor();
    await page.getByText('Archive this list…').click();
    await page.getByText('Delete this list…').click();
    await page.getByRole('button', { name: 'Archive list' }).waitFor();
    await lookAt(page, 'admin-list');
    await page.getByRole('link', { name: 'Who is on it' }).click();
    await page.getByText('Nobody is on this list yet').waitFor();
    await lookAt(page, 'admin-members');

    await places.getByRole('link', { name: 'Forms' }).click();
    await page.getByRole('heading', { name: 'Forms', level: 1 }).waitFor();
    await lookAt(page, 'admin-forms');

    await places.getByRole('link', { name: 'Keys' }).click();
    await page.getByLabel('What it is for').fill('Zapier');
    await page.getByRole('button', { name: 'Make key' }).click();
    await page.getByText('shown only this once').waitFor();
    await page.getByText('Revoke…').last().click();
    await page.getByText('It was never used.').last().waitFor();
    await lookAt(page, 'admin-keys');

    await places.getByRole('link', { name: 'Hooks' }).click();
    await page.getByText('Nobody is told of events yet').waitFor();
    await lookAt(page, 'admin-hooks-none');
    await page.getByRole('link', { name: 'New hook' }).click();
    await lookAt(page, 'admin-new-hook');
    await page.getByLabel('Address').fill('https://hooks.example.org/1');
    await page.getByLabel('subscription.confirmed').check();
    await page.getByRole('button', { name: 'Add hook' }).click();
    await page.getByText('shown only this once').waitFor();
    await lookAt(page, 'admin-hook');
    await page.getByLabel('Send events to').fill('https://hooks.example.org/2');
    await page.getByRole('button', { name: 'Save address' }).click();
    await page.getByText('Events go to the new address from now on.').waitFor();
    await page.getByText('Delete this hook…').click();
    await page.getByText('Nothing waits for it.').waitFor();
    await lookAt(page, 'admin-hook-delete');
    await places.getByRole('link', { name: 'Hooks' }).click();
    await lookAt(page, 'admin-hooks');

    await places.getByRole('link', { name: 'Settings' }).click();
    await page.getByLabel('Colour').fill('#1a2b3c');
    await page.getByLabel('Footer').fill("Ann's Shop Ltd\n1 High Street, York YO1 9XX\nhttps://shop.example/imprint");
    const framed = (title) => page.frameLocator(`iframe[title="${title}"]`);
    await framed("The mail's HTML").getByText('1 High Street, York YO1 9XX').waitFor();
    await framed('The confirmation page').getByText('1 High Street, York YO1 9XX').waitFor();
    const colour = (place) => place.evaluate((element) => getComputedStyle(element).backgroundColor);
    assert.equal(await colour(framed('The confirmation page').locator('button.main')), 'rgb(26, 43, 60)', 'its style sheet is there');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('status').waitFor();
    await lookAt(page, 'admin-settings');
    assert.deepEqual(blocked, []);

    await places.getByRole('link', { name: 'Suppressions' }).click();
    await page.getByLabel('Address to write to no more').fill('gone@example.org');
    await page.getByLabel('How you know').fill('A letter came back.');
    await page.getByRole('button', { name: 'Write to it no more' }).click();
    await page.getByRole('status').waitFor();
    await page.getByLabel('Email address').fill('gone@example.org');
    await page.getByRole('button', { name: 'Look up' }).click();
    await page.getByRole('status').waitFor();
    await lookAt(page, 'admin-suppressions');

    await places.getByRole('link', { name: 'Audit' }).click();
    await page.getByRole('cell', { name: 'list.added' }).first().waitFor();
    await lookAt(page, 'admin-site-audit');
    assert.deepEqual(blocked, []);
  });

  test('look after people who sign in, and the gateway itself', async () => {
    const bar = page.getByRole('navigation', { name: 'Gateway' });
    await bar.getByRole('link', { name: 'People' }).click();
    await page.getByLabel('Email address').fill('vera@agency.example');
    await page.getByLabel('Role').selectOption('viewer');
    await page.getByLabel("Ann's Shop").check();
    await page.getByRole('button', { name: 'Make a link to hand over' }).click();
    await page.getByText('shown only now').waitFor();
    await lookAt(page, 'admin-people');
    await bar.getByRole('link', { name: 'Audit' }).click();
    await page.getByRole('cell', { name: 'admin.invited' }).first().waitFor();
    await lookAt(page, 'admin-audit');
    await bar.getByRole('link', { name: 'Health' }).click();
    await page.getByText('The database answers').waitFor();
    await lookAt(page, 'admin-health');
    for (const [place, what] of [
      ['Domains', 'shop.example'],
      ['Connections', 'No site has a connection yet'],
      ['Hooks', 'hooks.example.org'],
    ]) {
      await bar.getByRole('link', { name: place }).click();
      await page.getByRole('heading', { name: place, level: 1 }).waitFor();
      await page.getByText(what).first().waitFor();
      await lookAt(page, `admin-all-${place.toLowerCase()}`);
      await page.getByLabel('State').selectOption('attention');
      await page.getByRole('button', { name: 'Show' }).click();
      await page.getByText('needs attention').last().waitFor();
      assert.match(page.url(), /show=attention/);
    }
    await page.locator('.me').getByRole('link').click();
    await page.getByText('This browser').waitFor();
    await lookAt(page, 'admin-sessions');
    await page.goto(`${gateway.url}/admin/sites/${shop.site}`);
    assert.deepEqual(blocked, []);
  });

  test('speak French to whose browser does', async () => {
    const context = await browser.newContext({ locale: 'fr-FR', storageState: await page.context().storageState() });
    const french = await context.newPage();
    const site = `/admin/sites/${shop.site}`;
    for (const [path, heading] of [
      ['/admin', 'Vue d’ensemble'], ['/admin/domains', 'Domaines d’expédition'], ['/admin/connections', 'Connexions'],
      ['/admin/hooks', 'Webhooks'], ['/admin/health', 'État du système'], [site, "Ann's Shop"],
      [`${site}/domains`, 'Domaines d’expédition'], [`${site}/connections`, 'Connexions'], [`${site}/hooks`, 'Webhooks'],
    ]) {
      await french.goto(`${gateway.url}${path}`);
      await french.getByRole('heading', { name: heading, level: 1 }).waitFor();
      await lookAt(french, `admin-fr-${path.replace(site, 'site').replace('/admin', '').replace('/', '-') || 'overview'}`);
    }
    await context.close();
  });

  test('bring people along from a file', async () => {
    await page.getByRole('navigation', { name: "Ann's Shop" }).getByRole('link', { name: 'Import and export' }).click();
    await page.getByText('No imports yet').waitFor();
    await lookAt(page, 'admin-imports-none');
    await page.getByLabel('CSV file').setInputFiles({
      name: 'members.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('Mail;Vorname;Town\nann@members.example;Ann;Turin\nbob@members.example;Bob;\nnobody;;\n'),
    });
    await page.getByRole('button', { name: 'Look at the file' }).click();
    await page.getByRole('heading', { name: 'What the columns hold' }).waitFor();
    await page.getByLabel('What column Town holds').selectOption('+');
    await page.getByLabel('The property that column Town is').fill('city');
    await lookAt(page, 'admin-import-draft');
    await page.getByLabel('Where they agreed').fill('Paper forms, spring fair 2025');
    await page.getByLabel('Day of consent').fill('2025-04-03');
    await page.getByRole('button', { name: 'Begin' }).click();
    await until('the end of the import', async () => {
      await page.reload();
      return (await page.getByText('done').count()) > 0;
    });
    await page.getByRole('link', { name: 'Rows that were not taken' }).waitFor();
    await lookAt(page, 'admin-import-done');
    await page.getByRole('link', { name: 'Import and export' }).first().click();
    await page.getByRole('row', { name: /members\.csv/ }).waitFor();
    await lookAt(page, 'admin-imports');
    assert.deepEqual(blocked, []);
  });

  test('check a message in an editor that keyboard and screen reader can use, and that no policy blocks', async () => {
    await page.getByRole('navigation', { name: "Ann's Shop" }).getByRole('link', { name: 'Check a message' }).click();
    await page.getByLabel('Subject').fill('FREE MONEY!!! CLICK NOW');
    const editor = page.getByRole('textbox', { name: 'HTML' });
    await page.waitForFunction(() => [...document.querySelectorAll('textarea[data-editor]')].every((one) => one.hidden));
    await editor.focus();
    await page.keyboard.type('<p>Hello {{ contact.first_name }}, {% if vars.order %}your order {{ vars.order.number }}{% endif %}');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.shadowRoot?.activeElement.ariaLabel), 'Text',
      'Tab leads on to the next field');
    await page.keyboard.type('Hello');
    await lookAt(page, 'admin-check');
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByRole('heading', { name: /findings/ }).waitFor();
    assert.match(await page.locator('textarea[name=html]').inputValue(), /vars\.order\.number/);
    assert.equal(await page.locator('textarea[name=text]').inputValue(), 'Hello');
    assert.match(await page.locator('.findings').textContent(), /spam-word:/);
    await lookAt(page, 'admin-checked');
    assert.deepEqual(blocked, []);

    const context = await browser.newContext({ javaScriptEnabled: false, storageState: await page.context().storageState() });
    const plain = await context.newPage();
    await plain.goto(`${gateway.url}/admin/sites/${shop.site}/check`);
    await plain.locator('textarea[name=html]').fill('<p>Hello</p>');
    await plain.getByRole('button', { name: 'Check' }).click();
    await plain.getByRole('heading', { name: /finding/ }).waitFor();
    await context.close();
  });

  test('an editor that comes late goes on where somebody types already', async () => {
    let come;
    const late = new Promise((resolve) => (come = resolve));
    await page.route('**/editor.js', async (route) => {
      await late;
      await route.continue();
    });
    await page.goto(`${gateway.url}/admin/sites/${shop.site}/check`, { waitUntil: 'commit' });
    await page.locator('textarea[name=html]').focus();
    await page.keyboard.type('<p>Hello</p>');
    for (let i = 0; i < '</p>'.length; i++) await page.keyboard.press('ArrowLeft');
    come();
    await page.locator('.editor').first().waitFor();
    await page.keyboard.type(' world');
    assert.equal(await page.locator('textarea[name=html]').inputValue(), '<p>Hello world</p>');
    await page.unroute('**/editor.js');
  });

  test('can be walked by keyboard alone', async () => {
    await page.goto(`${gateway.url}/admin`);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to the content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => document.querySelector('main').contains(document.activeElement)));
  });

  test('show the jobs to operators, whose pages run under their own policy', async () => {
    await page.goto(`${gateway.url}/hangfire/recurring`);
    await page.getByText('worker-mail').first().waitFor();
    await screenshot(page, 'admin-jobs', {});
    await page.goto(`${gateway.url}/hangfire`);
    await page.getByText('Realtime Graph').waitFor();
    await screenshot(page, 'admin-jobs-graph', {});
    assert.deepEqual(blocked, []);
  });

  test('show a site manager their site alone', async () => {
    const context = await browser.newContext();
    const mona = await context.newPage();
    await mona.goto(await link('--name', 'Mona', '--site', shop.site));
    await mona.getByRole('button', { name: 'Sign in' }).click();
    await mona.getByRole('heading', { name: 'Overview' }).waitFor();
    assert.equal(await mona.getByRole('link', { name: 'Demo Shop' }).count(), 0);
    assert.equal((await mona.goto(`${gateway.url}/hangfire`)).status(), 404);
    await mona.getByRole('heading', { name: 'There is no such page' }).waitFor();
    await lookAt(mona, 'admin-not-found');

    await gateway.command('admin', 'revoke', 'Mona');
    await mona.goto(`${gateway.url}/admin`);
    await mona.getByRole('heading', { name: 'Sign in' }).waitFor();
    await context.close();
  });

  test('show a viewer what there is, and whoever looks after privacy the people alone', async () => {
    for (const role of ['viewer', 'privacy']) {
      const context = await browser.newContext();
      const guest = await context.newPage();
      await guest.goto(await link('--name', role, '--site', shop.site, '--role', role));
      await guest.getByRole('button', { name: 'Sign in' }).click();
      await guest.getByRole('heading', { name: 'Overview' }).waitFor();
      await lookAt(guest, `admin-${role}-overview`);
      await guest.goto(`${gateway.url}/admin/sites/${shop.site}/${role === 'viewer' ? 'settings' : 'contacts'}`);
      await lookAt(guest, `admin-${role}`);
      await context.close();
    }
  });

  test('let out who signs out', async () => {
    await page.goto(`${gateway.url}/admin`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.goto(`${gateway.url}/admin/failed`);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });
});

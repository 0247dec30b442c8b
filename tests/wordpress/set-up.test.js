// From an empty gateway to the first confirmed subscriber in a browser, without a shell: set-up, WordPress connected by one press, form,
// confirmation, its story, the evidence on paper, and the person who takes her data along and erases herself. The set-up is done by the
// keyboard alone.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch, listenForBlocked, openPage, signIn } from './lib/browser.js';
import { createGateway } from './lib/gateway.js';
import { lookAt, lookAtPart } from './lib/look.js';
import { startMail } from './lib/mail.js';
import { run, until } from './lib/process.js';
import { startSite } from './lib/site.js';

const buildZip = fileURLToPath(new URL('../../wordpress-plugin/build-zip', import.meta.url));
const [operator, manager, visitor] = ['olga@agency.example', 'ann@shop.example', 'ada@example.org'];

describe('From nothing to the first subscriber', () => {
  const started = [];
  const keep = (thing, end) => (started.unshift(() => end(thing)), thing);
  let mail, gateway, site, archive, page, owner, reader, blocked;

  before(async () => {
    const folder = keep(await mkdtemp(join(tmpdir(), 'gateway-archive-')), (it) => rm(it, { recursive: true, force: true }));
    archive = join(folder, 'gateway-connector.zip');
    mail = keep(await startMail(), (it) => it.stop());
    gateway = keep(await createGateway({ mail, settings: { Mail__From: 'gateway@agency.example' } }), (it) => it.remove());
    await gateway.start();
    site = keep(await startSite({ plugin: false }), (it) => it.stop());
    const browser = keep(await launch(), (it) => it.close());
    owner = await signIn(browser, site);
    page = await openPage(browser);
    reader = await openPage(browser);
    blocked = await listenForBlocked(page);
  });
  after(async () => {
    if (lost) console.error(gateway?.output());
    for (const end of started) await end();
  });

  // Each step builds on the one before.
  let lost = false;
  const step = (name, act) =>
    test(name, async () => {
      assert.ok(!lost, 'an earlier step failed');
      lost = true;
      await act();
      lost = false;
    });

  /** Moves on by the tabulator until it is there, as somebody without a mouse does. */
  async function tabTo(target) {
    for (let presses = 0; presses < 60; presses++) {
      await page.keyboard.press('Tab');
      if (await target.evaluate((element) => element === document.activeElement)) return;
    }
    throw new Error(`${target} cannot be reached by the keyboard`);
  }
  async function type(label, text) {
    await tabTo(page.getByLabel(label, { exact: true }));
    await page.keyboard.press('Control+A');
    await page.keyboard.type(text);
  }
  async function enter(role, name) {
    await tabTo(page.getByRole(role, { name, exact: true }));
    await page.keyboard.press('Enter');
  }
  const heading = (name, on = page) => on.getByRole('heading', { name, level: 1, exact: true }).waitFor();

  let contact; // The address of her page.

  // What the owner of the website presses and types, from "Plugins › Add" on.
  const pressed = [];
  let begun;
  async function press(target, what) {
    begun ??= Date.now();
    pressed.push(what);
    await target.click();
  }

  step('the first link leads to the set-up', async () => {
    await page.goto(gateway.output().match(/http:\S+\/admin\/sign-in\/\S+/)[0]);
    await enter('button', 'Sign in');
    await heading('Set up the gateway');
    await lookAt(page, 'set-up');
    await enter('link', 'Start');
    await heading('Public address');
    await lookAt(page, 'set-up-address');
  });

  step('the public address is checked by a request to it', async () => {
    await enter('button', 'Check the address');
    await heading('Sending emails');
    await page.getByText('The public address leads here.').waitFor();
    await lookAt(page, 'set-up-mail');
  });

  step('a test email arrives, and its button says so', async () => {
    await type('Your email address', operator);
    await enter('button', 'Send the test email');
    await page.getByText('A test email is on its way').waitFor();
    await lookAt(page, 'set-up-mail-sent');
    const { text } = await mail.to(operator);
    const link = text.match(new RegExp(`${gateway.url}/admin/test-mail/\\S+`))[0];
    await reader.goto(link);
    await lookAt(reader, 'set-up-test-mail');
    await reader.getByRole('button', { name: 'Yes, it arrived' }).click();
    await heading('Your gateway can send emails', reader);
    await lookAt(reader, 'set-up-test-mail-arrived');
    await page.reload();
    await page.getByText('A test email arrived.').waitFor();
    await enter('link', 'Next: First site');
  });

  step('the first site and the first list are added', async () => {
    await heading('First site');
    await lookAt(page, 'set-up-site');
    await type('Name', 'Test Shop');
    await type('Sender', 'news@shop.example');
    await enter('button', 'Add the site');
    await page.getByText('The site is added.').waitFor();
    await lookAt(page, 'set-up-site-added');
    await enter('link', 'Next: First list');
    await heading('First list');
    await lookAt(page, 'set-up-list');
    await type('Name', 'Newsletter');
    await enter('button', 'Add the list');
    await heading('Connect');
    await lookAt(page, 'set-up-connect');
    await page.getByText(gateway.url, { exact: true }).first().waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'gateway-connector.zip' }).click(),
    ]);
    await download.saveAs(archive);
    const released = archive.replace('.zip', '-released.zip');
    await run(buildZip, [released]);
    const [here, there] = await Promise.all([archive, released].map(async (one) => (await run('unzip', ['-Z1', one])).trim().split('\n')));
    assert.deepEqual(here.sort(), there.sort());
    assert.deepEqual(blocked, []);
  });

  step('a key for Zapier is made and shown once', async () => {
    await page.getByRole('button', { name: 'Make a key for Zapier' }).click();
    await page.getByText('The secret is shown only now').waitFor();
    await lookAt(page, 'set-up-zapier-key');
  });

  step('whoever looks after the site is invited', async () => {
    await page.goto(`${gateway.url}/admin/people`);
    await type('Email address', manager);
    await page.getByLabel('Role').selectOption('manager');
    await tabTo(page.getByLabel('Test Shop'));
    await page.keyboard.press('Space');
    await enter('button', 'Invite by email');
    await page.getByText('The invitation is on its way.').waitFor();
    await mail.to(manager);
  });

  step('the plugin is installed and leads to the connection', async () => {
    await owner.goto(`${site.url}/wp-admin/plugin-install.php?tab=upload`);
    begun = Date.now();
    await owner.locator('#pluginzip').setInputFiles(archive);
    await press(owner.locator('#install-plugin-submit'), 'Install Now');
    await press(owner.getByRole('link', { name: 'Activate Plugin' }), 'Activate Plugin');
    await owner.getByRole('heading', { name: 'First steps' }).waitFor();
    await lookAtPart(owner, 'wordpress-first-steps');
  });

  step('one press connects WordPress, after a sign-in by a link', async () => {
    await owner.getByLabel('Address of your gateway').fill(gateway.url);
    await press(owner.getByRole('button', { name: 'Connect', exact: true }), 'Connect, in WordPress');
    await owner.getByText('Sign in to connect your WordPress').waitFor();
    await lookAt(owner, 'connect-sign-in');
    await owner.getByLabel('Email address').fill(manager);
    await press(owner.getByRole('button', { name: 'Send me a link' }), 'Send me a link');
    await owner.goto(await mail.lastLink(manager, `${gateway.url}/admin/sign-in/`, 2));
    await press(owner.getByRole('button', { name: 'Sign in' }), 'Sign in');
    await heading('Connect WordPress', owner);
    assert.match(await owner.locator('main').innerText(), new RegExp(`${new URL(site.url).host}`));
    await lookAt(owner, 'connect-wordpress');
    await press(owner.getByRole('button', { name: 'Connect', exact: true }), 'Connect, at the gateway');
    await owner.getByText('Connected to 127.0.0.1 as “Test Shop”. Lists: Newsletter.').waitFor();
    assert.equal(owner.url(), `${site.url}/wp-admin/admin.php?page=gateway-connector`, 'the code does not stay in the address');
    await lookAtPart(owner, 'wordpress-connected-by-press');
  });

  step('another press puts the box into the form', async () => {
    await owner.getByLabel('Form', { exact: true }).selectOption('Contact');
    await press(owner.getByRole('button', { name: 'Put the box into the form' }), 'Put the box into the form');
    await owner.getByText('The box is in the form “Contact” now.').waitFor();
    await lookAtPart(owner, 'wordpress-first-form');
  });

  step('a visitor signs up and confirms, and the contact is shown', async () => {
    await reader.goto(site.forms.contact.page);
    await reader.getByLabel('Your name').fill('Ada');
    await reader.getByLabel('Your email').fill(visitor);
    await reader.locator('input[name="newsletter-1"]').check();
    await press(reader.getByRole('button', { name: 'Send' }), 'Send');
    await reader.locator('form[data-status="sent"]').waitFor();
    await site.nextMinute();
    const { text } = await mail.to(visitor);
    await reader.goto(text.match(new RegExp(`${gateway.url}/c/\\S+`))[0]);
    await press(reader.locator('form button').first(), 'Confirm');
    await reader.getByRole('status').waitFor();
    const seconds = Math.round((Date.now() - begun) / 1000);
    console.log(`From "Plugins › Add" to the first confirmed subscriber: ${pressed.length} presses, ${seconds} s here`);
    assert.ok(pressed.length <= 9, pressed.join(', '));
  });

  step('her submission tells its story', async () => {
    await page.goto(`${gateway.url}/admin`);
    await page.getByRole('row', { name: /Test Shop/ }).getByRole('link', { name: 'Test Shop', exact: true }).click();
    await page.getByRole('navigation', { name: 'Test Shop' }).getByRole('link', { name: 'Contacts' }).click();
    await page.getByLabel('Email address').fill(visitor);
    await page.getByRole('button', { name: 'Find' }).click();
    await heading(visitor);
    await page.getByText('confirmed').first().waitFor();
    contact = page.url();

    await page.getByRole('navigation', { name: 'Test Shop' }).getByRole('link', { name: 'Submissions' }).click();
    await page.locator('#main').getByRole('link', { name: visitor }).click();
    await lookAt(page, 'submission-story');
    const told = await page.locator('.story .what').allInnerTexts();
    for (const what of ['received', 'email queued', 'handed over', 'confirmed']) {
      assert.ok(told.some((one) => one.toLowerCase().includes(what)), `${what} is not in: ${told.join(' | ')}`);
    }
  });

  step('the evidence of her consent can be printed', async () => {
    await page.goto(contact);
    await lookAt(page, 'contact-confirmed');
    await page.getByRole('link', { name: 'Evidence of consent, to print' }).click();
    await heading('Consent record');
    await lookAt(page, 'evidence');
    const paper = await page.pdf({ format: 'A4' });
    assert.equal(paper.subarray(0, 5).toString(), '%PDF-');
    const words = await page.locator('main').innerText();
    for (const what of [visitor, 'The words shown', 'Confirmed at', 'Mail server']) assert.ok(words.includes(what), words);
  });

  step('she sees what is kept of her, takes it along, and erases herself', async () => {
    await reader.getByRole('link', { name: 'Manage your subscriptions' }).click();
    await reader.getByRole('button', { name: 'Send me a link to my data' }).click();
    await heading('Look into your mailbox', reader);
    await reader.goto(await mail.lastLink(visitor, `${gateway.url}/d/`, 2));
    await heading('Your data', reader);
    await lookAt(reader, 'own-data');
    const [download] = await Promise.all([
      reader.waitForEvent('download'),
      reader.getByRole('link', { name: 'Download as a file' }).click(),
    ]);
    const data = await readFile(await download.path(), 'utf8');
    for (const what of [visitor, 'Newsletter']) assert.ok(data.includes(what), data);

    await reader.getByLabel('Yes, delete my data').focus();
    await reader.keyboard.press('Space');
    await reader.keyboard.press('Tab');
    await reader.keyboard.press('Enter');
    await heading('Your data is deleted', reader);
    await lookAt(reader, 'own-data-deleted');
    await page.goto(contact);
    assert.ok(!(await page.locator('body').innerText()).includes(visitor), 'the console still names her');
    assert.deepEqual(blocked, []);
  });

  step('the set-up is done, and another site can be added', async () => {
    await page.goto(`${gateway.url}/admin/set-up`);
    assert.deepEqual(await page.locator('.steps .badge').allInnerTexts(), ['done', 'done', 'done', 'done']);
    await lookAt(page, 'set-up-done');
    await page.getByRole('link', { name: 'Add a site' }).last().click();
    await heading('Add a site');
    await lookAt(page, 'add-site');
    await until('nothing to be blocked', () => blocked.length === 0);
  });
});

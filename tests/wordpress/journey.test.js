// The whole way of one subscriber: form, spool, gateway, mail, confirmation, list. Everything is real but the provider.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startMailjet } from '../contracts/mailjet.js';
import { launch, openPage, picture, signIn } from './lib/browser.js';
import { createGateway } from './lib/gateway.js';
import { lookAt, lookAtPart } from './lib/look.js';
import { startMail } from './lib/mail.js';
import { until } from './lib/process.js';
import { startSite } from './lib/site.js';

const visitor = { name: "Zoé O'Brien 50% Lee", email: 'zoe@example.org' };

describe('From the form to the list', () => {
  const started = [];
  const keep = (thing, end) => (started.unshift(() => end(thing)), thing);
  let site, mail, mailjet, gateway, browser, admin, reader;
  let account, list, link;

  before(async () => {
    mail = keep(await startMail(), (it) => it.stop());
    mailjet = keep(await startMailjet({ port: 0 }), (it) => it.close());
    gateway = keep(await createGateway({ mail, mailjet }), (it) => it.remove());
    await gateway.start();
    site = keep(await startSite(), (it) => it.stop());
    browser = keep(await launch(), (it) => it.close());
    admin = await signIn(browser, site);
    reader = await openPage(browser);
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

  const openForm = () =>
    admin.goto(`${site.url}/wp-admin/admin.php?page=wpcf7&post=${site.forms.newsletter.id}&active-tab=gateway-connector-panel`);
  const additions = () => mailjet.requests.filter(({ path, body }) => path.endsWith('/managecontact') && body.Action === 'addforce');
  const evidence = () => gateway.command('consents', 'verify', account.site);

  step('the operator adds the site and a list', async () => {
    const response = await fetch(`${mailjet.url}/v3/REST/contactslist`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('key:secret')}`, 'content-type': 'application/json' },
      body: JSON.stringify({ Name: 'Lettre' }),
    });
    const providerList = String((await response.json()).Data[0].ID);
    account = await gateway.command('site', 'add', 'Test Shop', '--from', 'lettre@shop.example', '--language', 'fr');
    assert.match(account.connectionKey, /^gwc_[\w-]+$/);
    ({ list } = await gateway.command('list', 'add', account.site, 'Lettre', '--provider', 'mailjet', '--provider-list', providerList));
    assert.match(list, /^lst_/);
  });

  step('the owner pastes the connection key', async () => {
    await admin.goto(`${site.url}/wp-admin/admin.php?page=gateway-connector`);
    await lookAtPart(admin, 'wordpress-connect');
    await admin.getByText('Use a connection key instead').click();
    await admin.fill('#gateway-connector-key', account.connectionKey);
    await admin.getByRole('button', { name: 'Use this key' }).click();
    await admin.getByText('Connected to 127.0.0.1 as “Test Shop”. Lists: Lettre.').waitFor();
    assert.ok(!(await admin.content()).includes(account.connectionKey), 'the key must not be printed back');
    await lookAtPart(admin, 'wordpress-connected');
  });

  step('the owner connects a form', async () => {
    await openForm();
    const panel = admin.locator('#gateway-connector-panel');
    await panel.getByLabel('Send this form’s submissions to the gateway').check();
    await panel.getByLabel('Mailing list').selectOption(list);
    await panel.getByLabel('Consent box').selectOption('lettre');
    await panel.getByLabel('Email field').selectOption('your-email');
    await panel.getByLabel('Name field').selectOption('your-name');
    await panel.getByLabel('Privacy policy').fill('https://shop.example/privacy');
    await admin.locator('input[name="wpcf7-save"]').last().click();
    await admin.getByText('Contact form saved.').waitFor();
    assert.equal(await panel.getByLabel('Mailing list').first().inputValue(), list);
    await lookAtPart(admin, 'wordpress-form-panel', '#gateway-connector-panel');
  });

  step('a visitor subscribes while the gateway is away, and nothing is lost', async () => {
    await gateway.stop();
    await reader.goto(site.forms.newsletter.page);
    await picture(reader, 'form');
    await reader.getByLabel('Votre nom').fill(visitor.name);
    await reader.getByLabel('Votre adresse').fill(visitor.email);
    await reader.getByLabel('Oui, envoyez-moi').check();
    await reader.getByRole('button', { name: 'Envoyer' }).click();
    await reader.locator('form[data-status="sent"] .wpcf7-response-output').waitFor();
    await picture(reader, 'form-sent');

    await site.nextMinute();
    const [row, ...others] = await site.spool();
    assert.deepEqual(others, []);
    assert.equal(row.state, 'waiting');
    assert.equal(Number(row.attempts), 1);
    assert.notEqual(row.last_error, '');
  });

  step('the owner sends it again when the gateway is back', async () => {
    await gateway.start();
    await admin.goto(`${site.url}/wp-admin/admin.php?page=gateway-connector-spool`);
    await lookAtPart(admin, 'wordpress-spool');
    await admin.locator('button[name="resend_all"], button[name="resend"]').first().click();
    await admin.getByText('1 entry will be sent within a minute.').waitFor();
    await site.nextMinute();
    assert.deepEqual((await site.spool()).map((row) => row.state), ['delivered']);
  });

  step('the confirmation mail is in the language of the form and repeats nothing that was typed', async () => {
    const message = await mail.to(visitor.email);
    assert.match(message.html, /<html[^>]* lang="fr/);
    assert.equal(message.from[0].address, 'lettre@shop.example');
    assert.equal(message.headers['auto-submitted'], 'auto-generated');
    link = message.text.match(new RegExp(`${gateway.url}/c/\\S+`))?.[0];
    assert.ok(link, message.text);
    // Without the link: by chance its token may hold anything.
    for (const part of [message.subject, message.html, message.text]) assert.doesNotMatch(part.replaceAll(link, ''), /Zo|Brien|Lee/);
    await reader.setContent(message.html);
    await picture(reader, 'confirmation-mail');
  });

  step('a HEAD request confirms nothing, a link cannot be replayed, and no name or address stands in it', async () => {
    assert.match(link, /\/c\/[\w-]{32,}$/); // A random token, and nothing beside it.
    for (const method of ['HEAD', 'GET', 'HEAD', 'GET']) {
      const response = await fetch(link, { method });
      assert.equal(response.status, 200, method);
    }
    assert.equal((await evidence()).entries, 0);
    assert.deepEqual(additions(), []);
  });

  step('pressing the button confirms, and the provider hears of it once', async () => {
    await reader.goto(link);
    assert.match(await reader.locator('html').getAttribute('lang'), /^fr/);
    await picture(reader, 'confirm');
    const posted = reader.waitForResponse((response) => response.request().method() === 'POST');
    await Promise.all([posted, reader.locator('form button').first().click()]);
    await picture(reader, 'confirmed');

    await until('the provider to hear of the subscriber', () => additions().length > 0);
    // A second press is no error and changes nothing: what the provider is told is written together with the evidence.
    assert.ok((await fetch(link, { method: 'POST', body: new URLSearchParams({ do: 'confirm' }) })).ok);
    assert.equal((await evidence()).entries, 1);
    await reader.goto(link);
    await picture(reader, 'confirm-again');
    assert.deepEqual(additions().map(({ body }) => [body.Email, body.Name]), [[visitor.email, visitor.name]]);
  });

  step('somebody who is on the list and writes again stays on it', async () => {
    await reader.goto(site.forms.newsletter.page);
    await reader.getByLabel('Votre nom').fill(visitor.name);
    await reader.getByLabel('Votre adresse').fill(visitor.email);
    await reader.getByRole('button', { name: 'Envoyer' }).click();
    await reader.locator('form[data-status="sent"] .wpcf7-response-output').waitFor();
    await site.nextMinute();
    assert.deepEqual((await site.spool()).map(({ state }) => state), ['delivered', 'delivered']);
    const changes = mailjet.requests.map(({ body }) => body?.Action).filter(Boolean);
    assert.deepEqual(changes, ['addforce']);
  });

  step('the evidence of consent verifies', async () => {
    const { entries, ok } = await evidence();
    assert.equal(ok, true);
    assert.equal(entries, 1);
  });

  step('nobody is written to without the tick', async () => {
    const page = await openPage(browser, { javaScriptEnabled: false });
    for (const [address, ticks] of [['max@example.org', false], ['mia@example.org', true]]) {
      await page.goto(site.forms.newsletter.page);
      await page.getByLabel('Votre adresse').fill(address);
      if (ticks) await page.getByLabel('Oui, envoyez-moi').check();
      await page.getByRole('button', { name: 'Envoyer' }).click();
      await page.locator('form[data-status="sent"]').waitFor();
    }
    await page.close();
    await site.nextMinute();
    const rows = await site.spool();
    assert.deepEqual(rows.map((row) => row.state), ['delivered', 'delivered', 'delivered', 'delivered']);
    assert.deepEqual(rows.map((row) => JSON.parse(row.payload).subscribe?.[0]?.consent.given ?? false), [true, false, false, true]);
    await mail.to('mia@example.org');
    assert.deepEqual((await mail.all()).map(({ to }) => to[0].address).sort(), ['mia@example.org', visitor.email]);
  });

  step('a form for three lists brings one mail, one page with three boxes, and three entries of evidence', async () => {
    const more = [
      await gateway.command('list', 'add', account.site, 'Offres'),
      await gateway.command('list', 'add', account.site, 'Mesures', '--purpose', 'tracking'),
    ];
    await openForm();
    const panel = admin.locator('#gateway-connector-panel');
    await panel.getByText('Refresh the lists').click();
    for (const [at, one] of more.entries()) {
      await panel.getByRole('button', { name: 'Add a list' }).click();
      await panel.getByLabel('Mailing list').nth(at + 1).selectOption(one.list);
      await panel.getByLabel('Consent box').nth(at + 1).selectOption('lettre');
    }
    await admin.locator('input[name="wpcf7-save"]').last().click();
    await admin.getByText('Contact form saved.').waitFor();

    const address = 'trois@example.org';
    await reader.goto(site.forms.newsletter.page);
    await reader.getByLabel('Votre nom').fill('Ada');
    await reader.getByLabel('Votre adresse').fill(address);
    await reader.getByLabel('Oui, envoyez-moi').check();
    await reader.getByRole('button', { name: 'Envoyer' }).click();
    await reader.locator('form[data-status="sent"] .wpcf7-response-output').waitFor();
    await site.nextMinute();
    const message = await mail.to(address);
    assert.match(message.text, /Lettre, Offres, Mesures/);

    await reader.goto(message.text.match(new RegExp(`${gateway.url}/c/\\S+`))[0]);
    assert.deepEqual(await reader.locator('label bdi').allInnerTexts(), ['Lettre', 'Offres', 'Mesures']);
    assert.match(await reader.locator('label').last().innerText(), /Nous mesurons si vous ouvrez nos e-mails/);
    await lookAt(reader, 'confirm-three-lists');
    const before = (await evidence()).entries;
    await Promise.all([
      reader.waitForResponse((response) => response.request().method() === 'POST'),
      reader.locator('form button').first().click(),
    ]);
    assert.equal((await evidence()).entries, before + 3);
    assert.equal((await mail.all()).filter(({ to }) => to[0].address === address).length, 1);
  });
});

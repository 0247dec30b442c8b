// The plugin's own subscribe form: its author in the block editor, visitors with and without JavaScript, and bots. Contact Form 7 is not
// active.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, openPage, picture, signIn } from './lib/browser.js';
import { createGateway } from './lib/gateway.js';
import { lookAtPart } from './lib/look.js';
import { startMail } from './lib/mail.js';
import { until } from './lib/process.js';
import { startSite } from './lib/site.js';

const block = (settings) => `<!-- wp:gateway-connector/subscribe ${JSON.stringify(settings)} /-->`;

describe('The subscribe form', () => {
  const started = [];
  const keep = (thing, end) => (started.unshift(() => end(thing)), thing);
  let site, mail, gateway, browser, admin;
  let list, account, page;

  before(async () => {
    mail = keep(await startMail(), (it) => it.stop());
    gateway = keep(await createGateway({ mail }), (it) => it.remove());
    await gateway.start();
    site = keep(await startSite(), (it) => it.stop());
    browser = keep(await launch(), (it) => it.close());
    account = await gateway.command('site', 'add', 'Test Shop', '--from', 'news@shop.example');
    await gateway.command('list', 'add', account.site, 'Offers');
    ({ list } = await gateway.command('list', 'add', account.site, 'Newsletter'));
    await site.php(
      `require_once ABSPATH . 'wp-admin/includes/plugin.php';
       deactivate_plugins( 'contact-form-7/wp-contact-form-7.php' );
       update_option( 'wp_page_for_privacy_policy',
         wp_insert_post( array( 'post_type' => 'page', 'post_status' => 'publish', 'post_title' => 'Privacy' ) ) );
       return update_option( 'gateway_connector_key', '${account.connectionKey}' );`,
    );
    admin = await signIn(browser, site);
  });
  after(async () => {
    for (const end of started) await end();
  });

  const createPage = (title, content) =>
    site.php(
      `$page = array( 'post_type' => 'page', 'post_status' => 'publish', 'post_title' => '${title}', 'post_content' => '${content}' );
       return get_permalink( wp_insert_post( wp_slash( $page ) ) );`,
    );
  const kept = async () => (await site.spool()).map(({ payload }) => JSON.parse(payload));
  const addresses = async () => (await kept()).map(({ fields }) => fields.email);

  async function visit(url, options) {
    const visitor = await openPage(browser, options);
    await visitor.goto(url);
    return visitor;
  }

  async function fill(visitor, email) {
    await visitor.getByLabel('Email address').fill(email);
    await visitor.getByLabel('Yes, send me').check();
  }

  const send = (visitor) => visitor.getByRole('button', { name: 'Subscribe' }).click();
  const answer = (visitor) => visitor.locator('.gateway-connector-subscribe [role="status"]');
  const success = 'Thank you. Please check your inbox and confirm your address.';

  test('a request that shows no form does not set up the scripts of WordPress', async () => {
    assert.equal(await site.php(`return isset( $GLOBALS['wp_scripts'] );`), false);
  });

  test('an author puts the block into a page and chooses the list from a menu', async () => {
    await admin.goto(`${site.url}/wp-admin/post-new.php`);
    await admin.evaluate(() => window.wp.data.dispatch('core/preferences').set('core/edit-post', 'welcomeGuide', false));
    const canvas = admin.frameLocator('iframe[name="editor-canvas"]');
    await canvas.getByRole('textbox', { name: 'Add title' }).fill('Stay in touch');
    await admin.getByRole('button', { name: 'Block Inserter', exact: true }).click();
    await admin.getByRole('searchbox').first().fill('subscribe');
    await admin.getByRole('option', { name: 'Subscribe form' }).click();
    await canvas.getByText('Choose a mailing list in the settings of this block.').waitFor();
    await picture(admin, 'wordpress-block-placeholder');

    const settings = admin.getByRole('region', { name: 'Editor settings' });
    await settings.getByLabel('Mailing list').selectOption({ label: 'Newsletter' });
    await settings.getByLabel('Ask for the name too').check();
    await settings.getByLabel('Name of this form').fill('Page');
    await settings.getByLabel('Text beside the box').fill('Yes, send me the letter of Ann’s & Bob’s shop.');
    await canvas.getByText('Yes, send me the letter').waitFor();
    await canvas.getByLabel('Name (optional)').waitFor();
    await picture(admin, 'wordpress-block-editor');

    await admin.getByRole('button', { name: 'Publish', exact: true }).first().click();
    await admin.getByRole('region', { name: 'Editor publish' }).getByRole('button', { name: 'Publish', exact: true }).click();
    await admin.getByRole('region', { name: 'Editor publish' }).getByText('is now live').waitFor();
    page = await admin.evaluate(() => window.wp.data.select('core/editor').getPermalink());
  });

  test('with JavaScript a visitor stays on the page and reads what happens next', async () => {
    const visitor = await visit(page);
    const failed = [];
    visitor.on('requestfailed', (request) => failed.push(request.url()));
    visitor.on('request', (request) => request.url().startsWith(site.url) || failed.push(request.url()));
    await lookAtPart(visitor, 'wordpress-subscribe', '.gateway-connector-subscribe');
    assert.equal(await visitor.getByLabel('Yes, send me').isChecked(), false);

    await fill(visitor, 'zoe@example.org');
    await visitor.getByLabel('Name (optional)').fill("Zoé O'Brien");
    await send(visitor);
    await answer(visitor).getByText(success).waitFor();
    await lookAtPart(visitor, 'wordpress-subscribe-sent', '.gateway-connector-subscribe');
    assert.equal(visitor.url(), page);
    assert.deepEqual(failed, []);
    await visitor.close();

    const [{ form, fields, subscribe }, ...others] = await kept();
    assert.deepEqual(others, []);
    assert.deepEqual(form, { id: 'subscribe-page', title: 'Page', url: page, locale: 'en_US' });
    assert.deepEqual(fields, { email: 'zoe@example.org', name: "Zoé O'Brien" });
    assert.equal(subscribe[0].list, list);
    assert.equal(subscribe[0].consent.text, 'Yes, send me the letter of Ann’s & Bob’s shop.');
    assert.match(subscribe[0].consent.policyUrl, /privacy/);
  });

  test('a mistake is said beside the form, and the field has the focus', async () => {
    const visitor = await visit(page);
    await fill(visitor, 'zoe@localhost');
    await send(visitor);
    await answer(visitor).getByText('complete email address').waitFor();
    assert.equal(await visitor.evaluate(() => document.activeElement.getAttribute('aria-invalid')), 'true');
    assert.equal(await visitor.getByLabel('Email address').inputValue(), 'zoe@localhost');
    await lookAtPart(visitor, 'wordpress-subscribe-mistake', '.gateway-connector-subscribe');

    await visitor.getByLabel('Email address').fill('zoe@example.net');
    await send(visitor);
    await answer(visitor).getByText(success).waitFor();
    await visitor.close();
    assert.equal((await addresses()).at(-1), 'zoe@example.net');
  });

  test('without JavaScript the visitor comes back to the form, and a mistake costs nothing typed', async () => {
    const visitor = await visit(page, { javaScriptEnabled: false });
    await fill(visitor, 'max@localhost');
    await visitor.getByLabel('Name (optional)').fill('Max');
    await send(visitor);
    await answer(visitor).filter({ hasText: /complete email|once more/ }).waitFor();
    assert.equal(await visitor.getByLabel('Name (optional)').inputValue(), 'Max');
    await visitor.getByLabel('Email address').fill('max@example.org');

    // A test is faster than people are, and is asked to press once more until it no longer is.
    await until('the form to be taken', async () => {
      await send(visitor);
      await visitor.waitForLoadState();
      return (await answer(visitor).textContent()) === success;
    });
    assert.match(visitor.url(), /\?gateway-connector-form-1=sent#gateway-connector-form-1$/);
    await picture(visitor, 'wordpress-subscribe-sent-plain');
    await visitor.reload();
    await visitor.close();
    assert.deepEqual((await addresses()).filter((address) => address.startsWith('max')), ['max@example.org']);
  });

  test('a page that a cache has kept for a day still works', async () => {
    const html = await (await fetch(page)).text();
    const visitor = await openPage(browser);
    await visitor.route(page, (route) =>
      route.request().method() === 'GET' ? route.fulfill({ body: html, contentType: 'text/html' }) : route.continue(),
    );
    await visitor.goto(page);
    await fill(visitor, 'cached@example.org');
    await send(visitor);
    await answer(visitor).getByText(success).waitFor();
    await visitor.close();
    assert.equal((await addresses()).at(-1), 'cached@example.org');
  });

  test('bots are caught: the one that fills in everything hears nothing of it, the fast one is asked again', async () => {
    const before = await addresses();
    const hidden = async () => {
      const html = await (await fetch(page)).text();
      const fields = [...html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]);
      return new URLSearchParams([...fields, ['gateway-connector-email', 'bot@example.org'],
        ['gateway-connector-name', 'Bot'], ['gateway-connector-consent', '1'], ['gateway-connector-script', '1']]);
    };
    const post = async (body) => (await fetch(page, { method: 'POST', body })).json();

    const greedy = await hidden();
    greedy.set('gateway-connector-topic', 'https://spam.example');
    assert.deepEqual(await post(greedy), { sent: true, message: success, field: '' });

    const fast = await hidden();
    fast.set('gateway-connector-topic', '');
    const { sent, message } = await post(fast);
    assert.equal(sent, false);
    assert.match(message, /once more/);

    const forger = await hidden();
    forger.set('gateway-connector-topic', '');
    forger.set('gateway-connector-form', `x${forger.get('gateway-connector-form')}`);
    assert.equal((await post(forger)).sent, false);

    assert.deepEqual(await addresses(), before);
  });

  test('it takes its colours from the page, and the shortcode does the same', async () => {
    const shortcode = `[gateway_connector_subscribe list="${list}" label="Yes, the short code & all." button="Go"]`;
    const dark = `<!-- wp:group {"align":"full","backgroundColor":"contrast","textColor":"base","layout":{"type":"constrained"}} -->
      <div class="wp-block-group alignfull has-base-color has-contrast-background-color has-text-color has-background">
      ${block({ list, name: true })}</div><!-- /wp:group -->
      <!-- wp:shortcode -->${shortcode}<!-- /wp:shortcode -->`;
    const visitor = await visit(await createPage('Dark', dark));
    const [colour, around] = await visitor.evaluate(() =>
      ['.gateway-connector-subscribe input[type="email"]', '.wp-block-group.has-base-color'].map(
        (path) => getComputedStyle(document.querySelector(path)).color,
      ),
    );
    assert.equal(colour, around);
    await lookAtPart(visitor, 'wordpress-subscribe-dark', '.gateway-connector-subscribe');

    await visitor.getByLabel('Email address').nth(1).fill('short@example.org');
    await visitor.getByLabel('Yes, the short code & all.').check();
    await visitor.getByRole('button', { name: 'Go' }).click();
    await answer(visitor).nth(1).getByText(success).waitFor();
    assert.equal(await answer(visitor).nth(0).textContent(), '');
    await visitor.close();
    assert.equal((await kept()).at(-1).subscribe[0].consent.text, 'Yes, the short code & all.');
  });

  test('the gateway takes it all and asks for the confirmation', async () => {
    let states = ['waiting'];
    for (let minute = 0; minute < 5 && states.includes('waiting'); minute++) {
      // On a busy machine the gateway may answer late, and then the next minute takes what was left.
      await site.nextMinute();
      states = [...new Set((await site.spool()).map(({ state }) => state))];
    }
    assert.deepEqual(states, ['delivered']);
    const { text } = await mail.to('zoe@example.org');
    const link = text.match(new RegExp(`${gateway.url}/c/[\\w-]+`))?.[0];
    assert.ok((await fetch(link, { method: 'POST', body: new URLSearchParams({ do: 'confirm' }) })).ok);
    const { entries, ok } = await gateway.command('consents', 'verify', account.site);
    assert.deepEqual({ entries, ok }, { entries: 1, ok: true });
  });
});

// The figures that a site owner sees without leaving WordPress, from a real gateway, and when it is slow or away.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { launch, signIn } from './lib/browser.js';
import { createGateway } from './lib/gateway.js';
import { lookAtPart } from './lib/look.js';
import { startMail } from './lib/mail.js';
import { until } from './lib/process.js';
import { startSite } from './lib/site.js';

describe('Statistics in WordPress', () => {
  let site, mail, gateway, browser, admin;

  before(async () => {
    mail = await startMail();
    gateway = await createGateway({ mail });
    await gateway.start();
    site = await startSite();
    browser = await launch();
    admin = await signIn(browser, site);

    const account = await gateway.command('site', 'add', 'Test Shop', '--from', 'news@shop.example');
    const { list } = await gateway.command('list', 'add', account.site, 'News');
    await site.php(`return ( new Gateway_Connector\\Settings() )->save_key( '${account.connectionKey}' );`);
    await submit('ann@example.org', list);
    await submit('ben@example.org', list);
    await submit('eve@example.org', 'lst_nobody');
    await site.nextMinute();

    await mail.to('ben@example.org');
    const { text } = await mail.to('ann@example.org');
    const [link] = text.match(/https?:\S+\/c\/[\w-]{32}/);
    const confirmed = await fetch(link, { method: 'POST', body: new URLSearchParams({ do: 'confirm' }) });
    assert.equal(confirmed.status, 200);
    await until('the submission that cannot be understood', async () => (await gateway.command('failed', 'list')).length > 0);

    // The provider says that this mailbox does not exist.
    const { url } = await gateway.command('mail-events', 'add', 'brevo', '--site', account.site);
    const told = await fetch(`${gateway.url}${new URL(url).pathname}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ event: 'hard_bounce', email: 'ann@example.org', id: 1, ts_event: Math.floor(Date.now() / 1000) }),
    });
    assert.equal(told.status, 204);
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
    await gateway?.remove();
    await mail?.stop();
  });

  const submit = (email, list) =>
    site.php(`return gateway_connector_submit( array(
      'form'      => array( 'id' => '${site.forms.contact.id}', 'title' => 'Contact', 'locale' => 'en_US' ),
      'fields'    => array( 'email' => '${email}' ),
      'subscribe' => array( array( 'list' => '${list}', 'email' => 'email',
        'consent' => array( 'given' => true, 'text' => 'Yes, send me news.' ) ) ),
    ) );`);
  const open = () => admin.goto(`${site.url}/wp-admin/admin.php?page=gateway-connector-statistics`);
  const total = async (name) => {
    const box = admin.locator('.gateway-connector-totals div', { has: admin.getByText(name, { exact: true }) });
    return (await box.locator('dd').textContent()).trim();
  };
  /** Makes what is kept of the gateway's answers two hours old. */
  const age = () =>
    site.php(`$kept = get_transient( 'gateway_connector_statistics' ) ?: array();
      foreach ( $kept as &$entry ) { $entry['at'] -= 7200; $entry['tried'] -= 7200; }
      return set_transient( 'gateway_connector_statistics', $kept );`);

  test('what came in, who confirmed, from which form and what failed is on one page', async () => {
    // A busy gateway may not answer in the time that the page gives it.
    await until('the figures', async () => {
      await open();
      const isThere = (await admin.locator('.gateway-connector-totals').count()) > 0;
      if (!isThere) await age();
      return isThere;
    }, { seconds: 90 });
    assert.equal(await total('Submissions'), '3');
    assert.equal(await total('To be confirmed'), '1');
    assert.equal(await total('Confirmed'), '1');
    assert.equal(await total('Rate'), '50.0 %');
    await admin.getByRole('row', { name: /Contact 3 1 1 50\.0 %/ }).waitFor();
    await admin.getByText('The list it names does not exist at this site.').waitFor();
    assert.equal(await admin.locator('svg[role="img"] g').count(), 30);
    await until('the bounce', async () => {
      await age();
      await open();
      return (await admin.getByText('1 address does not exist: emails to it came back.').count()) > 0;
    });
    await lookAtPart(admin, 'wordpress-statistics');
  });

  test('the chart has a table that the keyboard opens', async () => {
    const table = admin.locator('.gateway-connector-figures table');
    assert.equal(await table.isVisible(), false);
    await admin.getByText('Show as a table').focus();
    await admin.keyboard.press('Enter');
    await table.waitFor();
    assert.equal(await table.locator('tbody tr').count(), 30);
    assert.match(await table.locator('tbody tr').first().innerText(), /\s3\s+1\s+1$/);
  });

  test('another time and one form can be chosen', async () => {
    await admin.getByRole('link', { name: 'A year' }).click();
    await admin.locator('a[aria-current="page"]', { hasText: 'A year' }).waitFor();
    assert.equal(await total('Submissions'), '3');
    await admin.locator('#wpbody-content').getByRole('link', { name: 'Contact', exact: true }).click();
    await admin.getByRole('link', { name: 'Show all forms' }).waitFor();
    assert.equal(await total('Submissions'), '3');
    await lookAtPart(admin, 'wordpress-statistics-year');
  });

  test('nothing is loaded from elsewhere', async () => {
    const asked = [];
    admin.on('request', (request) => asked.push(request.url()));
    await open();
    // The picture of whoever is signed in is WordPress' own.
    const ours = asked.filter((url) => !url.startsWith('data:') && new URL(url).host !== 'secure.gravatar.com');
    assert.deepEqual(ours.filter((url) => !url.startsWith(site.url)), []);
    admin.removeAllListeners('request');
  });

  test('the dashboard shows who confirmed', async () => {
    await admin.goto(`${site.url}/wp-admin/`);
    await admin.getByRole('row', { name: /Confirmed in 30 days 1, and 1 to be confirmed/ }).waitFor();
    await lookAtPart(admin, 'wordpress-dashboard', '#gateway_connector_delivery');
  });

  test('while the gateway is away the figures stay and say how old they are', async () => {
    await gateway.stop();
    await age();
    await open();
    await admin.getByText(/Newer figures are not available: .* refused the connection.*Updated 2 hours ago/).waitFor();
    assert.equal(await total('Confirmed'), '1');
    await lookAtPart(admin, 'wordpress-statistics-gateway-away');
  });

  test('a gateway that never answers does not hang the page', async () => {
    const silent = createServer((socket) => socket.on('error', () => {}));
    const sockets = new Set();
    silent.on('connection', (socket) => sockets.add(socket));
    silent.listen(Number(new URL(gateway.url).port), '127.0.0.1');
    await once(silent, 'listening');
    try {
      await age();
      const began = Date.now();
      await open();
      await admin.getByText(/did not answer in time/).waitFor();
      const took = Date.now() - began;
      assert.ok(took < 8_000, `${took} ms`);
      assert.equal(await total('Confirmed'), '1');
      assert.equal(sockets.size, 1);
    } finally {
      sockets.forEach((socket) => socket.destroy());
      silent.close();
    }
  });
});

// The users of a site and its lists at the gateway: the box at the registration, and the sync of all users, which nothing can break.
// Everything is real.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, openPage, picture, signIn } from './lib/browser.js';
import { createGateway } from './lib/gateway.js';
import { lookAtPart } from './lib/look.js';
import { startMail } from './lib/mail.js';
import { until } from './lib/process.js';
import { startSite } from './lib/site.js';

const members = process.env.GATEWAY_FULL ? 1200 : 300;
const odd = members / 2; // The one with an address that is none.
const number = (count) => count.toLocaleString('en-US');

describe('The users of a site', () => {
  const started = [];
  const keep = (thing, end) => (started.unshift(() => end(thing)), thing);
  let site, mail, gateway, browser, admin, account, list;

  before(async () => {
    mail = keep(await startMail(), (it) => it.stop());
    gateway = keep(await createGateway({ mail }), (it) => it.remove());
    await gateway.start();
    account = await gateway.command('site', 'add', 'Test Club', '--from', 'club@club.example');
    ({ list } = await gateway.command('list', 'add', account.site, 'Members'));
    site = keep(await startSite(), (it) => it.stop());
    await site.php(`( new Gateway_Connector\\Settings() )->save_key( '${account.connectionKey}' );`);
    await site.php(`global $wpdb;
      foreach ( range( 1, ${members} ) as $n ) {
        $wpdb->insert( $wpdb->users, array( 'user_login' => "m$n", 'user_nicename' => "m$n", 'display_name' => "Member $n",
          'user_email' => "m$n@club.example", 'user_registered' => '2025-01-01 00:00:00' ) );
        $wpdb->insert( $wpdb->usermeta, array( 'user_id' => $wpdb->insert_id, 'meta_key' => $wpdb->prefix . 'capabilities',
          'meta_value' => 'a:1:{s:10:"subscriber";b:1;}' ) );
      }
      $wpdb->update( $wpdb->users, array( 'user_email' => 'nobody' ), array( 'user_login' => 'm${odd}' ) );
      update_option( 'users_can_register', 1 );`);
    browser = keep(await launch(), (it) => it.close());
    admin = await signIn(browser, site);
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

  const openUsers = (page = admin) => page.goto(`${site.url}/wp-admin/admin.php?page=gateway-connector-users`);
  const status = (page = admin) => page.locator('.gateway-connector-bulk-text');
  const entries = async () => (await gateway.command('consents', 'verify', account.site)).entries;
  const synced = () =>
    site.php(`global $wpdb;
      return (int) $wpdb->get_var( "SELECT COUNT(*) FROM {$wpdb->usermeta} WHERE meta_key LIKE '%gateway_connector_synced'" );`);
  const endWait = () =>
    site.php(`global $wpdb;
      $due = "UPDATE {$wpdb->prefix}gateway_connector_spool SET due_at = '2026-01-01 00:00:00' WHERE state = 'waiting'";
      return delete_option( 'gateway_connector_hold' ) && $wpdb->query( $due );`);

  step('the owner chooses a role, a list and the proof, and reads what will happen', async () => {
    await openUsers();
    await admin.getByText('Off: nothing about users is sent.').waitFor();
    await lookAtPart(admin, 'wordpress-users-off');
    await admin.getByLabel('Sync lists at the gateway').check();
    await admin.getByLabel('Role').first().selectOption('subscriber');
    await admin.getByLabel('Mailing list').first().selectOption(list);
    await admin.getByLabel('They have already agreed').check();
    await admin.getByLabel('What they agreed to, word for word').fill('Members get the club’s letter.');
    await admin.getByLabel('Where', { exact: true }).fill('Membership form');
    await admin.getByLabel('Since which day').fill('2025-01-01');
    await admin.getByLabel('Property', { exact: true }).first().fill('login');
    await admin.getByLabel('Field', { exact: true }).first().selectOption('user_login');
    await admin.getByRole('button', { name: 'Add a rule' }).click();
    assert.equal(await admin.getByLabel('Role').count(), 3);
    await admin.getByRole('button', { name: 'Save' }).click();
    await admin.getByText(`${number(members)} users join Members at once, without being asked`).waitFor();
    await admin.getByText(`Checks ${number(members + 1)} users`).waitFor();
    assert.equal(await entries(), 0);
    await lookAtPart(admin, 'wordpress-users-ready');
  });

  step('the sync of all users runs while the page is open, and stops when the gateway does', async () => {
    await admin.getByRole('button', { name: 'Sync all users now' }).click();
    await status().getByText('Running').waitFor();
    await until('the first users at the gateway', async () => (await synced()) > 0, { seconds: 180 });
    await picture(admin, 'wordpress-users-running');
    await gateway.stop();
    await status().getByText('The gateway does not answer. The next try is in').waitFor({ timeout: 180_000 });
    await lookAtPart(admin, 'wordpress-users-gateway-away');
  });

  step('it can be paused and resumed', async () => {
    await admin.getByRole('button', { name: 'Pause' }).click();
    await status().getByText('Paused').waitFor();
    await admin.getByRole('button', { name: 'Resume' }).click();
    await status().getByText('Running').waitFor();
  });

  step('it goes on with the page closed, by the scheduled events', async () => {
    await admin.goto('about:blank');
    await gateway.start();
    await endWait();
    const before = await synced();
    await site.nextMinute();
    const after = await synced();
    assert.ok(after > before, `${after} after ${before}`);
    assert.equal(await entries(), after);
  });

  step('it can be followed to its end', async () => {
    await openUsers();
    await status().getByText('Done').waitFor({ timeout: 180_000 });
    assert.equal(await entries(), members - 1);
    assert.equal(await admin.locator('.gateway-connector-bulk progress').getAttribute('value'), '100');
  });

  step('who was not taken is listed with the reason, and tried again', async () => {
    await openUsers();
    const row = admin.getByRole('row', { name: new RegExp(`Member ${odd}`) });
    await row.getByText(/email is one valid address/).waitFor();
    await lookAtPart(admin, 'wordpress-users-done');
    await site.php(`return wp_update_user( array( 'ID' => get_user_by( 'login', 'm${odd}' )->ID, 'user_email' => 'odd@club.example' ) );`);
    await openUsers();
    await site.nextMinute();
    await openUsers();
    assert.equal(await admin.getByText('Not accepted by the gateway').count(), 0);
    assert.equal(await entries(), members);
  });

  step('a second sync says nothing twice, and how long an undisturbed one takes', async () => {
    await admin.getByRole('button', { name: 'Sync all users again' }).click();
    const done = `Done: ${number(members + 1)} of ${number(members + 1)} users checked`;
    await status().getByText(`${done}, 0 changed`).waitFor({ timeout: 180_000 });
    assert.equal(await entries(), members);
    assert.deepEqual(await site.spool(), []);

    // Everything new again, as after a change of the list of properties.
    await admin.getByLabel('Property', { exact: true }).nth(1).fill('name');
    await admin.getByLabel('Field', { exact: true }).nth(1).selectOption('display_name');
    await admin.getByRole('button', { name: 'Save' }).click();
    await admin.getByText('Saved.').waitFor();
    const began = Date.now();
    await admin.getByRole('button', { name: 'Sync all users again' }).click();
    await status().getByText(`${done}, ${number(members)} changed, 0 waiting`).waitFor({ timeout: 180_000 });
    console.log(`    ${members} users took ${((Date.now() - began) / 1000).toFixed(1)} s`);
    assert.equal(await entries(), members);
  });

  step('a deleted user leaves the list', async () => {
    await site.php("require_once ABSPATH . 'wp-admin/includes/user.php'; return wp_delete_user( get_user_by( 'login', 'm1' )->ID );");
    await site.nextMinute();
    assert.equal(await entries(), members + 1, 'the ledger says that they were taken off');
    assert.deepEqual(await site.spool(), []);
  });

  step('a visitor ticks the box when registering, and gets one email that asks', async () => {
    await openUsers();
    await admin.getByLabel('They tick a box when they register').check();
    await admin.getByLabel('Text beside the box').first().fill('Yes, send me the club’s letter.');
    await admin.getByRole('button', { name: 'Save' }).click();
    await admin.getByText('0 of them ticked the box').waitFor();

    const visitor = await openPage(browser);
    await visitor.goto(`${site.url}/wp-login.php?action=register`);
    const box = visitor.getByLabel('Yes, send me the club’s letter.');
    assert.equal(await box.isChecked(), false);
    await picture(visitor, 'wordpress-register');
    await visitor.fill('#user_login', 'zoe');
    await visitor.fill('#user_email', 'zoe@example.org');
    await box.check();
    await visitor.getByRole('button', { name: 'Register' }).click();
    await visitor.getByText('Registration complete').waitFor();
    await visitor.close();

    await site.nextMinute();
    const message = await mail.to('zoe@example.org');
    const [link] = message.text.match(new RegExp(`${gateway.url}/c/[\\w-]+`));
    await fetch(link, { method: 'POST', body: new URLSearchParams({ do: 'confirm' }) });
    assert.equal(await entries(), members + 2);
    assert.deepEqual((await mail.all()).map(({ to }) => to[0].address), ['zoe@example.org'], 'nobody else got mail');
  });
});

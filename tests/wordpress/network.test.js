// A network of sites and who manages it: one connection for all sites that have none of their own. The gateway is a stand-in.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { launch, signIn } from './lib/browser.js';
import { lookAtPart } from './lib/look.js';
import { startSite } from './lib/site.js';
import { answers, startStandInGateway } from './lib/stand-in-gateway.js';

describe('The manager of a network', () => {
  let site, gateway, browser, admin;

  before(async () => {
    gateway = await startStandInGateway();
    gateway.answers(answers.lists({ id: 'lst_1', name: 'Newsletter', provider: 'local', providerList: null }));
    site = await startSite();
    await makeNetwork();
    browser = await launch();
    admin = await signIn(browser, site);
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
    await gateway?.stop();
  });

  async function makeNetwork() {
    const { host } = new URL(site.url);
    await site.php(`global $wpdb;
      require_once ABSPATH . 'wp-admin/includes/upgrade.php';
      foreach ( $wpdb->tables( 'ms_global' ) as $table => $prefixed ) {
        $wpdb->$table = $prefixed;
      }
      install_network();
      populate_network( 1, '${host}', 'admin@shop.example', 'Network', '/', false );`);
    await writeFile(join(site.folder, 'wp-content/test-network'), '');
    await site.php(`require_once ABSPATH . 'wp-admin/includes/plugin.php';
      deactivate_plugins( 'gateway-connector/gateway-connector.php' );
      return activate_plugin( 'gateway-connector/gateway-connector.php', '', true );`);
  }

  const open = (page) => admin.goto(`${site.url}/wp-admin/${page}`);
  const openNetwork = () => open('network/settings.php?page=gateway-connector-network');

  test('finds the page among the settings of the network', async () => {
    await open('network/');
    await admin.locator('#menu-settings').getByRole('link', { name: 'Gateway', exact: true }).evaluate((link) => link.click());
    await admin.getByRole('heading', { name: 'Gateway connection of the network' }).waitFor();
    await lookAtPart(admin, 'wordpress-network');
  });

  test('is told why a key does not work, and what a good one leads to', async () => {
    gateway.answers(answers.wrongKey);
    await admin.getByLabel('Connection key').fill(gateway.key);
    await admin.getByRole('button', { name: 'Connect' }).click();
    await admin.getByText('does not accept this connection key').waitFor();
    await lookAtPart(admin, 'wordpress-network-refused');

    gateway.answers(answers.lists({ id: 'lst_1', name: 'Newsletter', provider: 'local', providerList: null }));
    await admin.getByLabel('Connection key').fill(gateway.key);
    await admin.getByRole('button', { name: 'Connect' }).click();
    await admin.getByText('Connected to localhost as “Test Shop”. Lists: Newsletter.').waitFor();
    await admin.getByRole('heading', { name: 'Connected', exact: true }).waitFor();
    assert.ok(!(await admin.content()).includes(gateway.key), 'a key is never printed back');
    await lookAtPart(admin, 'wordpress-network-connected');
  });

  test('and a site without a connection of its own uses that one', async () => {
    await open('admin.php?page=gateway-connector');
    await admin.locator('#wpbody-content').getByText('network').first().waitFor();
    await lookAtPart(admin, 'wordpress-network-site');
  });

  test('disconnects the network after a second press', async () => {
    await openNetwork();
    await admin.getByText('Disconnect…').click();
    await admin.getByText('Nothing is lost').waitFor();
    await lookAtPart(admin, 'wordpress-network-disconnect');
    await admin.getByRole('button', { name: 'Disconnect the network' }).click();
    await admin.getByText('The network’s connection was deleted.').waitFor();
    await admin.getByRole('heading', { name: 'Connect the network' }).waitFor();
  });
});

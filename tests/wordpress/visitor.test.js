// What a visitor meets, and what becomes of it at once: in a browser, with a stand-in for the gateway.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { launch, openPage, picture, signIn } from './lib/browser.js';
import { lookAtPart } from './lib/look.js';
import { until } from './lib/process.js';
import { startSite } from './lib/site.js';
import { startStandInGateway } from './lib/stand-in-gateway.js';

describe('A visitor', () => {
  let site, gateway, browser;

  before(async () => {
    site = await startSite({ prepare: (folder) => writeFile(join(folder, 'wp-content/test-wake'), '') });
    gateway = await startStandInGateway();
    gateway.answers([200, { results: [{ status: 202, id: 'sub_1' }] }]);
    await site.php(`
      ( new Gateway_Connector\\Settings() )->save_key( '${gateway.key}' );
      $form = WPCF7_ContactForm::get_instance( ${site.forms.newsletter.id} );
      ( new Gateway_Connector\\Form_Settings( true, array( Gateway_Connector\\Subscription::from_array(
        array( 'list' => 'lst_1', 'email' => 'your-email', 'consent' => 'lettre' ) ) ) ) )->put_into( $form );
      return $form->save();`);
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await gateway?.stop();
    await site?.stop();
  });

  async function fillIn(address) {
    const visitor = await openPage(browser);
    await visitor.goto(site.forms.newsletter.page);
    await visitor.getByLabel('Votre adresse').fill(address);
    await visitor.getByLabel('Oui, envoyez-moi').check();
    return visitor;
  }
  const send = async (visitor) => {
    await visitor.getByRole('button', { name: 'Envoyer' }).click();
    await visitor.locator('form:not([data-status="init"]):not([data-status="submitting"])').waitFor();
  };
  const last = async () => (await site.spool()).at(-1);
  const change = (from, to) =>
    site.php(`
      $form = WPCF7_ContactForm::get_instance( ${site.forms.newsletter.id} );
      $form->set_properties( array( 'form' => str_replace( '${from}', '${to}', $form->prop( 'form' ) ) ) );
      return $form->save();`);

  test('is told to look into the mailbox, in the language of the page, and the submission goes out without any scheduled event', async () => {
    const visitor = await fillIn('zoe@example.org');
    await send(visitor);

    await visitor.getByText('Consultez maintenant votre messagerie').first().waitFor();
    await until('the gateway to have it', async () => (await last())?.state === 'delivered');
    assert.equal(JSON.parse((await last()).payload).form.locale, 'fr_FR');
    await picture(visitor, 'wordpress-visitor-sent');
    await visitor.close();
  });

  test('who sends an address that nobody can write to is told at the field', async () => {
    const before = (await site.spool()).length;
    await change('[email* your-email', '[text* your-email');
    const visitor = await fillIn('zoe at example');
    await send(visitor);

    await visitor.locator('[data-name="your-email"] .wpcf7-not-valid-tip').waitFor();
    assert.equal((await site.spool()).length, before);
    await change('[text* your-email', '[email* your-email');
    await visitor.close();
  });

  test('who types a domain with an umlaut is subscribed', async () => {
    const visitor = await fillIn('zoe@bücher.example');
    await send(visitor);

    await visitor.getByText('Consultez maintenant votre messagerie').first().waitFor();
    assert.match(JSON.parse((await last()).payload).fields['your-email'], /^zoe@(bücher|xn--bcher-kva)\.example$/);
    await visitor.close();
  });

  test('who sends a page from before the owner changed the words has agreed to the old words', async () => {
    const visitor = await fillIn('max@example.org');
    await change('la lettre', 'toutes les offres');
    await send(visitor);
    await change('toutes les offres', 'la lettre');

    const { fields, subscribe } = JSON.parse((await last()).payload);
    assert.equal(fields['your-email'], 'max@example.org');
    assert.deepEqual([subscribe[0].consent.given, subscribe[0].consent.text], [true, 'Oui, envoyez-moi la lettre d’information.']);
    await visitor.close();
  });

  test('leaves a list of submissions that can be read on a telephone', async () => {
    const owner = await signIn(browser, site);
    await owner.setViewportSize({ width: 390, height: 844 });
    await owner.goto(`${site.url}/wp-admin/admin.php?page=gateway-connector-spool`);

    const rows = owner.locator('.wp-list-table tbody tr');
    for (const row of await rows.all()) {
      assert.ok((await row.boundingBox()).height < 120, 'a folded row is low');
      assert.equal(await row.locator('.gateway-connector-folded-state').isVisible(), true);
    }
    await rows.first().getByRole('button', { name: 'Show more details' }).click();
    await rows.first().locator('td.column-state').waitFor();
    const state = await rows.first().locator('td.column-state .gateway-connector-delivered, td.column-state .gateway-connector-waiting').boundingBox();
    assert.ok(state.width > state.height, 'the words stand beside each other');
    assert.ok((await owner.evaluate(() => document.documentElement.scrollWidth)) <= 390);
    await lookAtPart(owner, 'wordpress-spool-telephone');
    await owner.close();
  });
});

// What the owner of a site does before the first subscriber: connect, disconnect, set up a form. The gateway is a stand-in.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, picture, signIn } from './lib/browser.js';
import { lookAtPart } from './lib/look.js';
import { freePort, until } from './lib/process.js';
import { startSite } from './lib/site.js';
import { answers, connectionKey, startStandInGateway } from './lib/stand-in-gateway.js';

const newsletter = { id: 'lst_1', name: 'Newsletter', provider: 'mailjet', providerList: '10234567' };
const offers = { id: 'lst_2', name: 'Offers', provider: 'local', providerList: null };

describe('The owner of a site', () => {
  const started = [];
  const keep = (thing) => (started.unshift(thing), thing);
  let site, gateway, admin;

  before(async () => {
    site = keep(await startSite());
    gateway = keep(await startStandInGateway());
    gateway.answers(answers.lists(newsletter, offers));
    const browser = await launch();
    keep({ stop: () => browser.close() });
    admin = await signIn(browser, site);
  });
  after(async () => {
    for (const thing of started) await thing.stop();
  });

  const open = (page) => admin.goto(`${site.url}/wp-admin/admin.php?page=${page}`);
  const editForm = (id, tab = 'gateway-connector-panel') => open(`wpcf7&post=${id}&active-tab=${tab}`);
  const panel = () => admin.locator('#gateway-connector-panel');
  const summary = () => panel().locator('.gateway-connector-summary');
  const notice = () => admin.locator('.notice[role]');
  const save = async () => {
    await admin.locator('input[name="wpcf7-save"]').last().click();
    await admin.getByText('Contact form saved.').waitFor();
    await panel().locator('.gateway-connector-add-list:not([hidden])').waitFor({ state: 'attached' }); // Its script has run.
  };

  /** Pastes a key and gives the sentence that follows. */
  async function connect(key) {
    await open('gateway-connector');
    await admin.getByText(/Use a connection key instead|Connect again, or to another gateway/).click();
    await admin.getByLabel('Connection key').fill(key);
    await admin.getByRole('button', { name: 'Use this key' }).click();
    await notice().waitFor();
    assert.ok(!(await admin.content()).includes(key), 'a key is never printed back');
    return notice().innerText();
  }

  describe('who cannot connect is told why', () => {
    const failures = {
      'no-dns': [() => connectionKey('https://gateway.invalid'), /The name gateway\.invalid was not found in the DNS/],
      refused: [async () => connectionKey(`http://localhost:${await freePort()}`),
        /localhost refused the connection\. Is the gateway running/],
      certificate: [async () => keep(await startStandInGateway(site.folder)).key,
        /The certificate of localhost is not valid, so nothing was sent/],
      'plain-http': [() => connectionKey('http://gateway.example'), /must begin with https:\/\//],
      damaged: [() => 'gwc_damaged', /not a complete connection key/],
      'wrong-key': [() => gateway.key, /does not accept this connection key/, answers.wrongKey],
      clock: [() => gateway.key, /This server’s clock differs from the gateway’s/, answers.clock],
      down: [() => gateway.key, /answered with status 503\. The database is being moved\./, answers.down],
    };
    for (const [name, [key, says, answer]] of Object.entries(failures)) {
      test(name, async () => {
        if (answer) gateway.answers(answer);
        assert.match(await connect(await key()), says);
        await picture(admin, `wordpress-connect-${name}`);
        assert.equal(await site.php("return get_option( 'gateway_connector_key', 'none' );"), 'none');
      });
    }
  });

  test('who connects sees what the check found', async () => {
    gateway.answers(answers.lists(newsletter, offers));

    assert.match(await connect(gateway.key), /Connected to localhost as “Test Shop”\. Lists: Newsletter, Offers\./);

    const facts = await admin.locator('.gateway-connector-facts').innerText();
    const clocks = /Clocks\s+This server and the gateway agree\./;
    const encryption = /Encryption\s+Not encrypted \(same server\)/;
    for (const fact of [/Site\s+Test Shop/, /Lists\s+Newsletter, Offers/, encryption, clocks]) {
      assert.match(facts, fact);
    }
    await lookAtPart(admin, 'wordpress-connect-success');
  });

  test('disconnecting asks first, and connecting again is one paste', async () => {
    await admin.getByRole('link', { name: 'Disconnect…' }).click();
    await admin.getByText('Nothing is lost').waitFor();
    await lookAtPart(admin, 'wordpress-disconnect');
    await admin.getByRole('link', { name: 'Stay connected' }).click();
    await admin.getByRole('link', { name: 'Disconnect…' }).click();
    await admin.getByRole('button', { name: 'Disconnect' }).click();
    await admin.getByText('Disconnected. Submissions wait here until you connect again.').waitFor();
    await admin.getByRole('heading', { name: 'Connect this site' }).waitFor();

    assert.match(await connect(gateway.key), /Connected to localhost/);
  });

  test('the preview follows each choice, and nothing is saved by it', async () => {
    const { id } = site.forms.contact;
    await editForm(id);
    assert.match(await summary().innerText(), /^Nothing is sent to the gateway/);

    await panel().getByLabel('Send this form’s submissions').check();
    assert.match(await summary().innerText(), /nobody is subscribed yet: choose a mailing list\./);

    await panel().getByLabel('Mailing list').selectOption('lst_1');
    assert.equal(
      await summary().innerText(),
      'People who tick “Yes, send me the newsletter.” get a confirmation email at [your-email] and join “Newsletter” once they confirm.\n'
        + 'Without the tick, nobody gets an email. Language of the email: the page’s language.',
    );
    await panel().getByLabel('Language').selectOption('de');
    assert.match(await summary().innerText(), /Language of the email: German\.$/);
    await lookAtPart(admin, 'wordpress-panel-ready', '#gateway-connector-panel');

    await panel().getByLabel('Transactional').check();
    assert.match(await summary().innerText(), /Nobody is subscribed, and nobody gets an email\.$/);
    assert.equal(await panel().getByLabel('Mailing list').isVisible(), false);
    await lookAtPart(admin, 'wordpress-panel-transactional', '#gateway-connector-panel');

    await editForm(id);
    assert.match(await summary().innerText(), /^Nothing is sent to the gateway/);
  });

  test('a press puts a box into the form, chooses it, and one save keeps both', async () => {
    const { id } = site.forms.contact;
    await editForm(id, 'form-panel');
    await admin.locator('#wpcf7-form').fill('[text* your-name]\n[email* your-email]\n[submit "Send"]');
    await admin.locator('#gateway-connector-panel-tab').click();
    await panel().getByLabel('Send this form’s submissions').check();
    await panel().locator('option', { hasText: 'newsletter (not found)' }).waitFor({ state: 'attached' });
    await panel().getByLabel('Mailing list').selectOption('lst_1');
    await panel().getByLabel('Consent box').selectOption('');
    await panel().getByRole('button', { name: 'Insert into the form' }).click();
    await panel().getByText('It is in the form now').waitFor();

    assert.equal(await panel().getByText('The form has no consent box yet.').count(), 0);
    assert.equal(await panel().getByLabel('Consent box').inputValue(), 'newsletter-1');
    assert.match(await summary().innerText(), /^People who tick “Yes, send me the newsletter\.”/);
    assert.match(await admin.locator('#wpcf7-form').inputValue(),
      /\[email\* your-email\]\n\[newsletter newsletter-1 "Yes, send me the newsletter\."\]\n\[submit/);
    await lookAtPart(admin, 'wordpress-panel-inserted', '#gateway-connector-panel');
    await save();
    assert.equal(await panel().getByLabel('Consent box').inputValue(), 'newsletter-1');
    assert.match(await summary().innerText(), /^People who tick/);
  });

  test('the lists are asked for anew without leaving the page, on which there is text that is not saved', async () => {
    await editForm(site.forms.contact.id);
    await admin.locator('#wpcf7-form').evaluate((editor) => (editor.value += '\n[text not-saved-yet]'));
    gateway.answers(answers.lists(newsletter, offers, { id: 'lst_3', name: 'Events', provider: 'local', providerList: null }));
    await panel().getByRole('link', { name: 'Refresh the lists' }).click();
    await panel().getByText('The lists are up to date.').waitFor();

    assert.ok((await panel().getByLabel('Mailing list').first().locator('option').allInnerTexts()).includes('Events'));
    assert.match(await admin.locator('#wpcf7-form').inputValue(), /not-saved-yet/);
    gateway.answers(answers.lists(newsletter, offers));
    await panel().getByRole('link', { name: 'Refresh the lists' }).click();
    await until('the list to be gone again', async () =>
      !(await panel().getByLabel('Mailing list').first().locator('option').allInnerTexts()).includes('Events'));
  });

  test('a second list has a box of its own, and can be taken away again', async () => {
    await editForm(site.forms.contact.id);
    await panel().getByRole('button', { name: 'Insert into the form' }).click();
    await panel().getByText('It is in the form now').waitFor();
    await panel().getByRole('button', { name: 'Add a list' }).click();
    await panel().getByLabel('Mailing list').nth(1).selectOption('lst_2');
    assert.match(await summary().innerText(), /Another list is not complete yet: choose the consent box\./);
    await panel().getByLabel('Consent box').nth(1).selectOption('newsletter-2');
    assert.match(await summary().innerText(),
      /join “Newsletter” once they confirm\.\nPeople who tick “.+ \[newsletter-2\]” .* join “Offers” once they confirm\./);
    await save();
    assert.equal(await panel().getByLabel('Mailing list').nth(1).inputValue(), 'lst_2');
    await lookAtPart(admin, 'wordpress-panel-two-lists', '#gateway-connector-panel');

    await panel().getByRole('button', { name: 'Remove this list' }).first().click();
    await save();
    assert.equal(await panel().getByLabel('Mailing list').count(), 1);
    assert.equal(await panel().getByLabel('Mailing list').inputValue(), 'lst_2');
  });

  test('a field that leaves the form is warned about while typing, after saving, and on the page with the submissions', async () => {
    const warning = 'The field [your-email] is used here but is no longer in the form.';
    await editForm(site.forms.contact.id, 'form-panel');
    await admin.locator('#wpcf7-form').fill('[text* your-name]\n[email* your-address]\n[newsletter newsletter-2 "Yes"]\n[submit "Send"]');
    await admin.locator('#gateway-connector-panel-tab').click();
    await panel().getByText(warning).waitFor();
    assert.match(await summary().innerText(), /nobody is subscribed yet: choose the email field\.$/);
    assert.deepEqual(await panel().getByLabel('Email field').locator('option').allInnerTexts(),
      ['— none —', '[your-name]', '[your-address]', 'your-email (not found)']);
    await save();
    await panel().getByText(warning).waitFor();
    assert.match(await summary().innerText(), /nobody is subscribed yet: choose the email field\.$/);
    assert.match(await admin.locator('#gateway-connector-panel-tab').innerText(), /⚠/);
    await lookAtPart(admin, 'wordpress-panel-vanished', '#gateway-connector-panel');

    await open('gateway-connector-spool');
    await admin.getByText(warning).waitFor();
    await lookAtPart(admin, 'wordpress-spool-warning');
    await admin.getByRole('link', { name: 'Fix this form' }).click();
    await panel().getByLabel('Email field').selectOption('your-address');
    await panel().getByText('People who tick “Yes” get a confirmation email at [your-address]').waitFor();
    await save();
    assert.equal(await panel().getByText(warning).count(), 0);
  });

  test('the settings of the Mailjet plugin are taken over by one press, after a look at what comes', async () => {
    const id = await site.php(`
      update_option( 'activate_mailjet_cf7_integration', '1' );
      update_option( 'mailjet_cf7_list', '10234567' );
      update_option( 'cf7_email', '[your-email]' );
      update_option( 'cf7_fromname', '[first-name] [last-name]' );
      mkdir( WP_PLUGIN_DIR . '/mailjet-for-wordpress' );
      file_put_contents( WP_PLUGIN_DIR . '/mailjet-for-wordpress/wp-mailjet.php', '<?php /* Plugin Name: Mailjet for WordPress */' );
      update_option( 'active_plugins', array_merge( get_option( 'active_plugins' ), array( 'mailjet-for-wordpress/wp-mailjet.php' ) ) );
      $form = WPCF7_ContactForm::get_template( array( 'title' => 'Enquiry', 'locale' => 'en_US' ) );
      $form->set_properties( array( 'form' => '[text first-name][text last-name][email* your-email]'
         . '[checkbox mailjet-opt-in default:0 "Subscribe to our newsletter"][submit "Send"]' ) );
      return $form->save();`);
    await open('gateway-connector');
    await admin.getByText('people get two emails').waitFor();
    await admin.getByRole('link', { name: 'Import its settings and switch that off' }).click();
    await admin.getByText('[first-name] becomes the name, and [last-name] a property.').waitFor();
    assert.equal(await admin.getByLabel('Mailing list').inputValue(), 'lst_1');
    await lookAtPart(admin, 'wordpress-import');
    await admin.getByRole('button', { name: 'Import' }).click();
    await admin.getByText('Connected: Enquiry.').waitFor();
    assert.equal(await admin.getByText('people get two emails').count(), 0);
    await lookAtPart(admin, 'wordpress-imported');
    await editForm(id);
    assert.match(await summary().innerText(), /^People who tick “Subscribe to our newsletter” get a confirmation email at \[your-email\]/);
  });

  test('without JavaScript the tab can be filled in all the same', async () => {
    const plain = await admin.context().browser().newPage({ javaScriptEnabled: false, storageState: await admin.context().storageState() });
    await plain.goto(`${site.url}/wp-admin/admin.php?page=wpcf7&post=${site.forms.newsletter.id}&active-tab=gateway-connector-panel`);
    const rows = plain.locator('.gateway-connector-list');
    assert.equal(await rows.count(), 2);
    await plain.getByLabel('Send this form’s submissions').check();
    await rows.first().getByLabel('Mailing list').selectOption('lst_2');
    await plain.locator('input[name="wpcf7-save"]').last().click();
    await plain.getByText('Contact form saved.').waitFor();
    assert.match(await plain.locator('.gateway-connector-summary').innerText(),
      /^People who tick “Oui, envoyez-moi.* join “Offers”.*\n.*Language of the email: the page’s language\.$/);
    await plain.close();
  });
});

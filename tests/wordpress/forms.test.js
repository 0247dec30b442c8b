// Forms of other plugins, a form of one's own, and what other plugins were set to. The gateway and the form plugins are stand-ins.
import assert from 'node:assert/strict';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe, test } from 'node:test';
import { launch, openPage, signIn } from './lib/browser.js';
import { lookAtPart } from './lib/look.js';
import { startSite } from './lib/site.js';
import { answers, startStandInGateway } from './lib/stand-in-gateway.js';

const plugin = fileURLToPath(new URL('../../wordpress-plugin/', import.meta.url));
const words = 'Yes, send me the newsletter.';

const fields = [
  { id: '1', type: 'name', label: 'Name', format: 'simple' },
  { id: '2', type: 'email', label: 'Email' },
  { id: '3', type: 'text', label: 'Town' },
  { id: '4', type: 'gdpr-checkbox', label: 'Letter', choices: { 1: { label: words } } },
];
const widget = {
  id: '1a2b3c4', elType: 'widget', widgetType: 'form',
  settings: { form_name: 'Landing', form_fields: [{ custom_id: 'email', field_type: 'email', field_label: 'Email' }] },
};

/** The two pieces of code under a heading of readme.txt. */
async function example(heading) {
  const readme = await readFile(join(plugin, 'readme.txt'), 'utf8');
  const section = readme.split(`== ${heading} ==`)[1].split('\n== ')[0];
  return [...section.matchAll(/^`((?:<|function)[^]*?)`$/gm)].map(([, code]) => code);
}

describe('Forms beside Contact Form 7', () => {
  const started = [];
  const keep = (thing) => (started.unshift(thing), thing);
  let site, gateway, browser, admin, form, receiver;

  before(async () => {
    [form, receiver] = await example('A form of your own');
    site = keep(await startSite({
      async prepare(folder) {
        const plugins = join(folder, 'wp-content/mu-plugins');
        for (const name of ['wpforms.php', 'elementor.php']) await copyFile(join(plugin, 'tests/form-plugins', name), join(plugins, name));
        await writeFile(join(plugins, 'own-form.php'), `<?php\n${receiver}\n`);
      },
    }));
    gateway = keep(await startStandInGateway());
    gateway.answers(answers.lists(
      { id: 'lst_1', name: 'Newsletter', provider: 'local', providerList: null },
      { id: 'lst_2', name: 'Offers', provider: 'mailchimp', providerList: 'a1b2c3' },
    ));
    await site.php(`( new Gateway_Connector\\Settings() )->save_key( '${gateway.key}' );`);
    await site.php(`
      $content = wp_json_encode( array( 'fields' => json_decode( '${JSON.stringify(fields)}', true ) ) );
      wp_insert_post( wp_slash( array( 'post_type' => 'wpforms', 'post_status' => 'publish', 'post_title' => 'Contact us',
        'post_content' => $content ) ) );
      $page = wp_insert_post( array( 'post_type' => 'page', 'post_status' => 'publish', 'post_title' => 'Landing' ) );
      return update_post_meta( $page, '_elementor_data', wp_slash( '${JSON.stringify([{ elements: [widget] }])}' ) );`);
    browser = await launch();
    keep({ stop: () => browser.close() });
    admin = await signIn(browser, site);
  });
  after(async () => {
    for (const thing of started) await thing.stop();
  });

  const open = (page) => admin.goto(`${site.url}/wp-admin/admin.php?page=gateway-connector-${page}`);
  const summary = () => admin.locator('.gateway-connector-summary').innerText();
  const save = async () => {
    await admin.getByRole('button', { name: 'Save' }).click();
    await admin.getByText('Saved.').waitFor();
  };

  test('are listed with those of Contact Form 7', async () => {
    await open('forms');
    for (const row of [/Lettre Contact Form 7 Not connected/, /Contact us WPForms Not connected/, /Landing Elementor Not connected/]) {
      await admin.getByRole('row', { name: row }).waitFor();
    }
    await lookAtPart(admin, 'wordpress-forms');
  });

  test('have the same choices, and the preview follows them', async () => {
    await admin.getByRole('link', { name: 'Contact us' }).click();
    assert.match(await summary(), /^Nothing is sent to the gateway/);
    await admin.getByLabel('Send this form’s submissions').check();
    assert.match(await summary(), /choose a mailing list\.$/);
    await admin.getByLabel('Mailing list').first().selectOption('lst_1');
    assert.equal(
      await summary(),
      `People who tick “${words}” get a confirmation email at [Email] and join “Newsletter” once they confirm.\n`
        + 'Without the tick, nobody gets an email. Language of the email: the page’s language.',
    );
    await admin.getByLabel('Property', { exact: true }).first().fill('city');
    await admin.getByLabel('Field', { exact: true }).first().selectOption('3');
    await admin.getByRole('button', { name: 'Add a list' }).click();
    assert.equal(await admin.getByLabel('Mailing list').count(), 2);
    await admin.getByRole('button', { name: 'Remove this list' }).last().click();
    await save();
    assert.match(await summary(), /^People who tick “Yes/);
    await lookAtPart(admin, 'wordpress-form-choices');
  });

  test('that are only for the newsletter need words instead of a box', async () => {
    await open('forms');
    await admin.getByRole('link', { name: 'Landing' }).click();
    await admin.getByLabel('Send this form’s submissions').check();
    await admin.getByLabel('Mailing list').first().selectOption('lst_2');
    await admin.getByLabel('Consent box').first().selectOption({ label: 'Sending the form: it is only for the newsletter' });
    assert.match(await summary(), /choose what the form says\.$/);
    await admin.getByLabel('What the form says').fill('Get our offers by email.');
    assert.equal(await summary(), 'People who send the form get a confirmation email at [Email] and join “Offers” once they confirm.\n'
      + 'Language of the email: the page’s language.');
    await lookAtPart(admin, 'wordpress-form-sending');
    await save();
    await open('forms');
    await admin.getByRole('row', { name: /Landing Elementor Offers/ }).waitFor();
    await admin.getByRole('row', { name: /Contact us WPForms Newsletter/ }).waitFor();
  });

  test('hand what is sent to the spool', async () => {
    await site.php(`
      $post = get_posts( array( 'post_type' => 'wpforms' ) )[0];
      $values = array( 1 => array( 'value' => 'Ann' ), 2 => array( 'value' => 'ann@example.org' ), 3 => array( 'value' => 'Lyon' ),
        4 => array( 'value' => '${words}' ) );
      $data = array( 'id' => $post->ID, 'settings' => array( 'form_title' => 'Contact us' ) ) + json_decode( $post->post_content, true );
      do_action( 'wpforms_process_complete', $values, array( 'fields' => array( 4 => array( '${words}' ) ) ), $data, 0 );`);
    const [row] = await site.spool();
    const { fields: sent, subscribe: [subscription] } = JSON.parse(row.payload);
    assert.deepEqual(sent, { Email: 'ann@example.org', Name: 'Ann', Town: 'Lyon', Letter: '1' });
    assert.equal(subscription.list, 'lst_1');
    assert.deepEqual(subscription.properties, { city: 'Town' });
    assert.deepEqual(subscription.consent, { given: true, text: words });
  });

  test('can be plain HTML, as readme.txt shows it', async () => {
    const url = await site.php(`kses_remove_filters(); // Its author is an administrator, who may write any HTML.
      return get_permalink( wp_insert_post( wp_slash( array( 'post_type' => 'page', 'post_status' => 'publish',
      'post_title' => 'Own', 'post_content' => '<!-- wp:html -->' . base64_decode( '${btoa(form)}' ) . '<!-- /wp:html -->' ) ) ) );`);
    const visitor = await openPage(browser);
    const send = async () => {
      await visitor.goto(url);
      await visitor.getByLabel('Email').fill('zoe@example.org');
      await visitor.getByLabel('Town').fill('Nice');
      await visitor.getByLabel(words).check();
      await Promise.all([visitor.waitForURL(`${url}**`), visitor.getByRole('button', { name: 'Send' }).click()]);
    };
    await send();
    const { fields: sent, form: from, subscribe: [subscription] } = JSON.parse((await site.spool()).at(-1).payload);
    assert.deepEqual(sent, { email: 'zoe@example.org', town: 'Nice' });
    assert.equal(from.url, url);
    assert.deepEqual(subscription.consent, { given: true, text: words });

    const count = (await site.spool()).length;
    await visitor.goto(url);
    await visitor.getByLabel('Email').evaluate((input) => (input.type = 'text'));
    await visitor.getByLabel('Email').fill('zoe@');
    await visitor.getByLabel(words).check();
    await Promise.all([visitor.waitForURL(/problem=/), visitor.getByRole('button', { name: 'Send' }).click()]);
    assert.match(new URL(visitor.url()).searchParams.get('problem'), /complete email address/);
    assert.equal((await site.spool()).length, count);
    await visitor.close();
  });

  test('bring along what MC4WP was set to, after a look, by one press', async () => {
    const page = await site.php(`
      update_option( 'mc4wp_integrations', array( 'contact-form-7' => array( 'lists' => array( 'a1b2c3' ), 'label' => 'Sign me up!' ),
        'wp-registration-form' => array( 'enabled' => 1 ) ) );
      $form = WPCF7_ContactForm::get_template( array( 'title' => 'Enquiry', 'locale' => 'en_US' ) );
      $form->set_properties( array( 'form' => '[text your-name][email* your-email][mc4wp_checkbox][submit "Send"]' ) );
      $form->save();
      register_post_type( 'mc4wp-form' );
      $old = wp_insert_post( array( 'post_type' => 'mc4wp-form', 'post_status' => 'publish', 'post_title' => 'Footer',
        'post_content' => '<input type="email" name="EMAIL" />' ) );
      update_post_meta( $old, '_mc4wp_settings', array( 'lists' => array( 'a1b2c3' ) ) );
      return get_permalink( wp_insert_post( array( 'post_type' => 'page', 'post_status' => 'publish', 'post_title' => 'Join',
        'post_content' => "[mc4wp_form id=\\"$old\\"]" ) ) );`);
    await site.php(`file_put_contents( WPMU_PLUGIN_DIR . '/mc4wp.php',
      '<?php add_action( "init", function () { register_post_type( "mc4wp-form" ); } );' );`);
    await open('import');
    await admin.getByText('[newsletter newsletter-1 "Sign me up!"]').waitFor();
    assert.equal(await admin.getByLabel('Mailing list that takes the place of list a1b2c3').inputValue(), 'lst_2');
    await lookAtPart(admin, 'wordpress-import-mc4wp');
    await admin.getByRole('button', { name: 'Import from MC4WP' }).click();
    await admin.getByText('Imported: Footer, Enquiry.').waitFor();
    assert.equal(await admin.getByRole('button', { name: 'Import from MC4WP' }).count(), 0);

    const visitor = await openPage(browser);
    await visitor.goto(page);
    await visitor.getByLabel('Email address').waitFor();
    await visitor.close();
  });
});

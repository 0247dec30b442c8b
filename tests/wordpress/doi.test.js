// A form that is connected to the gateway while Contact Form 7's Brevo module collects its addresses too: one of the two asks for the
// confirmation, never both and never none. The module is that of the stand-in or, with CF7_DIR set, Contact Form 7's own.
import assert from 'node:assert/strict';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { startSite } from './lib/site.js';

describe("Contact Form 7's Brevo module and the gateway", () => {
  let site, asked;
  const prepare = (folder) => copyFile(new URL('site/brevo.php', import.meta.url), join(folder, 'wp-content/mu-plugins/brevo.php'));

  before(async () => {
    site = await startSite({ prepare });
    asked = join(site.folder, 'wp-content/brevo.jsonl');
    await site.php("return update_option( 'wpcf7', array( 'sendinblue' => array( 'api_key' => 'key' ) ) );");
    // Another process, in which the module knows its key and keeps its settings.
    await site.php(
      `$form = wpcf7_contact_form( ${site.forms.newsletter.id} );
       $list = array( 'list' => 'lst_1', 'email' => 'your-email', 'consent' => 'lettre' );
       $form->set_properties( array(
         'sendinblue' => array( 'enable_contact_list' => true, 'contact_lists' => array( 7 ) ),
         'gateway_connector' => array( 'enabled' => true, 'subscriptions' => array( $list ) ),
       ) );
       return $form->save();`,
    );
  });
  after(() => site?.stop());
  beforeEach(() => writeFile(asked, ''));

  const choose = (answers) => site.php(`return update_option( 'gateway_connector_answers_doi', ${answers} );`);
  const brevo = async () => (await readFile(asked, 'utf8')).split('\n').filter(Boolean).map((line) => JSON.parse(line));

  async function submit() {
    const { id } = site.forms.newsletter;
    const body = new FormData();
    const fields = { _wpcf7_unit_tag: `wpcf7-f${id}-p7-o1`, 'your-email': 'ann@example.org', lettre: '1' };
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    const response = await fetch(`${site.url}/wp-json/contact-form-7/v1/contact-forms/${id}/feedback`, { method: 'POST', body });
    assert.equal((await response.json()).status, 'mail_sent');
  }

  test('without our answer the module adds the address at once, without a confirmation', async () => {
    await choose(0);
    await submit();

    const [[method, url, contact], ...others] = await brevo();
    assert.deepEqual(others, []);
    assert.deepEqual([method, url, contact.email, contact.listIds],
      ['POST', 'https://api.sendinblue.com/v3/contacts', 'ann@example.org', [7]]);
    assert.equal((await site.spool()).length, 1);
  });

  test('with our answer the module leaves the matter to the gateway, and the opt-in waits in the spool', async () => {
    const before = (await site.spool()).length;
    await choose(1);
    await submit();

    assert.deepEqual(await brevo(), []);
    const rows = await site.spool();
    assert.equal(rows.length, before + 1);
    const [{ list, consent }] = JSON.parse(rows.at(-1).payload).subscribe;
    assert.deepEqual([list, consent.given], ['lst_1', true]);
  });
});

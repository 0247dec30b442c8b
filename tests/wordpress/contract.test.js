// What our plugin relies on in Contact Form 7. These tests pass on the stand-in and, with CF7_DIR set, on the real one: that is what
// makes the stand-in worth anything.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startSite } from './lib/site.js';

describe('The contract of Contact Form 7', () => {
  let site;
  let form;
  const prepare = (folder) => copyFile(new URL('site/recorder.php', import.meta.url), join(folder, 'wp-content/mu-plugins/recorder.php'));
  before(async () => {
    site = await startSite({ plugin: false, prepare });
    form = site.forms.contact.id;
  });
  after(() => site?.stop());

  const visitor = { 'your-name': "Ann O'Brien", 'your-email': 'ann@example.org', 'your-message': 'Hello\nthere' };

  async function send(fields, { to = form, headers = {} } = {}) {
    const body = new FormData();
    for (const [name, value] of Object.entries({ _wpcf7_unit_tag: `wpcf7-f${to}-p7-o1`, _wpcf7_container_post: '7', ...fields })) {
      for (const item of [value].flat()) body.append(name, item);
    }
    const response = await fetch(feedback(to), { method: 'POST', body, headers: { 'User-Agent': 'Test/1.0', ...headers } });
    return { status: response.status, answer: await response.json() };
  }
  const feedback = (id) => `${site.url}/wp-json/contact-form-7/v1/contact-forms/${id}/feedback`;
  const recorded = async () => {
    const lines = await readFile(join(site.folder, 'wp-content/recorded.jsonl'), 'utf8');
    return JSON.parse(lines.trim().split('\n').at(-1));
  };
  const createForm = (text, settings = '') =>
    site.php(
      `$form = WPCF7_ContactForm::get_template( array( 'title' => 'Test', 'locale' => 'fr_FR' ) );
       $form->set_properties( array( 'form' => ${phpString(text)}, 'additional_settings' => ${phpString(settings)} ) );
       return $form->save();`,
    );

  test('a good submission passes the hooks in this order', async () => {
    const { status, answer } = await send(visitor);
    assert.equal(status, 200);
    assert.equal(answer.contact_form_id, form);
    assert.equal(answer.status, 'mail_sent');
    assert.equal(answer.message, 'Thank you for your message. It has been sent.');
    assert.match(answer.posted_data_hash, /^[0-9a-f]{32}$/);
    assert.equal(answer.into, `#wpcf7-f${form}-p7-o1`);
    assert.deepEqual(answer.invalid_fields, []);
    assert.deepEqual((await recorded()).hooks, [
      'wpcf7_validate',
      'wpcf7_acceptance',
      'wpcf7_spam',
      'wpcf7_before_send_mail',
      'wpcf7_skip_mail',
      'wpcf7_mail_sent',
      'wpcf7_submit',
      'wpcf7_feedback_response',
    ]);
  });

  test('posted data hold every key without a leading underscore, unslashed and trimmed', async () => {
    await send({ ...visitor, 'your-name': "  Ann  O'Brien ", stranger: '50% Lee', _private: 'x' });
    const { posted } = await recorded();
    assert.deepEqual(posted, {
      'your-name': "Ann  O'Brien",
      'your-email': 'ann@example.org',
      'your-message': 'Hello\r\nthere',
      stranger: '50% Lee',
      newsletter: [],
    });
  });

  test('a ticked acceptance is posted as "1" and its text is the consent', async () => {
    await send({ ...visitor, newsletter: '1' });
    const { posted, consent } = await recorded();
    assert.deepEqual(posted.newsletter, ['1']);
    assert.deepEqual(consent, { newsletter: 'Yes, send me the newsletter.' });
    await send(visitor);
    assert.deepEqual((await recorded()).consent, []);
  });

  test('consent keeps the HTML of its text', async () => {
    const id = await createForm('[acceptance terms] I agree to the <a href="/privacy">policy</a>. [/acceptance]');
    await send({ terms: '1' }, { to: id });
    assert.deepEqual((await recorded()).consent, { terms: 'I agree to the <a href="/privacy">policy</a>.' });
  });

  test('an acceptance that is not optional must be ticked', async () => {
    const id = await createForm('[acceptance terms] I agree. [/acceptance]');
    const { answer } = await send({}, { to: id });
    assert.equal(answer.status, 'acceptance_missing');
    assert.equal(answer.posted_data_hash, '');
    assert.deepEqual((await recorded()).hooks, ['wpcf7_validate', 'wpcf7_acceptance', 'wpcf7_submit', 'wpcf7_feedback_response']);
  });

  test('invalid fields are named, and the submit hook fires all the same', async () => {
    const { status, answer } = await send({ 'your-email': 'nobody' });
    assert.equal(status, 200);
    assert.equal(answer.status, 'validation_failed');
    const unit = `wpcf7-f${form}-p7-o1`;
    assert.deepEqual(answer.invalid_fields, [
      { field: 'your-name', message: 'Please fill out this field.', idref: null, error_id: `${unit}-ve-your-name` },
      { field: 'your-email', message: 'Please enter an email address.', idref: null, error_id: `${unit}-ve-your-email` },
    ]);
    assert.deepEqual((await recorded()).hooks, ['wpcf7_validate', 'wpcf7_submit', 'wpcf7_feedback_response']);
  });

  test('a user agent of one character is spam', async () => {
    const { answer } = await send(visitor, { headers: { 'User-Agent': 'x' } });
    assert.equal(answer.status, 'spam');
    assert.deepEqual((await recorded()).hooks,
      ['wpcf7_validate', 'wpcf7_acceptance', 'wpcf7_spam', 'wpcf7_submit', 'wpcf7_feedback_response']);
  });

  test('when the mail of the site fails, the submission still reaches the submit hook', async () => {
    await site.php("return update_option( 'test_mail_fails', 1 );");
    const { answer } = await send(visitor);
    await site.php("return delete_option( 'test_mail_fails' );");
    assert.equal(answer.status, 'mail_failed');
    assert.match(answer.posted_data_hash, /^[0-9a-f]{32}$/);
    const { hooks } = await recorded();
    assert.deepEqual(hooks.slice(-3), ['wpcf7_mail_failed', 'wpcf7_submit', 'wpcf7_feedback_response']);
  });

  test('a form in demo mode says so', async () => {
    const id = await createForm('[text a]', "skip_mail: off\ndemo_mode: on");
    const { answer } = await send({ a: 'x' }, { to: id });
    assert.equal(answer.status, 'mail_sent');
    assert.equal(answer.demo_mode, true);
    assert.equal((await recorded()).form.demo, true);
  });

  test('the form tells id, title, locale and tags', async () => {
    const id = await createForm('[text* a autocomplete:name "x y"] [[text b]] [checkbox c.d "One" \'Two\'] [unknown e] [submit "Go"]');
    await send({ a: 'x', 'c_d[]': ['One', 'Two'] }, { to: id });
    const { form: told, posted } = await recorded();
    assert.equal(told.id, id);
    assert.equal(told.title, 'Test');
    assert.equal(told.locale, 'fr_FR');
    assert.deepEqual(told.tags, [
      ['text*', 'a', ['autocomplete:name'], ['x y'], ''],
      ['checkbox', 'c_d', [], ['One', 'Two'], ''],
      ['submit', '', [], ['Go'], ''],
    ]);
    assert.deepEqual(posted, { a: 'x', c_d: ['One', 'Two'] });
  });

  test('of a choice, what stands behind the "|" is posted on, and the tag has what the visitor saw', async () => {
    const id = await createForm('[select to "Sales|sales@shop.example" "Help"] [checkbox some "A|1" "B|2"]');
    await send({ to: 'Sales', 'some[]': ['B', 'A'] }, { to: id });
    const { form: told, posted } = await recorded();
    assert.deepEqual(told.tags.map(([, , , values]) => values), [['Sales', 'Help'], ['A', 'B']]);
    assert.deepEqual(posted, { to: ['sales@shop.example'], some: ['2', '1'] });
  });

  test('meta data tell where it came from; without a referer the page is not known', async () => {
    await send(visitor, { headers: { Referer: `${site.url}/contact/`, 'User-Agent': 'Mozilla/5.0 (test)' } });
    const { meta } = await recorded();
    assert.ok(Math.abs(meta.timestamp - Date.now() / 1000) < 60);
    assert.equal(meta.remote_ip, '127.0.0.1');
    assert.equal(meta.user_agent, 'Mozilla/5.0 (test)');
    assert.equal(meta.url, `${site.url}/contact/`);
    assert.equal(meta.unit_tag, `wpcf7-f${form}-p7-o1`);
    assert.equal(meta.container_post_id, 7);
    assert.equal(meta.current_user_id, 0);
    assert.equal(meta.do_not_store, false);
    await send(visitor);
    assert.equal((await recorded()).meta.url, feedback(form));
  });

  test('do_not_store follows the setting, and a withheld consent to storage', async () => {
    const set = await createForm('[text a]', 'do_not_store: true');
    await send({ a: 'x' }, { to: set });
    assert.equal((await recorded()).meta.do_not_store, true);

    const asked = await createForm('[text a] [acceptance keep optional consent_for:storage] Keep it. [/acceptance]');
    await send({ a: 'x' }, { to: asked });
    assert.equal((await recorded()).meta.do_not_store, true);
    await send({ a: 'x', keep: '1' }, { to: asked });
    assert.equal((await recorded()).meta.do_not_store, false);
  });

  test('the hash is the same for the same content, and another for other content', async () => {
    const first = await send(visitor);
    const second = await send(visitor);
    const other = await send({ ...visitor, 'your-name': 'Bob' });
    assert.equal(second.answer.posted_data_hash, first.answer.posted_data_hash);
    assert.notEqual(other.answer.posted_data_hash, first.answer.posted_data_hash);
  });

  test('an upload is on disk during the submit hook and gone afterwards', async () => {
    const id = await createForm('[file cv filetypes:txt]');
    await send({ cv: new File(['my life'], 'cv.txt', { type: 'text/plain' }) }, { to: id });
    const { files, paths, posted } = await recorded();
    assert.deepEqual(files, { cv: [['cv.txt', 'my life']] });
    assert.match(posted.cv, /^[0-9a-f]{64}$/);
    assert.equal(existsSync(paths.cv[0]), false);
  });

  test('requests that are no submissions get a problem with its status', async () => {
    const post = async (id, body) => {
      const response = await fetch(feedback(id), { method: 'POST', body, headers: { 'User-Agent': 'Test/1.0' } });
      return [response.status, (await response.json()).code];
    };
    const empty = new FormData();
    empty.append('a', 'b');
    assert.deepEqual(await post(form, new URLSearchParams({ a: 'b' })), [415, 'wpcf7_unsupported_media_type']);
    assert.deepEqual(await post(form, empty), [400, 'wpcf7_unit_tag_not_found']);
    assert.deepEqual(await post(99999, empty), [404, 'wpcf7_not_found']);
  });

  test('only declared properties are kept, through saving and reading again', async () => {
    const kept = await site.php(
      `add_filter( 'wpcf7_pre_construct_contact_form_properties', fn ( $properties ) => $properties + array( 'mine' => array() ) );
       $form = WPCF7_ContactForm::get_instance( ${form} );
       $form->set_properties( array( 'mine' => array( 'list' => "O'Brien \\\\ 1" ), 'theirs' => 1 ) );
       $form->save();
       $again = WPCF7_ContactForm::get_instance( ${form} );
       return array( $again->prop( 'mine' ), $again->prop( 'theirs' ), array_key_exists( 'form', $again->get_properties() ) );`,
    );
    assert.deepEqual(kept, [{ list: "O'Brien \\ 1" }, null, true]);
  });

  test('saving over REST fires the hook of the editor without the fields of its panels', async () => {
    const calls = await site.php(
      `wp_set_current_user( 1 );
       $calls = array();
       add_action( 'wpcf7_save_contact_form', function ( $form, $args, $context ) use ( &$calls ) {
         $calls[] = array( $form->id(), $args['title'], isset( $args['my-field'] ), $context );
       }, 10, 3 );
       $request = new WP_REST_Request( 'POST', '/contact-form-7/v1/contact-forms/${form}' );
       $request->set_body_params( array( 'title' => 'Contact', 'context' => 'save' ) );
       $status = rest_do_request( $request )->get_status();
       return array( $status, $calls );`,
    );
    assert.deepEqual(calls, [200, [[form, 'Contact', false, 'save']]]);
  });

  test('a form-tag of a plugin is shown, validated and posted like the others', async () => {
    const told = await site.php(
      `$show = fn ( $tag ) => '<i data-star="' . $tag->name . '">' . $tag->content . '</i>';
       wpcf7_add_form_tag( array( 'star', 'star*' ), $show, array( 'name-attr' => true ) );
       $form = WPCF7_ContactForm::get_template();
       $form->set_properties( array( 'form' => '[star* a optional]Text[/star*]' ) );
       $tag = wpcf7_scan_form_tags()[0];
       return array( $form->form_html(), $tag->type, $tag->basetype, $tag->is_required(), $tag->has_option( 'optional' ),
         $tag->has_option( 'opt' ) );`,
    );
    assert.match(told[0], /<i data-star="a">Text<\/i>/);
    assert.deepEqual(told.slice(1), ['star*', 'star', true, true, false]);
  });
});

const phpString = (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

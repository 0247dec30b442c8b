// What an author of templates does, in a browser: import, preview, mend, publish; and what a subscriber then gets is what the preview
// showed.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, listenForBlocked, openPage } from './lib/browser.js';
import { createGateway } from './lib/gateway.js';
import { lookAt } from './lib/look.js';
import { startMail } from './lib/mail.js';
import { until } from './lib/process.js';
import { submit } from './lib/submit.js';

const mailjet = {
  html: `<html><head><style>.lead { color: #333333; }</style></head><body>
<h1>Welcome to {{var:letter:"our letter"}}</h1>
<p class="lead">Please confirm that you want it.</p>
{% if var:vip = 1 %}<p>For members</p>{% endif %}
<p>{{UnknownFunction(var:x)}}</p>
</body></html>`,
  text: 'Please confirm that you want {{var:letter:"our letter"}}.',
};

const confirmation = {
  html: `<!doctype html>
<html lang="en"><head><title>Please confirm</title><style>.lead { color: #333333; }</style></head><body>
<h1>{{ site.name }}</h1>
<p class="lead">You asked for {{ list.name }}. Please confirm that you want it.</p>
<p><a href="{{ links.confirm }}" style="display: inline-block; background: #1f4e8c; color: #ffffff; padding: 12px 20px;"
>Confirm my subscription</a></p>
<p>If this was not you, do nothing: you get no further mail.</p>
</body></html>`,
  text: `{{ site.name }}

You asked for {{ list.name }}. Confirm here: {{ links.confirm }}
If this was not you, do nothing.`,
};

const welcome = {
  html: `<!doctype html>
<html lang="en"><head><title>Welcome</title></head><body>
<p>Welcome to {{ list.name }}.</p>
{% section "Promotion", segment: "readers-in-france" %}<p>Your code for the casino: FR10</p>{% endsection %}
<p><a href="{{ links.preferences }}">Unsubscribe or choose</a></p>
</body></html>`,
  text: `Welcome to {{ list.name }}.
{% section "Promotion", segment: "readers-in-france" %}Your code: FR10
{% endsection %}{{ links.preferences }}`,
};

describe('The template pages', () => {
  let gateway, mail, browser, page, shop, list, blocked, bySource;

  before(async () => {
    mail = await startMail();
    gateway = await createGateway({ mail });
    await gateway.start();
    shop = await gateway.command('site', 'add', "Ann's Shop", '--from', 'news@shop.example');
    ({ list } = await gateway.command('list', 'add', shop.site, 'Newsletter'));
    await gateway.command('site', 'set', shop.site, '--test-recipients', 'ann@agency.example');
    browser = await launch();
    page = await openPage(browser);
    blocked = await listenForBlocked(page);
    await page.goto((await gateway.command('admin', 'link', '--name', 'Ann')).link);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
  });
  after(async () => {
    await browser?.close();
    await gateway?.remove();
    await mail?.stop();
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

  const templates = () => `${gateway.url}/admin/sites/${shop.site}/templates`;

  /** Types into a code editor in place of what is there. */
  async function write(name, text) {
    await page.getByRole('textbox', { name, exact: true }).focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(text);
    await page.keyboard.press('Escape'); // Closes the list of completions, which may still be on its way.
  }

  /** The frame's document, as it is now. */
  const framed = () => page.frameLocator('iframe').locator('body');

  const previewed = () =>
    page.evaluate(async () => ({
      html: await (await fetch(document.querySelector('iframe').src)).text(),
      text: document.querySelector('.screen pre').textContent,
    }));

  async function publish() {
    await page.getByRole('button', { name: 'Publish…' }).click();
    await page.getByRole('heading', { name: 'Who gets it' }).waitFor();
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByText('It is published').waitFor();
  }

  step('say what is sent where there are none, and what to do', async () => {
    await page.goto(templates());
    await page.getByText('no templates of its own yet').waitFor();
    await lookAt(page, 'templates-empty');
    await page.getByRole('link', { name: 'Customize: Welcome mail' }).click();
    await lookAt(page, 'templates-new');
  });

  step('bring a template from Mailjet, after saying what becomes of it', async () => {
    await page.goto(templates());
    await page.getByRole('link', { name: 'Import from Mailjet' }).click();
    await page.getByLabel('Kind').selectOption('confirmation');
    await page.getByLabel('Name').fill('Our confirmation');
    await page.getByLabel('Subject', { exact: true }).fill('Please confirm {{var:letter:"our letter"}}');
    await write('HTML', mailjet.html);
    await write('Text', mailjet.text);
    await lookAt(page, 'templates-import');
    await page.getByRole('button', { name: 'Convert' }).click();
    await page.getByRole('heading', { name: '1 thing to look at' }).waitFor();
    assert.match(await page.locator('.findings').textContent(), /line 5, column 4/);
    await lookAt(page, 'templates-imported');
    await page.getByRole('button', { name: 'Make the draft' }).click();
    await page.getByRole('heading', { name: 'Our confirmation' }).waitFor();
    assert.equal(await page.getByLabel('Subject', { exact: true }).inputValue(),
      'Please confirm {{ vars.letter | default: "our letter" }}');
  });

  step('keep up with what was typed before their script came, and when an answer failed', async () => {
    let come;
    const late = new Promise((resolve) => (come = resolve));
    await page.route('**/live.js', async (route) => {
      await late;
      await route.continue();
    });
    await page.goto(page.url(), { waitUntil: 'commit' });
    await page.getByLabel('Subject', { exact: true }).fill('Please confirm {{ list.name }}!');
    come();
    await page.locator('.inbox').getByText('Please confirm Newsletter!').waitFor();
    await page.unroute('**/live.js');

    await page.route('**/*', (route) => route.abort(), { times: 1 });
    await page.getByLabel('Subject', { exact: true }).fill('Please confirm {{ list.name }}?');
    await page.locator('.inbox').getByText('Please confirm Newsletter?').waitFor();
  });

  step('show what is typed while it is typed, and where it cannot be read', async () => {
    await page.getByLabel('Subject', { exact: true }).fill('Please confirm {{ list.name }}');
    await page.locator('.inbox').getByText('Please confirm Newsletter').waitFor();
    await page.getByLabel('list.name').fill('The Letter');
    await page.locator('.inbox').getByText('Please confirm The Letter').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.id), 'value.list.name', 'who types goes on typing');

    await write('HTML', '<p>\n  {% if links.confirm %}Hello');
    await page.locator('#preview .errors').getByText('html, line 2').waitFor();
    await page.locator('.cm-lint-marker-error').waitFor();
    await lookAt(page, 'templates-fault');
    await page.getByRole('link', { name: /html, line 2/ }).click();
    assert.equal(await page.evaluate(() => document.activeElement.shadowRoot.activeElement.ariaLabel), 'HTML',
      'a fault leads to its place');
    await page.getByRole('button', { name: 'Save draft' }).click();
    await page.getByRole('alert').getByText('Nothing was saved').waitFor();
    assert.equal(await page.locator('textarea[name=html]').inputValue(), '<p>\n  {% if links.confirm %}Hello');
    await lookAt(page, 'templates-refused');
  });

  step('fill a preview by fields and by JSON, at each width, and keep the values', async () => {
    await write('HTML', confirmation.html);
    await write('Text part', confirmation.text);
    await framed().getByText('Confirm my subscription').waitFor();
    await lookAt(page, 'templates-editor');
    assert.equal(await page.locator('iframe').evaluate((frame) => frame.clientWidth), 360);
    await page.getByLabel('Desk, 640 px').check();
    assert.equal(await page.locator('iframe').evaluate((frame) => frame.clientWidth), 640);
    await lookAt(page, 'templates-editor-desk');
    await page.getByRole('radio', { name: 'Text part' }).check();
    await page.locator('.screen pre').getByText('Confirm here').waitFor();

    await page.locator('.modes').getByLabel('JSON').check();
    await page.getByRole('textbox', { name: 'Values as JSON' }).waitFor();
    assert.deepEqual(JSON.parse(await page.locator('textarea[name=json]').inputValue()), { list: { name: 'The Letter' } });
    await write('Values as JSON', '{ "list": { "name": ');
    await page.locator('#json-error').getByText('cannot be read').waitFor();
    await write('Values as JSON', '{ "list": { "name": "Le Courrier" } }');
    await page.locator('.inbox').getByText('Please confirm Le Courrier').waitFor();
    await page.getByText('What the template asks for').click();
    await lookAt(page, 'templates-expert');
    await page.getByLabel('Keep these values as').fill('In French');
    await page.getByRole('button', { name: 'Keep' }).click();
    await page.getByText('kept as “In French”').waitFor();
    await page.locator('.modes').getByLabel('Fields').check();
    await page.locator('.as-fields').waitFor();
    assert.equal(await page.getByLabel('list.name').inputValue(), 'Le Courrier');
  });

  step('send a test, publish after saying for whom, and tell the history', async () => {
    await page.getByRole('button', { name: 'Save and send a test' }).click();
    await page.getByText('on its way to ann@agency.example').waitFor();
    assert.equal((await mail.to('ann@agency.example')).subject, '[Test] Please confirm Le Courrier');

    await page.getByRole('button', { name: 'Publish…' }).click();
    await page.getByText('for “Newsletter” (default template)').waitFor();
    await lookAt(page, 'templates-publish');
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByText('It is published').waitFor();
    await page.getByLabel('Preheader', { exact: true }).fill('One click, and you are on it.');
    await publish();

    await page.getByRole('link', { name: 'History' }).click();
    await lookAt(page, 'templates-history');
    await page.getByRole('link', { name: 'Version 1' }).click();
    await page.locator('.diff ins').getByText('One click').waitFor();
    await lookAt(page, 'templates-version');
    await page.getByRole('link', { name: 'Our confirmation, English' }).click();
    await page.locator('#main').getByRole('link', { name: 'Settings' }).click();
    await lookAt(page, 'templates-settings');
    await page.getByLabel('Add').selectOption('fr');
    await page.getByRole('button', { name: 'Add language' }).click();
    await page.getByText('The language is there').waitFor();
    await page.getByRole('link', { name: 'Discard draft…' }).click();
    await lookAt(page, 'templates-discard');
    await page.getByRole('button', { name: 'Discard draft' }).click();
    await page.getByText('The draft is gone').waitFor();
    await page.goto(templates());
    await lookAt(page, 'templates-list');
  });

  step('a submission is confirmed with it, and the mail equals the preview', async () => {
    await submit(gateway, shop, list, 'ada@example.org');
    const arrived = await mail.to('ada@example.org');
    assert.equal(arrived.subject, 'Please confirm Newsletter');
    const link = arrived.text.match(/http:\S+\/c\/[\w-]+/)[0];

    await page.getByRole('link', { name: 'Our confirmation' }).click();
    await page.getByLabel('Sample', { exact: true }).selectOption('');
    await page.getByRole('button', { name: 'Load' }).click();
    await page.locator('.inbox').getByText(arrived.subject).waitFor();
    const preview = await previewed();
    const asSent = (words) => words.replaceAll(/http:\/\/[^/]+\/c\/example/g, link).replace('<base target="_blank">', '').trim();
    assert.equal(arrived.html.trim(), asSent(preview.html));
    assert.equal(arrived.text.trim(), asSent(preview.text));
    assert.deepEqual(blocked, []);
  });

  step('describe a segment, with what cannot be read marked at its place', async () => {
    await page.goto(templates());
    await page.getByRole('link', { name: 'Segments' }).click();
    await lookAt(page, 'segments-empty');
    await page.getByRole('link', { name: 'New segment' }).click();
    await page.getByLabel('Name').fill('Readers in France');
    await write('Who belongs to it', 'country = "FR" an member');
    await page.getByRole('button', { name: 'Add segment' }).click();
    await page.getByRole('alert').getByText('Nothing was saved').waitFor();
    await page.getByText('condition, line 1, column 16').waitFor();
    await page.getByText('Condition syntax').first().click();
    await lookAt(page, 'segments-fault');
    await write('Who belongs to it', 'country = "FR" and member');
    await page.getByRole('button', { name: 'Add segment' }).click();
    await page.getByText('The segment is saved').waitFor();
    await lookAt(page, 'segments');
  });

  step('show a section to a segment, and mute a finding with the reason', async () => {
    await page.goto(`${templates()}/new?kind=welcome`);
    await page.getByLabel('Name').fill('Our welcome');
    await page.getByRole('button', { name: 'Add template' }).click();
    await page.getByLabel('Subject', { exact: true }).fill('Welcome to {{ list.name }}');
    await write('HTML', welcome.html);
    await write('Text part', welcome.text);
    await page.locator('#sections').getByRole('row', { name: 'Promotion html Readers in France hidden always never' }).waitFor();
    await page.getByLabel('Show the sections of').selectOption('Somebody of “Readers in France” alone');
    await framed().getByText('Your code for the casino').waitFor();
    await lookAt(page, 'templates-sections');

    await page.locator('#findings').getByText('1 muted').waitFor({ state: 'detached' });
    const finding = page.locator('#findings li', { hasText: 'spam-word:casino' });
    await finding.locator('summary').click();
    await finding.getByLabel('Why it is no matter here').fill('Our shop is called so.');
    await finding.getByRole('button', { name: 'Mute' }).click();
    await page.getByText('The finding is muted').waitFor();
    await page.getByText('1 muted').click();
    await page.getByText('Our shop is called so.').waitFor();
    await lookAt(page, 'templates-muted');
    await page.getByRole('button', { name: 'Hear of it again' }).click();
    await page.getByText('The finding is shown again').waitFor();
    assert.equal(await page.locator('textarea[name=html]').inputValue(), welcome.html, 'nothing typed is lost');
    await publish();
  });

  step('each reader gets the sections of their segments, and the preview tells which', async () => {
    await gateway.command('list', 'set', list, '--welcome', 'on');
    await submit(gateway, shop, list, 'fred@example.org', { country: 'fr' });
    await submit(gateway, shop, list, 'gil@example.org', { country: 'DE' });
    for (const reader of ['fred@example.org', 'gil@example.org']) {
      const visitor = await openPage(browser);
      await visitor.goto((await mail.to(reader)).text.match(/http:\S+\/c\/[\w-]+/)[0]);
      await visitor.locator('button.main').click();
      await visitor.getByRole('heading').first().waitFor();
      await visitor.close();
      const isWelcome = (one) => one.to[0].address === reader && one.subject === 'Welcome to Newsletter';
      await until(`the welcome of ${reader}`, async () => (await mail.all()).some(isWelcome));
      const arrived = (await mail.all()).find(isWelcome);
      assert.equal(arrived.html.includes('FR10'), reader === 'fred@example.org');
      assert.equal(arrived.text.includes('FR10'), reader === 'fred@example.org');

      await page.getByLabel('Show the sections of').selectOption('Whoever has these values');
      await page.getByLabel('Show it as somebody').fill(reader);
      await page.locator('#sections').getByRole('row',
        { name: reader === 'fred@example.org' ? /html Readers in France shown/ : /html Readers in France hidden/ }).waitFor();
      const shown = reader === 'fred@example.org' ? 'Your code: FR10' : 'Welcome to Newsletter.';
      await page.getByText(shown).first().waitFor({ state: 'attached' });
      const link = arrived.text.match(/http:\S+/)[0];
      const asSent = (words) => words.replaceAll(/http:\/\/[^/]+\/p\/example/g, link).replace('<base target="_blank">', '').trim();
      const preview = await previewed();
      assert.equal(arrived.html.trim(), asSent(preview.html));
      assert.equal(arrived.text.trim(), asSent(preview.text));
    }
    bySource = page.url();
    assert.deepEqual(blocked, []);
  });

  step('write a template by its parts, with the keyboard, and see it while typing', async () => {
    await page.goto(`${templates()}/new`);
    await page.getByLabel('Kind').selectOption('welcome');
    await page.getByLabel('Name').fill('Simple welcome');
    await page.getByRole('radio', { name: /Simple/ }).check();
    await page.getByRole('button', { name: 'Add template' }).click();
    await page.getByRole('heading', { name: 'Simple welcome' }).waitFor();
    await page.getByLabel('Heading').focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('Good to see you, ');
    await page.getByLabel('Variable').selectOption('First name');
    await page.getByRole('button', { name: 'Insert' }).focus();
    await page.keyboard.press('Enter');
    assert.equal(await page.getByLabel('Heading').inputValue(), 'Good to see you, {{ contact.first_name }}');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'heading', 'who inserts goes on typing');
    await framed().getByText('Good to see you, Ada').waitFor();
    await page.getByLabel('Colour').fill('#7a1fa2');
    await page.getByLabel('Text', { exact: true }).fill('Thank you, {{ contact.name }}.\n\nSee https://shop.example/tea.');
    await page.getByLabel('Button').fill('To the shop');
    await page.getByLabel('Where it leads').fill('nowhere');
    await page.locator('#preview').getByText('It cannot be shown or saved').waitFor();
    await lookAt(page, 'templates-simple-unfit');
    await page.getByLabel('Where it leads').fill('https://shop.example/');
    await page.getByLabel('Footer').fill("Ann's Shop Ltd\n1 High Street, York YO1 9XX\nhttps://shop.example/imprint");
    await framed().getByText('1 High Street, York YO1 9XX').waitFor();
    await page.getByRole('button', { name: 'Save draft' }).click();
    await page.getByText('The draft is saved').waitFor();
    await lookAt(page, 'templates-simple');
  });

  step('say that changing the source is the end of simple mode, and bring it back from the history', async () => {
    await publish();
    await page.getByRole('link', { name: 'Source and tests' }).click();
    await page.getByText('simple mode cannot open it any more').waitFor();
    await lookAt(page, 'templates-simple-source');
    await page.getByLabel('Subject', { exact: true }).fill('By hand');
    await page.getByRole('button', { name: 'Save draft' }).click();
    await page.getByText('The draft is saved').waitFor();
    await page.goto(`${page.url()}/simple`);
    await page.getByText('Simple mode cannot open it').waitFor();
    await lookAt(page, 'templates-simple-closed');
    await page.locator('.empty').getByRole('link', { name: 'History' }).click();
    await lookAt(page, 'templates-simple-history');
    await page.getByRole('link', { name: 'Version 1' }).click();
    await page.getByRole('button', { name: 'Make it the draft' }).click();
    await page.getByLabel('Heading').waitFor();
    await page.getByRole('link', { name: 'Discard draft…' }).click();
    await page.getByRole('button', { name: 'Discard draft' }).click();
    await page.getByText('The draft is gone').waitFor();
    assert.match(page.url(), /\/simple\?/);
    assert.deepEqual(blocked, []);
  });

  step('work without script', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, storageState: await page.context().storageState() });
    const plain = await context.newPage();
    await plain.goto(bySource);
    await plain.locator('input[name=subject]').fill('Written without script');
    await plain.locator('.modes').getByLabel('JSON').check();
    await plain.getByRole('button', { name: 'Update preview' }).click();
    await plain.locator('.inbox').getByText('Written without script').waitFor();
    await plain.locator('textarea[name=json]').fill('{"list":{"name":"X"}}');
    await plain.getByRole('button', { name: 'Save draft' }).click();
    await plain.getByText('The draft is saved').waitFor();
    assert.match(await plain.locator('textarea[name=json]').inputValue(), /"X"/);
    await plain.goto(`${templates()}/new`);
    await plain.getByLabel('Name').fill('Without script');
    await plain.getByRole('radio', { name: /Simple/ }).check();
    await plain.getByRole('button', { name: 'Add template' }).click();
    await plain.getByLabel('Text', { exact: true }).fill('Hello');
    await plain.getByLabel('Variable').selectOption('First name');
    await plain.getByRole('button', { name: 'Insert' }).click();
    assert.equal(await plain.getByLabel('Text', { exact: true }).inputValue(), 'Hello {{ contact.first_name }}');
    await plain.frameLocator('iframe').getByText('Hello Ada').waitFor();
    await context.close();
  });
});

// The archive as a site's owner gets it: what is in it, what it says of itself, and that it installs by upload.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch, picture, signIn } from './lib/browser.js';
import { run } from './lib/process.js';
import { startSite } from './lib/site.js';

const plugin = fileURLToPath(new URL('../../wordpress-plugin/', import.meta.url));

describe('The archive of the plugin', () => {
  let folder, archive;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gateway-archive-'));
    archive = join(folder, 'gateway-connector.zip');
    await run(join(plugin, 'build-zip'), [archive]);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const unpacked = (name) => run('unzip', ['-p', archive, `gateway-connector/${name}`]);

  test('holds one folder with what runs, and nothing for developers', async () => {
    const names = (await run('unzip', ['-Z1', archive])).trim().split('\n');
    for (const name of ['gateway-connector.php', 'uninstall.php', 'readme.txt', 'license.txt', 'includes/spool/class-spool.php',
      'assets/admin.css']) {
      assert.ok(names.includes(`gateway-connector/${name}`), name);
    }
    const ours = /^gateway-connector\/([\w-]+\/)*[\w-]+\.(l10n\.php|php|txt|css|js|json|svg|pot|po|mo)$/;
    const foreign = names.filter((name) => !ours.test(name));
    assert.deepEqual(foreign, []);
    assert.deepEqual(names.filter((name) => /\/(tests?|vendor|node_modules)\/|composer|phpunit|phpcs/.test(name)), []);
  });

  test('is the same version everywhere', async () => {
    const [program, readme] = [await unpacked('gateway-connector.php'), await unpacked('readme.txt')];
    const version = program.match(/^ \* Version: +(\S+)$/m)[1];
    assert.equal(program.match(/const VERSION += '(.+)';/)[1], version);
    assert.equal(readme.match(/^Stable tag: (.+)$/m)[1], version);
    assert.match(readme, new RegExp(`^= ${version.replaceAll('.', '\\.')} =$`, 'm'));
    for (const name of ['Requires at least', 'Requires PHP', 'License']) {
      assert.equal(program.match(new RegExp(`^ \\* ${name}: +(.+)$`, 'm'))[1], readme.match(new RegExp(`^${name}: (.+)$`, 'm'))[1], name);
    }
  });

  test('has a readme as the plugin directory wants it', async () => {
    const readme = await unpacked('readme.txt');
    const [, title, headers, summary, body] = readme.match(/^=== (.+) ===\n((?:.+\n)+)\n(.+)\n\n(== [^]+)$/);
    assert.equal(title, 'Gateway Connector');
    const names = headers.trim().split('\n').map((line) => line.slice(0, line.indexOf(':')));
    assert.deepEqual(names, ['Contributors', 'Tags', 'Requires at least', 'Tested up to', 'Requires PHP', 'Stable tag', 'License',
      'License URI']);
    assert.ok(headers.match(/^Tags: (.+)$/m)[1].split(',').length <= 5, 'the directory takes five tags');
    assert.ok(summary.length <= 150, 'the directory cuts the summary after 150 characters');
    const sections = [...body.matchAll(/^== (.+) ==$/gm)].map(([, name]) => name);
    for (const name of ['Description', 'Installation', 'Frequently Asked Questions', 'Screenshots', 'Changelog']) {
      assert.ok(sections.includes(name), name);
    }
  });

  test('has a caption for each screenshot, and a screenshot for each caption', async () => {
    const [, section] = (await unpacked('readme.txt')).match(/== Screenshots ==\n\n([^]+?)\n\n==/);
    const captions = section.split('\n');
    for (const [index, caption] of captions.entries()) {
      assert.ok(caption.startsWith(`${index + 1}. `), caption);
      const image = await readFile(join(plugin, `.wordpress-org/screenshot-${index + 1}.png`));
      assert.equal(image.toString('latin1', 1, 4), 'PNG');
    }
    await assert.rejects(readFile(join(plugin, `.wordpress-org/screenshot-${captions.length + 1}.png`)));
  });

  test('installs by upload and leads its owner to the connection', async () => {
    const site = await startSite({ plugin: false });
    const browser = await launch();
    try {
      const page = await signIn(browser, site);
      await page.goto(`${site.url}/wp-admin/plugin-install.php?tab=upload`);
      await page.locator('#pluginzip').setInputFiles(archive);
      await page.locator('#install-plugin-submit').click();
      await page.getByText('Plugin installed successfully.').waitFor();
      await picture(page, 'wordpress-upload');
      await page.getByRole('link', { name: 'Activate Plugin' }).click();
      await page.getByRole('heading', { name: 'First steps' }).waitFor();
      await picture(page, 'wordpress-activated');
      await page.locator('#gateway-connector-address').waitFor();
      assert.deepEqual(await site.spool(), []);
    } finally {
      await browser.close();
      await site.stop();
    }
  });
});

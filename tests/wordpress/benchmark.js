// What the plugin costs a visitor: the time of a submit without the plugin, and with it while the gateway is up, slow, hanging or down.
//
//   node benchmark.js [--rounds N] [--fpm]
//
// Each case has a site of its own; they take turns, in another order each round and with a pause between, so that what else the machine
// does meets all alike. Prints medians in ms and the plugin's share: the median of what a submit took longer than without the plugin in the
// same round. What comes in is sent meanwhile: now and then by the system's cron, or with --fpm, which serves the sites with PHP-FPM behind
// nginx (install both), by WordPress's own, which the plugin starts there once the visitor has the answer.
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createGateway } from './lib/gateway.js';
import { freePort } from './lib/process.js';
import { startSite } from './lib/site.js';
import { startTap } from './lib/tap.js';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '200' }, fpm: { type: 'boolean', default: false } } });
const rounds = Number(values.rounds);
const warmUp = 10;
const cronEvery = 25; // rounds
const goal = 5; // ms
const delay = 300; // ms, of the slow gateway
const between = 100; // ms, between one visitor and the next

const started = [];
const keep = (thing, end = (it) => it.stop()) => (started.unshift(() => end(thing)), thing);

/** Takes connections and never says a word. */
async function startSilence() {
  const sockets = new Set();
  const server = createServer((socket) => sockets.add(socket.on('error', () => {}))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = () => {
    sockets.forEach((socket) => socket.destroy());
    server.close();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, stop };
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** The connection key with another address in it. */
function at(url, key) {
  const parts = JSON.parse(Buffer.from(key.slice('gwc_'.length), 'base64url'));
  return `gwc_${Buffer.from(JSON.stringify({ ...parts, url })).toString('base64url')}`;
}

async function startGateways() {
  const gateway = keep(await createGateway(), (it) => it.remove());
  await gateway.start();
  const slow = keep(await startTap(() => pause(delay).then(() => gateway.url)));
  const hanging = keep(await startSilence());
  const account = await gateway.command('site', 'add', 'Test Shop', '--from', 'news@shop.example');
  const { list } = await gateway.command('list', 'add', account.site, 'News');
  const urls = { up: gateway.url, slow: slow.url, hanging: hanging.url, down: `http://127.0.0.1:${await freePort()}` };
  return { list, keys: Object.entries(urls).map(([name, url]) => [name, at(url, account.connectionKey)]) };
}

/** A site; without a key it does not have the plugin. */
async function startCase(key, list) {
  const withCron = { serve: 'serve-fpm', prepare: (folder) => writeFile(join(folder, 'wp-content/test-cron'), '') };
  const site = keep(await startSite({ plugin: Boolean(key), ...(values.fpm && withCron) }));
  if (key) {
    await site.php(`( new Gateway_Connector\\Settings() )->save_key( '${key}' );
      $form = WPCF7_ContactForm::get_instance( ${site.forms.contact.id} );
      $list = array( 'list' => '${list}', 'email' => 'your-email', 'name' => 'your-name', 'consent' => 'newsletter' );
      ( new Gateway_Connector\\Form_Settings( true, array( Gateway_Connector\\Subscription::from_array( $list ) ) ) )->put_into( $form );
      return $form->save();`);
  }
  return site;
}

let visitors = 0;

/** Milliseconds until the visitor has the answer. */
async function submit(site) {
  const { id } = site.forms.contact;
  const name = `visitor${++visitors}`;
  const body = new FormData();
  const fields = { _wpcf7_unit_tag: `wpcf7-f${id}-p7-o1`, 'your-name': name, 'your-email': `${name}@example.org`, 'your-message': 'Hello',
    newsletter: '1' };
  for (const [field, value] of Object.entries(fields)) body.append(field, value);
  const began = performance.now();
  const response = await fetch(`${site.url}/wp-json/contact-form-7/v1/contact-forms/${id}/feedback`, { method: 'POST', body });
  const { status } = await response.json();
  const took = performance.now() - began;
  if (status !== 'mail_sent') throw new Error(`${site.url} answered ${status}`);
  return took;
}

const shuffled = (all) => all.map((one) => [Math.random(), one]).sort(([a], [b]) => a - b).map(([, one]) => one);

const quantile = (times, part) => [...times].sort((a, b) => a - b)[Math.floor(part * (times.length - 1))];

async function measure(cases) {
  const crons = [];
  for (let round = -warmUp; round < rounds; round++) {
    for (const one of shuffled(cases)) {
      await pause(between);
      const took = await submit(one.site);
      if (round >= 0) one.times.push(took);
    }
    if (!values.fpm && round % cronEvery === 0) crons.push(...cases.map(({ site }) => site.nextMinute()));
  }
  await Promise.all(crons);
}

/** How many submissions the gateway has got meanwhile; none may be missing. */
async function delivered({ name, site }) {
  const rows = await site.spool();
  if (rows.length !== rounds + warmUp) throw new Error(`${name}: ${rows.length} submissions in the spool`);
  return rows.filter(({ state }) => state === 'delivered').length;
}

async function report([without, ...cases]) {
  const padded = (cell, at) => (at ? String(cell).padStart(9) : String(cell).padEnd(14));
  const row = (...cells) => console.log(`| ${cells.map(padded).join(' | ')} |`);
  const times = (all) => [quantile(all, 0.5), quantile(all, 0.95)].map((time) => time.toFixed(1));
  row('Gateway', 'median', 'p95', 'share', 'delivered');
  row('no plugin', ...times(without.times), '', '');
  let worst = 0;
  for (const one of cases) {
    const share = quantile(one.times.map((time, round) => time - without.times[round]), 0.5);
    worst = Math.max(worst, share);
    row(one.name, ...times(one.times), share.toFixed(1), await delivered(one));
  }
  console.log(`${rounds} rounds; goal ${goal} ms: ${worst <= goal ? 'reached' : 'missed'}`);
}

try {
  const { list, keys } = await startGateways();
  const cases = [];
  for (const [name, key] of [['no plugin', null], ...keys]) cases.push({ name, site: await startCase(key, list), times: [] });
  await measure(cases);
  await report(cases);
} finally {
  for (const end of started) await end();
}

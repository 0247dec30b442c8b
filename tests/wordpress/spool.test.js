// The spool under a load and after a long outage: a real WordPress with four workers, and a real gateway behind a tap that counts.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createGateway } from './lib/gateway.js';
import { run } from './lib/process.js';
import { startSite } from './lib/site.js';
import { startTap } from './lib/tap.js';

const visitors = 50;
const week = process.env.GATEWAY_FULL ? 10_000 : 500;

describe('The spool', () => {
  let site, gateway, tap;

  before(async () => {
    tap = await startTap(() => gateway.url);
    gateway = await createGateway({ settings: { Gateway__PublicUrl: tap.url } });
    await gateway.start();
    site = await startSite();
    const { connectionKey } = await gateway.command('site', 'add', 'Test Shop', '--from', 'lettre@shop.example');
    await site.php(`( new Gateway_Connector\\Settings() )->save_key( '${connectionKey}' );
      $form = WPCF7_ContactForm::get_instance( ${site.forms.contact.id} );
      ( new Gateway_Connector\\Form_Settings( true, array() ) )->put_into( $form );
      return $form->save();`);
  });
  after(async () => {
    await site?.stop();
    await gateway?.remove();
    await tap?.stop();
  });

  async function submit(number) {
    const { id } = site.forms.contact;
    const body = new FormData();
    const fields = { _wpcf7_unit_tag: `wpcf7-f${id}-p7-o1`, 'your-name': `Ann ${number}`, 'your-email': `ann${number}@example.org`,
      'your-message': 'Hello' };
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    const response = await fetch(`${site.url}/wp-json/contact-form-7/v1/contact-forms/${id}/feedback`, { method: 'POST', body });
    return (await response.json()).status;
  }

  // A missing event is scheduled for now.
  const everyMinute = () => site.php("return wp_clear_scheduled_hook( 'gateway_connector_send' );");
  /** What happens where two of WordPress' crons run at once: its lock is none. */
  const cronWithoutLock = () => site.php("do_action( 'gateway_connector_send' ); return true;");

  /** A run of the cron that may use 64 MB, and what it took. */
  async function measuredCron() {
    await everyMinute();
    const script = `define( 'WP_MAX_MEMORY_LIMIT', '64M' ); // What WordPress gives its cron.
      register_shutdown_function( static function () { echo "\n", memory_get_peak_usage( true ); } );
      require $argv[1];`;
    const began = performance.now();
    const output = await run('php', ['-d', 'memory_limit=64M', '-r', script, join(site.folder, 'wp-cron.php')], { cwd: site.folder });
    return { seconds: (performance.now() - began) / 1000, megabytes: Number(output.slice(output.lastIndexOf('\n'))) / 2 ** 20 };
  }

  const waiting = () =>
    site.php(`global $wpdb;
      return (int) $wpdb->get_var( "SELECT COUNT(*) FROM {$wpdb->prefix}gateway_connector_spool WHERE state = 'waiting'" );`);
  const keys = () =>
    site.php('global $wpdb; return $wpdb->get_col( "SELECT submission_key FROM {$wpdb->prefix}gateway_connector_spool ORDER BY id" );');

  test('fifty submissions at once, with four senders at once, arrive exactly once each', async () => {
    const submissions = Promise.all(Array.from({ length: visitors }, (_, number) => submit(number)));
    let all = false;
    submissions.finally(() => (all = true));
    do {
      await everyMinute();
      await Promise.all([site.cron(), site.cron(), cronWithoutLock(), cronWithoutLock()]);
    } while (!all || (await waiting()) > 0);

    assert.deepEqual(await submissions, Array(visitors).fill('mail_sent'));
    assert.deepEqual([...tap.taken].sort(), (await keys()).sort());
    assert.equal(new Set(tap.taken).size, visitors);
  });

  test('what a week without the gateway left arrives once each and in order, in little memory and short runs', async (context) => {
    await gateway.stop();
    await site.php(`global $wpdb;
      $wpdb->query( 'START TRANSACTION' );
      for ( $number = 1; $number <= ${week}; $number++ ) {
        gateway_connector_submit( array( 'fields' => array( 'your-email' => "ann{$number}@example.org",
          'your-message' => str_repeat( 'x', 500 ) ) ) );
      }
      return $wpdb->query( 'COMMIT' );`);
    await measuredCron();
    assert.equal(await waiting(), week);
    await aWeekLater();
    await gateway.start();

    const runs = [];
    for (tap.taken.length = 0; (await waiting()) > 0; ) runs.push(await measuredCron());

    const longest = Math.max(...runs.map(({ seconds }) => seconds));
    const most = Math.max(...runs.map(({ megabytes }) => megabytes));
    const took = `the longest took ${longest.toFixed(1)} s, the most memory was ${most} MB`;
    context.diagnostic(`${week} submissions in ${runs.length} runs; ${took}`);
    assert.deepEqual(tap.taken, (await keys()).slice(-week));
    assert.ok(longest < 60);
    assert.ok(most <= 64);
  });

  /** Every hour a try, the last one half an hour ago. */
  const aWeekLater = () =>
    site.php(`global $wpdb;
      $time = static fn ( $ago ) => gmdate( 'Y-m-d H:i:s', time() - $ago );
      ( new Gateway_Connector\\Settings() )->hold( -60 );
      return $wpdb->query( $wpdb->prepare(
        "UPDATE {$wpdb->prefix}gateway_connector_spool SET attempts = 170, created_at = %s, due_at = %s WHERE state = 'waiting'",
          $time( WEEK_IN_SECONDS ), $time( 60 )
      ) );`);
});

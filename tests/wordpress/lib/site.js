// A WordPress of its own for one test file.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, run, start, untilServing } from './process.js';

const here = fileURLToPath(new URL('..', import.meta.url));

export async function startSite({ plugin = true, prepare = async () => {} } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-wordpress-'));
  const port = await freePort();
  const options = ['--port', String(port), ...(plugin ? [] : ['--without-plugin'])];
  const site = JSON.parse(await run(join(here, 'provision'), [folder, ...options]));
  await prepare(folder);

  const server = start(join(here, 'serve'), [folder, String(port)]);
  await untilServing(server, site.url);

  async function php(code) {
    const script = `require $argv[1] . '/wp-load.php'; echo "\\n", json_encode( ( static function () { ${code} } )() );`;
    const output = await run('php', ['-r', script, folder]);
    return JSON.parse(output.slice(output.lastIndexOf('\n')));
  }

  return {
    ...site,
    folder,
    /** Runs PHP inside WordPress; what it returns comes back as JSON. */
    php,
    /** The submissions that the plugin keeps, oldest first. */
    spool: () => php('global $wpdb; return $wpdb->get_results( "SELECT * FROM {$wpdb->prefix}gateway_spool ORDER BY id", ARRAY_A );'),
    /** What the system's cron does when the next minute has come; WordPress schedules a missing recurring event for now. */
    async nextMinute() {
      await php("return wp_clear_scheduled_hook( 'gateway_connector_send' );");
      await run('php', [join(folder, 'wp-cron.php')], { cwd: folder });
    },
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

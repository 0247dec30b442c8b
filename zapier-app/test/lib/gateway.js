// A gateway of its own, as Development starts it: SMS end in the sandbox and mails in the mailbox. One site with one list.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createGateway } from '../../../tests/wordpress/lib/gateway.js';
import { run as runProgram } from '../../../tests/wordpress/lib/process.js';
import { App, run } from './app.js';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const program = `${repository}src/Gateway/bin/Release/net10.0/Gateway.dll`;

export async function startGateway() {
  if (!existsSync(program)) await runProgram('dotnet', ['build', `${repository}src/Gateway`, '-c', 'Release']);
  process.env.Hooks__AllowPrivateTargets = 'true'; // What takes Zapier's place here listens on loopback.
  const gateway = await createGateway();
  try {
    await gateway.start();
    const account = await gateway.command('site', 'add', 'Ann’s Shop', '--from', 'news@shop.example', '--language', 'en');
    const { list } = await gateway.command('list', 'add', account.site, 'Newsletter');
    return Object.assign(gateway, { account, list });
  } catch (error) {
    await gateway.remove();
    throw error;
  }
}

/** What Zapier keeps of a connection, once it is made. */
export async function connect({ url, account }) {
  const authData = { url, client_id: account.clientId, client_secret: account.clientSecret };
  return { ...authData, ...(await run(App.authentication.sessionConfig.perform, { authData })) };
}

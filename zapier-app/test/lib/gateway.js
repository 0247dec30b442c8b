// A gateway of its own, as Development starts it: mails end in the mailbox. One site with one list.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createGateway } from '../../../tests/wordpress/lib/gateway.js';
import { run as runProgram } from '../../../tests/wordpress/lib/process.js';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const program = `${repository}src/Gateway/bin/Release/net10.0/Gateway.dll`;

/** `settings` are of the environment. */
export async function startGateway(settings = {}) {
  if (!existsSync(program)) await runProgram('dotnet', ['build', `${repository}src/Gateway`, '-c', 'Release']);
  const gateway = await createGateway({ settings });
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

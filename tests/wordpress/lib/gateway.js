// The gateway as an operator runs it: the built program, on a database file of its own.
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, run, start, untilServing } from './process.js';
import { runTogether, startTogether, together } from './together.js';

// tests/run builds it once for all suites and says where it is.
const built = fileURLToPath(new URL('../../../src/Gateway/bin/Release/net10.0/Gateway.dll', import.meta.url));
const program = process.env.GATEWAY_PROGRAM ?? built;

const smtp = (port) => ({
  Mail__Transport: 'smtp', Mail__Smtp__Host: '127.0.0.1', Mail__Smtp__Port: String(port), Mail__Smtp__Security: 'none',
});

// The suites sign the same few addresses up again and again, and no test may ask the DNS.
const noBudgets = {
  ...Object.fromEntries(
    ['MailboxPerHour', 'MailboxPerDay', 'MailboxPerWeek', 'DomainPerHour', 'DomainPerDay', 'VisitorPerHour', 'VisitorPerDay',
      'NetworkPerHour', 'NetworkPerDay'].map((limit) => [`Confirmations__Budget__${limit}`, '0']),
  ),
  Confirmations__Breaker__Mode: 'off',
  Confirmations__Domains__AskDns: 'false',
  Mail__Budget__MailboxPerHour: '0',
};

/**
 * Without a mail server it keeps its mails in the mailbox of a first run.
 * @param isNew whether it makes its own key and tables, as a first run does, in a process of its own
 * @param host what people call it: browsers know passkeys for names alone
 */
export async function createGateway({ mail, mailjet, settings, isNew = false, host = '127.0.0.1' } = {}) {
  if (!existsSync(program)) throw new Error(`There is no ${program}; it is made by: dotnet build src/Gateway -c Release`);
  const folder = await mkdtemp(join(tmpdir(), 'gateway-'));
  // To make them takes each gateway more than a second of a processor.
  for (const [made, name] of [[process.env.GATEWAY_TEST_MASTER_KEY, 'master.key'], [process.env.GATEWAY_TEST_DATABASE, 'gateway.db']]) {
    if (existsSync(made ?? '') && !isNew) await copyFile(made, join(folder, name));
  }
  const isAlone = isNew || !together;
  const url = `http://${host}:${await freePort()}`;
  const options = {
    cwd: dirname(program),
    env: {
      ...process.env,
      GATEWAY_ENV_FILE: '', // not the settings of a gateway that is installed on this machine
      ASPNETCORE_ENVIRONMENT: 'Development',
      ASPNETCORE_URLS: url,
      ConnectionStrings__Gateway: `Data Source=${join(folder, 'gateway.db')}`,
      Gateway__PublicUrl: url,
      Gateway__MasterKeyFile: join(folder, 'master.key'),
      Gateway__Admin__SignInAgainAfter: '1.00:00:00', // On a busy machine a suite takes longer than a quarter of an hour.
      ...noBudgets,
      ...(mail && smtp(mail.port)),
      ...(mailjet && { Lists__Mailjet__BaseUrl: mailjet.url, Lists__Mailjet__ApiKey: 'key', Lists__Mailjet__SecretKey: 'secret' }),
      ...settings,
    },
  };

  let server;
  return {
    url,
    /** @param more settings of this start alone */
    async start(more = {}) {
      const env = { ...options.env, ...more };
      server = isAlone ? start('dotnet', [program], { ...options, env }) : startTogether('gateways', [], env);
      await untilServing(server, `${url}/health/ready`);
    },
    stop: async () => server?.stop(),
    /** What it printed since its last start. */
    output: () => server?.output ?? '',
    /** What `gateway COMMAND --json` prints. */
    async command(...words) {
      const args = [...words, '--json'];
      return JSON.parse(isAlone ? await run('dotnet', [program, ...args], options) : await runTogether(args, options.env));
    },
    async remove() {
      await this.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

// Gateways and commands that share a process: what is loaded and compiled for one is there for the next (tests/Gateway.Together).
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The folder of their sockets, where tests/run has started them; else each has a process of its own. */
export const together = process.env.GATEWAY_TEST_TOGETHER;

/** Starts the program in the process of that name, like start() of process.js, until stop(). */
export function startTogether(name, args, env) {
  const printed = { stdout: '', stderr: '' };
  let code;
  const settings = Object.fromEntries(Object.entries(env).filter(([key, value]) => process.env[key] !== value));
  const socket = connect({ path: join(together, `${name}.socket`), allowHalfOpen: true });
  socket.write(`${JSON.stringify({ args, settings })}\n`);
  socket.once('error', (error) => (printed.stderr += error.message));
  const ended = listen().finally(() => (code ??= 'without a word'));

  async function listen() {
    for await (const line of createInterface(socket)) {
      const told = JSON.parse(line);
      for (const stream of ['stdout', 'stderr']) printed[stream] += told[stream] ?? '';
      code ??= told.code;
    }
  }

  return {
    printed,
    ended,
    get code() {
      return code;
    },
    get output() {
      return (printed.stdout + printed.stderr).slice(-20_000);
    },
    get running() {
      return code === undefined;
    },
    async stop() {
      socket.end();
      await ended;
    },
  };
}

/** Runs a command to its end and gives its standard output, like run() of process.js. */
export async function runTogether(args, env) {
  const command = startTogether('commands', args, env);
  await command.ended;
  const { stdout, stderr } = command.printed;
  if (command.code !== 0) throw new Error(`gateway ${args.join(' ')} ended with ${command.code}\n${stdout}${stderr}`);
  return stdout;
}

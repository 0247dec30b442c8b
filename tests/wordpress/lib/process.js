// Processes that a test starts: ended by id, and waited for by what they do.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port that was free a moment ago. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts a program that runs until stop(); its output is kept for the message of a failure. */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const ended = once(child, 'exit');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output = (output + text).slice(-20_000)));
  }
  return {
    get output() {
      return output;
    },
    get running() {
      return child.exitCode === null && child.signalCode === null;
    },
    async stop(signal = 'SIGTERM') {
      if (this.running) child.kill(signal);
      await ended;
    },
  };
}

/** Runs a program to its end and gives its standard output. */
export async function run(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}\n${stdout}${stderr}`);
  return stdout;
}

async function text(stream) {
  let all = '';
  for await (const chunk of stream.setEncoding('utf8')) all += chunk;
  return all;
}

/** Asks until the answer is truthy; gives up after the time given. */
export async function until(what, ask, { seconds = 20 } = {}) {
  const end = Date.now() + seconds * 1000;
  let error;
  do {
    try {
      const answer = await ask();
      if (answer) return answer;
      error = undefined;
    } catch (thrown) {
      error = thrown;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  } while (Date.now() < end);
  throw new Error(`waited ${seconds} s in vain for: ${what}`, { cause: error });
}

/** True when something answers there, whatever it says. */
export const answers = (url) =>
  fetch(url, { redirect: 'manual' }).then(
    () => true,
    () => false,
  );

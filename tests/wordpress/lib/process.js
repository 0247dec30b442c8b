// Processes that a test starts: ended by id, and waited for by what they do.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

// Blocks of ports below those that the system gives to others. Whoever has the first port of a block has them all, for as long as it
// lives: a port that nobody listens at yet, since the program that is to have it still starts, is nobody else's.
const [firstPort, blockSize, blocks] = [10_000, 100, 200];
const isListening = (server) => once(server, 'listening').then(() => true, () => false);
let lastPort = await ownBlock();

async function ownBlock() {
  for (let tried = 0; tried < blocks; tried++) {
    const port = firstPort + ((process.pid + tried) % blocks) * blockSize;
    const guard = createServer().unref().listen(port, '127.0.0.1');
    if (await isListening(guard)) return port;
  }
  throw new Error(`all blocks of ports from ${firstPort} on are taken`);
}

/** A port of this process alone. */
export async function freePort() {
  const port = ++lastPort;
  if (port % blockSize === 0) {
    lastPort = await ownBlock();
    return freePort();
  }
  const server = createServer().listen(port, '127.0.0.1');
  if (!(await isListening(server))) return freePort(); // A program that left its run behind, or one that is not ours.
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts a program that runs until stop(); its output is kept for the message of a failure. */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let output = '';
  let running = true;
  const ended = once(child, 'exit')
    .catch((error) => (output += error.message)) // it could not be started
    .finally(() => (running = false));
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output = (output + text).slice(-20_000)));
  }
  return {
    pid: child.pid,
    get output() {
      return output;
    },
    get running() {
      return running;
    },
    async stop(signal = 'SIGTERM') {
      if (running) child.kill(signal);
      await ended;
    },
  };
}

/** Runs a program to its end and gives its standard output. */
export async function run(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const [[code, signal], stdout, stderr] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code ?? signal}\n${stdout}${stderr}`);
  return stdout;
}

async function text(stream) {
  let all = '';
  for await (const chunk of stream.setEncoding('utf8')) all += chunk;
  return all;
}

/** Asks until the answer is truthy; gives up after the time given, and at once when asking fails. */
export async function until(what, ask, { seconds = 60 } = {}) {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    const answer = await ask();
    if (answer) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`waited ${seconds} s in vain for: ${what}`);
}

/** Waits until a program that was started answers there; says what it printed when it ends instead. */
export const untilServing = (program, url) =>
  until(url, async () => {
    if (!program.running) throw new Error(`nothing serves ${url}: ${program.output}`);
    try {
      const response = await fetch(url, { redirect: 'manual' });
      await response.arrayBuffer(); // A body that nobody reads holds its connection, which Node.js 22 does not forgive.
      return response.status < 500;
    } catch {
      return false;
    }
  }, { seconds: 180 });

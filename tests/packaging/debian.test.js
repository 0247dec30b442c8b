// The life of the Debian package on a Debian 12 that boots systemd in a container: installed, started as the hardened unit says, used as
// docs/deploy.md says up to the first confirmed subscriber, upgraded, removed, purged, and installed again.
//
// GATEWAY_PACKAGE names a package that is built already; without it src/packaging/build-deb makes one. Needs root, and of Debian's packages
// debootstrap, lintian, systemd-container and util-linux.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startMail } from '../wordpress/lib/mail.js';
import { freePort, run, start, until } from '../wordpress/lib/process.js';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const cache = process.env.GATEWAY_CACHE ?? join(homedir(), '.cache/gateway-tests');
const settingsFile = '/etc/gateway/gateway.env';
const minutes = (many) => many * 60_000;

/** A fresh Debian with what the package depends on, made once and kept. */
async function debian(folder) {
  const kept = join(cache, 'debian-bookworm.tar');
  const isFresh = await stat(kept).then(({ mtimeMs }) => Date.now() - mtimeMs < 30 * 24 * 60 * minutes(1), () => false);
  if (!isFresh) {
    const made = `${folder}.new`;
    const packages = ['systemd', 'systemd-sysv', 'ca-certificates', 'libicu72', 'libssl3', 'libstdc++6', 'tzdata'];
    await run('debootstrap', ['--variant=minbase', `--include=${packages}`, 'bookworm', made]);
    await mkdir(cache, { recursive: true });
    await run('tar', ['-cf', `${kept}.${process.pid}`, '-C', made, '.']);
    await rename(`${kept}.${process.pid}`, kept);
    await rm(made, { recursive: true });
  }
  await mkdir(folder);
  await run('tar', ['-xf', kept, '-C', folder]);
}

async function build(folder) {
  const said = await run(join(repository, 'src/packaging/build-deb'), ['--output', folder]);
  return said.trim().split('\n').at(-1);
}

describe('the Debian package', { timeout: minutes(30) }, () => {
  let work, root, machine, leader, mail, file, port, account, list;

  /** Runs a line of shell in the container as root: its exit code and all that it printed. */
  async function shell(line) {
    const words = ['--target', leader, '--mount', '--uts', '--ipc', '--pid', '--root', '--wd', 'env', '-i'];
    const variables = ['PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root', 'DEBIAN_FRONTEND=noninteractive', 'LC_ALL=C.UTF-8'];
    return promisify(execFile)('nsenter', [...words, ...variables, 'sh', '-c', `${line} 2>&1`], { timeout: minutes(3) }).then(
      ({ stdout }) => ({ code: 0, said: stdout }),
      ({ code, stdout, message }) => ({ code: code ?? 1, said: stdout || message }),
    );
  }

  async function sure(line) {
    const { code, said } = await shell(line);
    assert.equal(code, 0, `${line}\n${said}\n${(await shell('journalctl -u gateway --no-pager | tail -40')).said}`);
    return said;
  }

  const gateway = async (command) => JSON.parse(await sure(`gateway ${command} --json`));
  const state = async (what) => (await shell(`systemctl ${what} gateway`)).said.trim();
  const modeOf = (path) => sure(`stat -c '%A %U:%G' ${path}`).then((said) => said.trim());
  const url = (path) => `http://127.0.0.1:${port}${path}`;
  const ask = (path, options = {}) => fetch(url(path), { ...options, headers: { 'x-forwarded-proto': 'https', ...options.headers } });

  async function untilReady() {
    await until('the service to be ready', async () => {
      assert.notEqual(await state('is-active'), 'failed', (await shell('journalctl -u gateway --no-pager | tail -40')).said);
      return fetch(url('/health/ready')).then(async (answer) => (await answer.text(), answer.ok), () => false);
    }, { seconds: 120 });
  }

  async function setting(name, value) {
    const path = join(root, settingsFile);
    const text = await readFile(path, 'utf8');
    const line = new RegExp(`^#?${name}=.*$`, 'm');
    assert.match(text, line);
    await writeFile(path, text.replace(line, () => `${name}=${value}`));
  }

  before(async () => {
    work = await mkdtemp(join(tmpdir(), 'debian-'));
    root = join(work, 'root');
    file = process.env.GATEWAY_PACKAGE ?? (await build(work));
    await debian(root);
    await cp(file, join(root, 'root', basename(file)));
    mail = await startMail();
    port = await freePort();
    // Its network is this machine's, so that the test speaks to it on 127.0.0.1.
    machine = start('systemd-nspawn', ['--quiet', '--register=no', '--keep-unit', '--console=pipe', '--directory', root, '--boot']);
    await until('the container to boot', async () => {
      assert.ok(machine.running, machine.output);
      const children = await readFile(`/proc/${machine.pid}/task/${machine.pid}/children`, 'utf8').catch(() => '');
      [leader] = children.trim().split(' ');
      return leader && /^(running|degraded)$/m.test((await shell('systemctl is-system-running')).said);
    });
  }, { timeout: minutes(20) });

  after(async () => {
    await machine?.stop();
    await mail?.stop();
    await rm(work, { recursive: true, force: true });
  });

  // Each step builds on the one before.
  let lost = false;
  const step = (name, act) =>
    test(name, async () => {
      assert.ok(!lost, 'an earlier step failed');
      lost = true;
      await act();
      lost = false;
    });

  step('lintian has nothing to say', async () => {
    assert.equal(await run('lintian', ['--allow-root', '--tag-display-limit', '0', '--fail-on', 'error,warning', file]), '');
  });

  step('installs without a question, and starts nothing that has no settings yet', async () => {
    const said = await sure(`dpkg -i /root/${basename(file)} </dev/null`);
    assert.match(said, /master\.pem is its new master key\. Keep a copy/);
    assert.match(said, /fill in \/etc\/gateway\/gateway\.env/);
    assert.equal(await state('is-enabled'), 'disabled');
    assert.equal(await state('is-active'), 'inactive');
  });

  step('nobody but the service reads its key and data, and only root writes its settings and program', async () => {
    assert.equal(await modeOf('/etc/gateway/master.pem'), '-rw------- gateway:gateway');
    assert.equal(await modeOf('/var/lib/gateway'), 'drwx------ gateway:gateway');
    assert.equal(await modeOf('/var/backups/gateway'), 'drwx------ gateway:gateway');
    assert.equal(await modeOf('/etc/gateway'), 'drwxr-x--- root:gateway');
    assert.equal(await modeOf(settingsFile), '-rw-r----- root:gateway');
    assert.equal(await modeOf('/usr/lib/gateway/Gateway'), '-rwxr-xr-x root:root');
    assert.equal(await sure('find /usr/lib/gateway -perm /022 -o ! -user root'), '');
  });

  step('says what is missing in the settings', async () => {
    const { code, said } = await shell('gateway check config');
    assert.notEqual(code, 0);
    for (const name of ['Gateway__PublicUrl', 'Mail__From', 'Mail__Smtp__Host']) assert.match(said, new RegExp(name));
    assert.doesNotMatch(said, /There is no setting/);
  });

  step('starts with the settings filled in, needs no .NET on the machine, and shows its pages with their looks', async () => {
    await setting('Gateway__PublicUrl', 'https://gateway.example.org');
    await setting('Mail__From', 'news@example.org');
    await setting('Mail__Smtp__Host', '127.0.0.1');
    await setting('Mail__Smtp__Port', mail.port);
    await setting('Mail__Smtp__Security', 'none');
    await setting('ASPNETCORE_URLS', `http://127.0.0.1:${port}`);
    await sure('gateway check config --connect');
    assert.notEqual((await shell('command -v dotnet')).code, 0);
    await sure('systemctl enable --now gateway');
    await untilReady();
    const page = await (await ask('/admin/sign-in')).text();
    const [, style] = /<link rel="stylesheet" href="([^"]+)"/.exec(page) ?? assert.fail(page);
    const looks = await ask(new URL(style, url('/admin/')).pathname);
    assert.equal(looks.headers.get('content-type'), 'text/css');
    assert.ok((await looks.text()).length > 1000);
  });

  step('runs as the unit says: as its user, without a privilege, with the system calls filtered', async () => {
    const status = await sure('cat /proc/$(systemctl show --property MainPID --value gateway)/status');
    const [, uid] = /^Uid:\t(\d+)/m.exec(status);
    assert.equal(uid, (await sure('id -u gateway')).trim());
    assert.match(status, /^CapEff:\t0+$/m);
    assert.match(status, /^CapBnd:\t0+$/m);
    assert.match(status, /^NoNewPrivs:\t1$/m);
    assert.match(status, /^Seccomp:\t2$/m);
  });

  step('one signs up, confirms, and is on the list', async () => {
    account = await gateway(`site add "Ann's Shop" --from news@shop.example`);
    ({ list } = await gateway(`list add ${account.site} Newsletter`));
    const basic = Buffer.from(`${account.clientId}:${account.clientSecret}`).toString('base64');
    const token = await ask('/oauth/token', {
      method: 'POST',
      headers: { authorization: `Basic ${basic}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    const { access_token: bearer } = await token.json();
    const signUp = await ask('/v1/contacts', {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        email: 'zoe@example.org', list, optIn: 'double', consent: { text: 'Yes, send me the newsletter', source: 'A form' },
      }),
    });
    const contact = await signUp.json();
    assert.equal(signUp.status, 202, JSON.stringify(contact));
    const message = await mail.to('zoe@example.org');
    const [, path] = /https:\/\/gateway\.example\.org(\/c\/\S+)/.exec(message.text) ?? assert.fail(message.text);
    const confirmed = await ask(path, { method: 'POST', body: new URLSearchParams({ do: 'confirm' }) });
    assert.ok(confirmed.ok, await confirmed.text());
    const seen = await (await ask(`/v1/contacts/${contact.id}`, { headers: { authorization: `Bearer ${bearer}` } })).json();
    assert.equal(seen.subscriptions[0].status, 'confirmed', JSON.stringify(seen));
  });

  step('a command of root leaves no file that the service cannot write', async () => {
    assert.equal((await gateway('site list')).sites?.length ?? (await gateway('site list')).length, 1);
    await sure('gateway backup /var/backups/gateway/first');
    assert.equal(await sure('find /var/lib/gateway /var/backups/gateway ! -user gateway'), '');
  });

  step('a command takes no settings that lie where it is called', async () => {
    await sure(`mkdir /tmp/elsewhere && echo '{"Mail": {"Smtp": {"Hosts": "x"}}}' >/tmp/elsewhere/appsettings.json`);
    assert.doesNotMatch((await shell('cd /tmp/elsewhere && gateway check config')).said, /Mail__Smtp__Hosts/);
    await sure('cd /root && gateway site list');
  });

  step('an upgrade keeps settings and data, and starts anew what ran', async () => {
    const before = await sure('systemctl show --property MainPID --value gateway');
    await sure(`dpkg -i /root/${basename(file)} </dev/null`);
    await untilReady();
    assert.notEqual(await sure('systemctl show --property MainPID --value gateway'), before);
    assert.match(await readFile(join(root, settingsFile), 'utf8'), /^Mail__From=news@example\.org$/m);
    assert.match(await sure('gateway consents verify'), /head \d+:/);
  });

  step('an upgrade starts nothing that was stopped', async () => {
    await sure('systemctl stop gateway');
    await sure(`dpkg -i /root/${basename(file)} </dev/null`);
    assert.equal(await state('is-active'), 'inactive');
    assert.equal(await state('is-enabled'), 'enabled');
    await sure('systemctl start gateway');
    await untilReady();
  });

  step('removed, it stops; purged, it keeps the data and says where they are', async () => {
    await sure('dpkg -r gateway');
    assert.notEqual(await state('is-active'), 'active');
    await assert.rejects(fetch(url('/health/live')));
    await sure(`test -e ${settingsFile}`);
    const said = await sure('dpkg -P gateway');
    assert.match(said, /rm -r \/var\/lib\/gateway/);
    await sure('test -e /var/lib/gateway/gateway.db && test -e /etc/gateway/master.pem && test -e /var/backups/gateway/first');
    assert.notEqual((await shell(`test -e ${settingsFile} || test -e /usr/lib/gateway`)).code, 0);
  });

  step('installed again, it opens the data with the key that stayed', async () => {
    const key = await sure('sha256sum </etc/gateway/master.pem');
    await sure(`dpkg -i /root/${basename(file)} </dev/null`);
    assert.equal(await sure('sha256sum </etc/gateway/master.pem'), key);
    await setting('Gateway__PublicUrl', 'https://gateway.example.org');
    await setting('Mail__From', 'news@example.org');
    await setting('Mail__Smtp__Host', '127.0.0.1');
    assert.match(await sure('gateway consents verify'), /head \d+:/);
  });
});

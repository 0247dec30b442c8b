// Postfix and Dovecot of Debian, as instances of the test's own: files in a scratch folder, high ports of 127.0.0.1, no DNS.
import { mkdtemp, mkdir, readFile, chmod, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, run, start, until } from '../wordpress/lib/process.js';

// Both servers begin as root and give their rights away themselves.
const rooted = (...command) => {
  const [program, ...args] = process.getuid() === 0 ? command : ['sudo', '-n', ...command];
  return [program, args];
};
const runAsRoot = (...command) => run(...rooted(...command));

/** Mailboxes that Dovecot has; it says 550 5.1.1 of everybody else. */
export const mailboxes = ['gateway@here.test', 'known@here.test', 'slow@grey.test', 'bounces@imap.test', 'bounces@pop3.test'];
export const password = 'known-to-the-test-alone';
export const sizeLimit = 15_000;

/**
 * Postfix takes mail of whoever has signed in, and hands all of it on to Dovecot. It knows the mailboxes at here.test itself and refuses
 * others at RCPT; of the other domains Dovecot decides once Postfix has taken the mail, which then comes back as a report. A report about
 * a mail to @by-smtp.test goes to the port `listener`, every other one into a mailbox.
 */
export async function startMailServers({ listener }) {
  const folder = await mkdtemp(join(tmpdir(), 'mail-server-'));
  await chmod(folder, 0o755); // Servers read it under names of their own.
  const ports = {};
  for (const name of ['submission', 'imap', 'pop3s', 'lmtp', 'sasl']) ports[name] = await freePort();
  const certificate = join(folder, 'certificate.pem');
  await run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj',
    '/CN=mx.test', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', join(folder, 'key.pem'), '-out', certificate]);

  const greylist = await startGreylist('@grey.test');
  const servers = [];
  const log = async () =>
    (await Promise.all(['mail.log', 'dovecot.log'].map((name) => readFile(join(folder, name), 'utf8').catch(() => '')))).join('\n');
  try {
    await writeDovecot(folder, ports);
    await writePostfix(folder, ports, { policy: greylist.port, listener });
    for (const command of [
      ['dovecot', '-F', '-c', join(folder, 'dovecot.conf')],
      [join((await run('postconf', ['-hd', 'daemon_directory'])).trim(), 'master'), '-c', join(folder, 'postfix')],
    ]) servers.push(start(...rooted(...command)));
    for (const [name, port] of Object.entries(ports)) {
      await until(`the port of ${name}`, async () => {
        const ended = servers.find(({ running }) => !running);
        if (ended) throw new Error(`a mail server ended: ${ended.output}\n${await log()}`);
        return answers(port);
      });
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...ports, certificate, greylist, log, stop, arrivals: (mailbox) => arrivals(folder, mailbox) };

  async function stop() {
    for (const server of servers) {
      if (server.running) await runAsRoot('kill', String(server.pid));
      await server.stop();
    }
    greylist.close();
    await runAsRoot('rm', '-rf', folder);
  }
}

async function writeDovecot(folder, ports) {
  await mkdir(join(folder, 'mail'));
  await runAsRoot('chown', 'nobody:nogroup', join(folder, 'mail'));
  await writeFile(join(folder, 'users'), mailboxes.map((mailbox) => `${mailbox}:{PLAIN}${password}:::::\n`).join(''));
  const login = (protocol, port, ssl) => `
service ${protocol}-login {
  inet_listener ${protocol} {
    port = ${ssl ? 0 : port}
  }
  inet_listener ${protocol}s {
    port = ${ssl ? port : 0}
    ssl = yes
  }
}`;
  await writeFile(join(folder, 'dovecot.conf'), `
base_dir = ${folder}/dovecot
log_path = ${folder}/dovecot.log
listen = 127.0.0.1
protocols = imap pop3 lmtp
ssl = required
ssl_cert = <${folder}/certificate.pem
ssl_key = <${folder}/key.pem
auth_mechanisms = plain login
auth_username_format = %Lu
first_valid_uid = 1
mail_location = maildir:${folder}/mail/%u
recipient_delimiter = +
passdb {
  driver = passwd-file
  args = username_format=%u ${folder}/users
}
userdb {
  driver = passwd-file
  args = username_format=%u ${folder}/users
  override_fields = uid=nobody gid=nogroup home=${folder}/mail/%u
}
protocol lmtp {
  postmaster_address = postmaster@here.test
}
service lmtp {
  inet_listener lmtp {
    port = ${ports.lmtp}
  }
}
service auth {
  inet_listener {
    port = ${ports.sasl}
  }
}
${login('imap', ports.imap, false)}
${login('pop3', ports.pop3s, true)}
`);
}

async function writePostfix(folder, ports, { policy, listener }) {
  const config = join(folder, 'postfix');
  // What `postfix check` would make, in seconds.
  const queues = ['active', 'bounce', 'corrupt', 'defer', 'deferred', 'flush', 'hold', 'incoming', 'maildrop', 'pid', 'private', 'public',
    'saved', 'trace'].map((name) => join(folder, 'queue', name));
  for (const path of [config, join(folder, 'data'), join(folder, 'queue'), ...queues]) await mkdir(path);
  await runAsRoot('chown', 'postfix', join(folder, 'data'), ...queues.filter((path) => !path.endsWith('/pid')));
  await writeFile(join(config, 'reports'), `/^To:.*@by-smtp\\.test/ FILTER smtp:[127.0.0.1]:${listener}\n`);
  await writeFile(join(config, 'main.cf'), `
compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
maillog_file = ${folder}/mail.log
maillog_file_prefixes = ${folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.test
mynetworks =
mydestination =
alias_maps =
notify_classes =
smtp_dns_support_level = disabled
lmtp_dns_support_level = disabled
relay_domains = here.test, grey.test, elsewhere.test, by-smtp.test, imap.test, pop3.test
relay_recipient_maps = inline:{ {known@here.test = x}, {@grey.test = x}, {@elsewhere.test = x}, {@by-smtp.test = x},
  {@imap.test = x}, {@pop3.test = x} }
relay_transport = lmtp:inet:127.0.0.1:${ports.lmtp}
default_transport = error:nobody outside is written to
recipient_delimiter = +
message_size_limit = ${sizeLimit}
smtpd_tls_security_level = encrypt
smtpd_tls_cert_file = ${folder}/certificate.pem
smtpd_tls_key_file = ${folder}/key.pem
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:${ports.sasl}
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:${policy}
internal_mail_filter_classes = bounce
nested_header_checks = regexp:${config}/reports
`);
  // Without a chroot: the folder holds none of the system's files.
  const service = (name, kind, isPrivate, most, command) => `${name} ${kind} ${isPrivate} - n - ${most} ${command}\n`;
  const internal = { rewrite: 'trivial-rewrite', verify: 'verify', proxymap: 'proxymap', smtp: 'smtp', lmtp: 'lmtp', error: 'error',
    retry: 'error' };
  await writeFile(join(config, 'master.cf'), [
    service(`127.0.0.1:${ports.submission}`, 'inet', 'n', '-', 'smtpd'),
    service('pickup', 'unix', 'n', 1, 'pickup'),
    service('cleanup', 'unix', 'n', 0, 'cleanup'),
    service('qmgr', 'unix', 'n', 1, 'qmgr'),
    service('tlsmgr', 'unix', '-', 1, 'tlsmgr'),
    service('anvil', 'unix', '-', 1, 'anvil'),
    service('scache', 'unix', '-', 1, 'scache'),
    service('flush', 'unix', 'n', 0, 'flush'),
    ...['bounce', 'defer', 'trace'].map((name) => service(name, 'unix', '-', 0, 'bounce')),
    service('postlog', 'unix-dgram', 'n', 1, 'postlogd'),
    ...Object.entries(internal).map(([name, command]) => service(name, 'unix', '-', '-', command)),
  ].join(''));
  await runAsRoot('chown', '-R', 'root', config);
}

/** A policy service (Postfix, SMTPD_POLICY_README) that asks who writes to a domain for the first time to come again later. */
async function startGreylist(domain) {
  const refused = new Set();
  const server = createServer((socket) => {
    let text = '';
    socket.on('error', () => {});
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
        const recipient = /^recipient=(.*)$/m.exec(text.slice(0, end))?.[1] ?? '';
        const isNew = recipient.endsWith(domain) && !refused.has(recipient);
        if (isNew) refused.add(recipient);
        socket.write(`action=${isNew ? 'defer_if_permit 4.2.0 Greylisted, come again later' : 'dunno'}\n\n`);
      }
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: server.address().port, refused, close: () => server.close() };
}

/** When mails came into a mailbox: Dovecot's files begin with the time. */
async function arrivals(folder, mailbox) {
  // Nobody has made the folders of a mailbox that nothing came into.
  const found = await runAsRoot('find', join(folder, 'mail'), '-type', 'f', '-path', `*/${mailbox}/*`, '-name', '*.M*P*');
  return found.split('\n').filter(Boolean).map((path) => {
    const [, seconds, micros] = /\/(\d+)\.M(\d+)P/.exec(path);
    return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
  });
}

const answers = (port) => new Promise((resolve) => {
  const socket = connect(port, '127.0.0.1');
  socket.on('connect', () => resolve(true)).on('error', () => resolve(false)).on('connect', () => socket.destroy());
});

// A real SMTP server (maildev) and what arrived there.
import { fileURLToPath } from 'node:url';
import { freePort, start, until, untilServing } from './process.js';

const maildev = fileURLToPath(new URL('../node_modules/.bin/maildev', import.meta.url));

export async function startMail() {
  const [smtp, web] = [await freePort(), await freePort()];
  const args = ['--smtp', smtp, '--web', web, '--ip', '127.0.0.1', '--web-ip', '127.0.0.1', '--silent'].map(String);
  const server = start(maildev, args);
  const api = `http://127.0.0.1:${web}/api/email`;
  await untilServing(server, api);

  const all = async () => (await fetch(api)).json();
  const allTo = async (address) => (await all()).filter((mail) => mail.to.some((to) => to.address === address));
  return {
    port: smtp,
    all,
    /** The one mail to an address; more than one is an error. */
    async to(address) {
      await until(`a mail to ${address}`, async () => (await allTo(address)).length > 0);
      const mails = await allTo(address);
      if (mails.length > 1) throw new Error(`${mails.length} mails to ${address}`);
      return mails[0];
    },
    /** The newest link that begins so, once as many mails are there. */
    async lastLink(address, begin, mails) {
      await until(`${mails} mails to ${address}`, async () => (await allTo(address)).length >= mails);
      const links = (await allTo(address)).flatMap(({ text }) => text.match(/https?:\S+/g) ?? []).filter((link) => link.startsWith(begin));
      if (links.length === 0) throw new Error(`no mail to ${address} has a link to ${begin}`);
      return links.at(-1);
    },
    stop: () => server.stop(),
  };
}

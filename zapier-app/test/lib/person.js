// What people do who are no users of Zapier: they read their mail, press buttons and send forms.
import { createHmac, randomUUID } from 'node:crypto';
import { until } from '../../../tests/wordpress/lib/process.js';

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const unescape = (html) =>
  html.replace(/&(#x?)?(\w+);/g, (_, number, name) => (number ? String.fromCodePoint(`0${number.slice(1)}${name}`) : ENTITIES[name]));

/** The text parts of the mails to an address that the mailbox shows, newest first. */
export async function mailsTo(gateway, email) {
  const page = await (await fetch(`${gateway.url}/demo/mailbox`)).text();
  return page
    .split('<article')
    .filter((mail) => mail.includes(` to ${email} `))
    .map((mail) => unescape(mail.match(/<pre>(.*)<\/pre>/s)[1]));
}

/** Waits for the confirmation mail and presses the button of the page that its link opens. */
export async function confirm(gateway, email) {
  const link = await until(`a confirmation mail to ${email}`, async () => {
    const [mail] = await mailsTo(gateway, email);
    return mail?.match(/https?:\/\/\S+\/c\/[\w-]+/)?.[0];
  });
  const { status } = await fetch(link, { method: 'POST', body: new URLSearchParams({ do: 'confirm' }) });
  if (status !== 200) throw new Error(`${link} answered ${status}`);
}

/** Sends a form as the plugin of the website hands it over: signed after the Standard Webhooks specification. */
export async function sendForm({ url, account }, content) {
  const key = randomUUID();
  const body = JSON.stringify({ key, submittedAt: new Date().toISOString(), ...content });
  const timestamp = Math.floor(Date.now() / 1000);
  const secret = Buffer.from(account.signingSecret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', secret).update(`${key}.${timestamp}.${body}`).digest('base64');
  const response = await fetch(`${url}/v1/sites/${account.site}/submissions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': key,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': `v1,${signature}`,
    },
    body,
  });
  if (response.status !== 202) throw new Error(`The form was answered ${response.status}: ${await response.text()}`);
  return (await response.json()).id;
}

import { startBrevo } from './brevo.js';
import { startMailjet } from './mailjet.js';
import { startPostmark } from './postmark.js';
import { startResend } from './resend.js';

const fromAndTo = (from, to) => ({ from: /<(.*)>/.exec(from)?.[1] ?? from, to });

/**
 * The providers whose APIs take mails: how a stand-in is started, which settings make the gateway send over it, and how a mail that it took
 * reads, whoever sent it. `uncounted` says of a mail whether it asks for no counting of opens and clicks; null where a mail cannot.
 */
export const transports = {
  mailjet: {
    start: startMailjet,
    path: '/v3.1/send',
    settings: (url, key = 'key') => ({ Mail__Mailjet__BaseUrl: url, Mail__Mailjet__ApiKey: key, Mail__Mailjet__SecretKey: 'secret' }),
    taken: ({ state }) => state.messages.map(({ message }) => message).map((mail) => ({
      from: mail.From.Email, to: mail.To[0].Email, subject: mail.Subject, text: mail.TextPart, html: mail.HTMLPart, headers: mail.Headers,
      reference: mail.CustomID, uncounted: mail.TrackOpens === 'disabled' && mail.TrackClicks === 'disabled',
    })),
    keepsMessageId: false, knowsRepeats: true,
  },
  brevo: {
    start: (options) => startBrevo({ limit: 1000, ...options }),
    path: '/v3/smtp/email',
    settings: (url, key = 'key') => ({ Mail__Brevo__BaseUrl: url, Mail__Brevo__ApiKey: key }),
    taken: ({ state }) => state.emails.map(({ mail }) => ({
      from: mail.sender.email, to: mail.to[0].email, subject: mail.subject, text: mail.textContent, html: mail.htmlContent,
      headers: mail.headers, reference: JSON.parse(mail.headers['X-Mailin-custom'] ?? '{}').gateway, uncounted: null,
    })),
    keepsMessageId: true, knowsRepeats: true,
  },
  postmark: {
    start: startPostmark,
    path: '/email',
    settings: (url, key = 'token') => ({ Mail__Postmark__BaseUrl: url, Mail__Postmark__ServerToken: key }),
    taken: ({ state }) => state.messages.map(({ mail }) => ({
      ...fromAndTo(mail.From, mail.To), subject: mail.Subject, text: mail.TextBody, html: mail.HtmlBody,
      headers: Object.fromEntries(mail.Headers.map(({ Name, Value }) => [Name, Value])), reference: mail.Metadata.gateway,
      uncounted: mail.TrackOpens === false && mail.TrackLinks === 'None',
    })),
    keepsMessageId: true, knowsRepeats: false,
  },
  resend: {
    start: startResend,
    path: '/emails',
    settings: (url, key = 're_key') => ({ Mail__Resend__BaseUrl: url, Mail__Resend__ApiKey: key }),
    taken: ({ state }) => state.emails.map(({ mail }) => ({
      ...fromAndTo(mail.from, [mail.to].flat()[0]), subject: mail.subject, text: mail.text, html: mail.html, headers: mail.headers,
      reference: mail.headers['X-Entity-Ref-ID'], uncounted: null,
    })),
    keepsMessageId: true, knowsRepeats: true,
  },
};

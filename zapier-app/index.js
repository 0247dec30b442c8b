import zapier from 'zapier-platform-core';
import packageJson from './package.json' with { type: 'json' };
import authentication from './authentication.js';
import addContact from './creates/add_contact.js';
import optInContact from './creates/opt_in_contact.js';
import sendEmail from './creates/send_email.js';
import sendSms from './creates/send_sms.js';
import unsubscribeContact from './creates/unsubscribe_contact.js';
import { toGateway, toResult } from './middleware.js';
import findContact from './searches/find_contact.js';
import findOrOptInContact from './searches/find_or_opt_in_contact.js';
import findSms from './searches/find_sms.js';
import contactUnsubscribed from './triggers/contact_unsubscribed.js';
import forms from './triggers/forms.js';
import lists from './triggers/lists.js';
import mailSenders from './triggers/mail_senders.js';
import newConfirmedContact from './triggers/new_confirmed_contact.js';
import newFormSubmission from './triggers/new_form_submission.js';
import smsReceived from './triggers/sms_received.js';
import smsSenders from './triggers/sms_senders.js';
import smsStatusChanged from './triggers/sms_status_changed.js';
import templates from './triggers/templates.js';

const byKey = (...items) => Object.fromEntries(items.map((item) => [item.key, item]));

export default {
  version: packageJson.version,
  platformVersion: zapier.version,

  authentication,
  beforeRequest: [toGateway],
  afterResponse: [toResult],

  triggers: byKey(
    newConfirmedContact,
    contactUnsubscribed,
    newFormSubmission,
    smsStatusChanged,
    smsReceived,
    lists,
    templates,
    smsSenders,
    mailSenders,
    forms,
  ),
  creates: byKey(sendSms, sendEmail, optInContact, addContact, unsubscribeContact),
  searches: byKey(findContact, findSms),
  searchOrCreates: byKey(findOrOptInContact),
};

import { call } from './call.js';
import { contact } from './contact.js';
import { given, givenTexts } from './given.js';
import { like } from './like.js';

/** Both ways to a subscription: asking the person to confirm (`double`), or with a proof that they consented before (`proven`). */
export const saveContact = (optIn) => async (z, bundle) => {
  const { email, list, name, language, properties } = bundle.inputData;
  const { consent_text, consent_source, consent_at, consent_policy_url, consent_policy_version } = bundle.inputData;
  const consent = given({
    text: consent_text,
    source: consent_source,
    at: consent_at,
    policyUrl: consent_policy_url,
    policyVersion: consent_policy_version,
  });
  const body = given({
    email,
    list,
    name,
    language,
    properties: properties && givenTexts(properties),
    optIn,
    consent: Object.keys(consent).length ? consent : null,
  });
  return like(contact, await call(z, bundle, { method: 'POST', url: '/v1/contacts', body }));
};

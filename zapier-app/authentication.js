import { errors } from 'zapier-platform-core';
import { hostOf } from './lib/address.js';
import { call } from './lib/call.js';

const SCOPES = 'contacts sms mail hooks read';
const WHERE =
  'In your gateway, open your site, then "WordPress and Zapier", and press "Make a key for Zapier": it is shown once. ' +
  '[What client credentials are](https://www.rfc-editor.org/rfc/rfc6749#section-4.4)';

/** Exchanges the client id and secret for an access token; the platform asks again whenever the gateway answers 401. */
async function exchange(z, bundle) {
  const { client_id, client_secret } = bundle.authData;
  const { access_token } = await call(z, bundle, {
    method: 'POST',
    url: '/oauth/token',
    form: { grant_type: 'client_credentials', client_id, client_secret, scope: SCOPES },
  }).catch((error) => {
    // To refresh is what we are doing: a refusal here is final.
    if (error.name !== 'RefreshAuthError') throw error;
    throw new errors.ExpiredAuthError(
      'The gateway does not accept this client id and secret: they are wrong, or were replaced. Reconnect with the present ones.',
    );
  });
  return { access_token };
}

async function test(z, bundle) {
  const { site, scopes } = await call(z, bundle, { url: '/v1/me' });
  return { siteId: site.id, siteName: site.name, host: hostOf(bundle.authData.url), scopes };
}

export default {
  type: 'session',
  fields: [
    {
      key: 'url',
      label: 'Gateway Address',
      required: true,
      placeholder: 'https://gateway.example.org',
      helpText: 'The web address of your own gateway, such as `https://gateway.example.org`. The internet has to reach it by https.',
    },
    { key: 'client_id', label: 'Client ID', required: true, helpText: WHERE },
    { key: 'client_secret', label: 'Client Secret', type: 'password', required: true, helpText: WHERE },
    { key: 'access_token', label: 'Access Token', type: 'password', required: false, computed: true },
  ],
  sessionConfig: { perform: exchange },
  test,
  connectionLabel: '{{bundle.inputData.siteName}} ({{bundle.inputData.host}})',
};

import { hostOf } from './address.js';

const NO_SUCH_SERVER = ['ENOTFOUND', 'EAI_AGAIN'];
const BAD_CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_|TLS|SSL|EPROTO/;

/** Asks the gateway and gives the body of its answer. That nothing answers is said in plain words, since it has no problem of its own. */
export async function call(z, bundle, request) {
  try {
    const { data } = await z.request(request);
    return data;
  } catch (error) {
    if (error.name !== 'FetchError') throw error;
    throw new z.errors.Error(sentence(hostOf(bundle.authData.url), error), 'unreachable', 503);
  }
}

function sentence(host, { type, code = '' }) {
  if (type === 'request-timeout') return `The gateway at ${host} did not answer in time. Try again in a few minutes.`;
  if (NO_SUCH_SERVER.includes(code)) return `There is no server named ${host}. Check the gateway’s address in this connection.`;
  if (BAD_CERTIFICATE.test(code))
    return `The certificate of ${host} cannot be trusted (${code}). Whoever runs the gateway has to renew or complete it.`;
  return `The gateway at ${host} cannot be reached at the moment (${code || type}). Try again in a few minutes.`;
}

/** All items of a paged answer. */
export async function callForAll(z, bundle, request) {
  const items = [];
  let after;
  do {
    const page = await call(z, bundle, { ...request, params: { ...request.params, ...(after && { after }) } });
    items.push(...page.items);
    after = page.next;
  } while (after);
  return items;
}

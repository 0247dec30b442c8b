import { errors } from 'zapier-platform-core';
import { gatewayAddress, hostOf } from './lib/address.js';

// Zapier gives a step 30 seconds; the gateway answers at once or something is wrong.
const TIMEOUT = 25_000;

/** Requests name a path; the connection knows the address and the token. */
export function toGateway(request, z, bundle) {
  const { url, access_token } = bundle.authData;
  // Whoever asks for a token brings the client id and secret, and nothing else (RFC 6749, section 2.3).
  const token = request.url === '/oauth/token' ? undefined : access_token;
  return {
    ...request,
    url: gatewayAddress(url) + request.url,
    headers: { accept: 'application/json', ...(token && { authorization: `Bearer ${token}` }), ...request.headers },
    timeout: TIMEOUT,
    // A redirect would turn a POST into a GET and carry the secret to another address.
    redirect: 'manual',
  };
}

/**
 * Turns refusals into Zapier's errors, in the gateway's own words. 401 and 429 never come here: the platform makes them RefreshAuthError
 * and ThrottledError before. Who asks for skipThrowForStatus deals with 404, and with nothing else.
 */
export function toResult(response, z, bundle) {
  const { status, data, request } = response;
  if (status === 204 || (status < 300 && isJson(data))) return response;
  if (status >= 300 && status < 400) throw redirected(response, bundle);
  if (!data?.code || !data.detail) throw strange(status, bundle);
  if (status === 404 && request.skipThrowForStatus) return response;
  // Nothing is wrong with the Zap: this person must not be written to.
  if (data.code === 'suppressed') throw new errors.HaltedError(data.detail);
  throw new errors.Error(data.detail, data.code, status);
}

const isJson = (data) => data !== null && typeof data === 'object';

function redirected({ headers, status }, bundle) {
  const target = headers.get('location');
  return new errors.Error(
    `${hostOf(bundle.authData.url)} sends callers on to ${target}. Enter the gateway’s final address in this connection.`,
    'invalid_address',
    status,
  );
}

function strange(status, bundle) {
  const host = hostOf(bundle.authData.url);
  return status >= 500
    ? new errors.Error(
        `The gateway at ${host} is out of order at the moment (${status}). Try again in a few minutes.`,
        'unreachable',
        status,
      )
    : new errors.Error(
        `${host} answered, but not as a gateway does (${status}). Check the gateway’s address in this connection.`,
        'invalid_address',
        status,
      );
}

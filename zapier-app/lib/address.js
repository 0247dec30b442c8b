import { errors } from 'zapier-platform-core';

const LOCAL = ['localhost', '127.0.0.1'];

const wrong = (sentence) => new errors.Error(`${sentence} It looks like https://gateway.example.org`, 'invalid_address', 400);

/**
 * The gateway's base address, from what a person typed or pasted: https, without path.
 * Plain http is for a gateway on one's own machine only: the client secret travels to this address.
 */
export function gatewayAddress(typed) {
  const text = String(typed ?? '').trim();
  if (!text) throw wrong('The gateway’s address is missing.');

  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(full)) throw wrong(`“${text}” is not the address of a gateway.`);

  const { protocol, hostname, origin, username, password } = new URL(full);
  if (username || password) throw wrong('The gateway’s address holds no name or password; those have fields of their own.');
  if (protocol !== 'https:' && !(protocol === 'http:' && LOCAL.includes(hostname))) {
    throw wrong('The gateway’s address begins with https://, so that nobody reads the client secret on its way.');
  }
  return origin;
}

/** The name of the server, for labels and sentences. */
export const hostOf = (typed) => new URL(gatewayAddress(typed)).host;

/**
 * What can go wrong between a gateway and its broker, in words that say what to do, and how soon to try again. Reason codes
 * are those of MQTT 5 (OASIS, mqtt-v5.0, table 2-6) and of a CONNACK of MQTT 3.1.1 (table 3.1).
 */

import { errorCode } from '../../tools/cli/errors.ts';

export type FaultCode =
  | 'unreachable'
  | 'unknown-host'
  | 'timeout'
  | 'closed'
  | 'password'
  | 'forbidden'
  | 'version'
  | 'client-id'
  | 'taken-over'
  | 'busy'
  | 'certificate-expired'
  | 'certificate-early'
  | 'certificate-unknown'
  | 'certificate-name'
  | 'certificate-file'
  | 'certificate-refused'
  | 'no-tls'
  | 'protocol';

export interface Fault {
  code: FaultCode;
  /** One line: what happened, to what, what to do. */
  text: string;
  /** True where trying soon cannot help and would look like an attack: a person has to change something first. */
  slow: boolean;
}

type Rule = readonly [code: FaultCode, slow: boolean, what: string];

/** By the code that Node.js gives: names of the system, of TLS and of OpenSSL. */
const BY_NAME: Readonly<Record<string, Rule>> = {
  ECONNREFUSED: ['unreachable', false, 'nothing listens there; start the broker, or correct its address'],
  EHOSTUNREACH: ['unreachable', false, 'no route to it; is the network up?'],
  ENETUNREACH: ['unreachable', false, 'no route to it; is the network up?'],
  EHOSTDOWN: ['unreachable', false, 'the host does not answer'],
  ENOTFOUND: ['unknown-host', false, 'no such host name; correct the address'],
  EAI_AGAIN: ['unknown-host', false, 'the name cannot be looked up now; is the network up?'],
  ETIMEDOUT: ['timeout', false, 'no answer'],
  CERT_HAS_EXPIRED: ['certificate-expired', true, 'its certificate has expired; renew it'],
  CERT_NOT_YET_VALID: ['certificate-early', false, 'its certificate is not valid yet; is the clock here right?'],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['certificate-unknown', true, 'its certificate is signed by itself; give it as the CA'],
  SELF_SIGNED_CERT_IN_CHAIN: ['certificate-unknown', true, 'its certificate is signed by an unknown CA; give that CA'],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    'certificate-unknown',
    true,
    'its certificate is signed by another CA; give that one',
  ],
  UNABLE_TO_GET_ISSUER_CERT: ['certificate-unknown', true, 'its certificate is signed by another CA; give that one'],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
    'certificate-unknown',
    true,
    'its certificate is signed by another CA; give that one',
  ],
  CERT_SIGNATURE_FAILURE: ['certificate-unknown', true, 'its certificate is not signed by the CA that was given'],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'certificate-name',
    true,
    'its certificate is for another name; use a name that it has',
  ],
  EPROTO: ['no-tls', true, 'it does not speak TLS there; use mqtt://, or its TLS port'],
  ERR_SSL_WRONG_VERSION_NUMBER: ['no-tls', true, 'it does not speak TLS there; use mqtt://, or its TLS port'],
  ERR_SSL_PACKET_LENGTH_TOO_LONG: ['no-tls', true, 'it does not speak TLS there; use mqtt://, or its TLS port'],
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: [
    'certificate-refused',
    true,
    'it does not know the CA of this gateway’s certificate',
  ],
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: ['certificate-refused', true, 'this gateway’s certificate has expired'],
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: ['certificate-refused', true, 'it does not accept this gateway’s certificate'],
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: [
    'certificate-refused',
    true,
    'it asks for a certificate; give one and its key',
  ],
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: [
    'certificate-refused',
    true,
    'it asks for a certificate; give one and its key',
  ],
};

/** Brokers do not agree on which of the two codes a wrong password has: mosquitto says 135. */
const PASSWORD: Rule = [
  'password',
  true,
  'it does not accept the user name or the password, or does not let this user in; correct them',
];
const VERSION: Rule = [
  'version',
  true,
  'it does not speak this version of MQTT; set version: 3 for a broker without MQTT 5',
];
const CLIENT_ID: Rule = ['client-id', true, 'it does not accept the client id'];
const BUSY: Rule = ['busy', false, 'it is busy or shutting down'];

/** By reason code: 1 to 5 are MQTT 3.1.1's, the rest MQTT 5's. */
const BY_REASON: Readonly<Record<number, Rule>> = {
  1: VERSION,
  2: CLIENT_ID,
  3: BUSY,
  4: PASSWORD,
  5: PASSWORD,
  132: VERSION,
  133: CLIENT_ID,
  134: PASSWORD,
  135: PASSWORD,
  136: BUSY,
  137: BUSY,
  138: ['forbidden', true, 'it has banned this client'],
  139: BUSY,
  140: ['forbidden', true, 'it asks for another way to authenticate'],
  141: ['timeout', false, 'it heard nothing for too long'],
  142: ['taken-over', true, 'another client came with the same client id; give each gateway its own'],
  149: ['protocol', false, 'a message was too large for it'],
  151: BUSY,
  152: BUSY,
  156: ['busy', true, 'it asks to use another server'],
  157: ['busy', true, 'it has moved to another server'],
  159: BUSY,
};

/** OpenSSL's words for what it reads from the files here. */
const NOT_PEM: Rule = ['certificate-file', true, 'a certificate or key file here is no PEM file that can be used'];
const UNKNOWN: Rule = ['protocol', false, ''];

function reasonOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('code' in error)) return 0;
  return typeof error.code === 'number' ? error.code : 0;
}

function toFault(broker: string, [code, slow, what]: Rule, detail: string): Fault {
  return {
    code,
    slow,
    text: `MQTT broker ${broker}: ${what === '' ? detail : what}${what === '' ? '' : ` (${detail})`}`,
  };
}

/** @param broker its address, without a password */
export function faultOf(error: unknown, broker: string): Fault {
  const message = error instanceof Error ? error.message : String(error);
  // A name with several addresses fails with all of them at once: the first says why.
  const inner: unknown = error instanceof AggregateError ? (error.errors[0] ?? error) : error;
  const name = errorCode(inner);
  const reason = reasonOf(inner);
  if (name.startsWith('ERR_OSSL_')) return toFault(broker, NOT_PEM, name);
  if (name in BY_NAME) return toFault(broker, BY_NAME[name], name);
  if (reason in BY_REASON) return toFault(broker, BY_REASON[reason], `reason code ${reason}`);
  if (message.includes('timeout')) return toFault(broker, ['timeout', false, 'no answer'], message);
  if (name === 'ECONNRESET' || name === 'EPIPE') return closedFault(broker);
  return toFault(broker, UNKNOWN, message === '' ? 'the connection failed' : message);
}

/** The broker ended the connection without a word. */
export function closedFault(broker: string): Fault {
  return { code: 'closed', slow: false, text: `MQTT broker ${broker}: the connection was closed` };
}

/** It is closed soon after each connect: two clients with one id throw each other out so. */
export function closedAgainFault(broker: string, client_id: string): Fault {
  const text = `MQTT broker ${broker}: each connection is closed again within seconds; does another client have the client id ${client_id}?`;
  return { code: 'taken-over', slow: false, text };
}

/** @param detail which file, and why not */
export function fileFault(broker: string, detail: string): Fault {
  return { code: 'certificate-file', slow: true, text: `MQTT broker ${broker}: ${detail}` };
}

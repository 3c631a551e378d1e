/** The settings of a broker, with their password read. */
import type { BrokerOptions } from '../mqtt/options.ts';
import type { Path } from '../../tools/cli/json-path.ts';
import type { RawBroker, RawSecret } from './raw.ts';
import type { Reader } from './reader.ts';
import { readPasswordFile, readPasswordVariable } from './secrets.ts';

const PROTOCOLS = ['mqtt:', 'mqtts:', 'ws:', 'wss:'];
const VERSION = 5;
const KEEPALIVE_S = 30;

/** '' where none is named, or it cannot be read: then the problem is noted. */
export function readPassword(raw: RawSecret, path: Path, reader: Reader): string {
  const { password_file: file, password_env: variable } = raw;
  if (file !== undefined && variable !== undefined) {
    reader.problem([...path, 'password_env'], 'stands beside password_file: name one of them');
    return '';
  }
  if (file !== undefined) return reader.take([...path, 'password_file'], readPasswordFile(reader.absolute(file)));
  if (variable !== undefined) return reader.take([...path, 'password_env'], readPasswordVariable(variable, reader.env));
  return '';
}

function checkUrl(url: string, path: Path, reader: Reader): void {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    reader.problem(path, `is no address; write mqtt://HOST:1883, or mqtts://HOST:8883 for TLS`);
    return;
  }
  if (!PROTOCOLS.includes(parsed.protocol)) {
    reader.problem(path, `"${parsed.protocol}//" is none of mqtt://, mqtts:// (TLS), ws://, wss://`);
  } else if (parsed.hostname === '') {
    reader.problem(path, 'names no host; write mqtt://HOST:1883');
  }
  if (parsed.password !== '' || parsed.username !== '') {
    reader.problem(path, 'has a user in it; write that as user, and the password as password_file or password_env');
  }
}

export function readBroker(raw: RawBroker, path: Path, client_id: string, reader: Reader): BrokerOptions {
  const { url = '', user = '' } = raw;
  const file = (name: 'ca_file' | 'cert_file' | 'key_file'): string => reader.file(raw[name], [...path, name]);
  if (url !== '') checkUrl(url, [...path, 'url'], reader);
  const password = readPassword(raw, path, reader);
  if (password !== '' && user === '') reader.problem([...path, 'user'], 'is missing, and there is a password for it');
  if ((raw.cert_file === undefined) !== (raw.key_file === undefined)) {
    const [given, other] = raw.cert_file === undefined ? ['key_file', 'cert_file'] : ['cert_file', 'key_file'];
    reader.problem([...path, given], `needs ${other} beside it`);
  }
  return {
    url,
    version: raw.version ?? VERSION,
    user,
    password,
    ca_file: file('ca_file'),
    cert_file: file('cert_file'),
    key_file: file('key_file'),
    client_id: raw.client_id ?? client_id,
    keepalive_s: raw.keepalive_s ?? KEEPALIVE_S,
  };
}

/** Certificates for tests, made by openssl: a CA, and a server, a client and an expired server that it signed. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificates {
  ca: string;
  other_ca: string;
  server: { cert: string; key: string };
  expired: { cert: string; key: string };
  client: { cert: string; key: string };
  remove: () => void;
}

const CONFIG = (folder: string): string => `[ca]
default_ca = d
[d]
database = ${folder}/index.txt
new_certs_dir = ${folder}
serial = ${folder}/serial
default_md = sha256
policy = p
copy_extensions = copy
unique_subject = no
[p]
commonName = supplied
[req]
distinguished_name = dn
[dn]
`;

export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'lvs-certificates-'));
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  };
  writeFileSync(at('openssl.cnf'), CONFIG(folder));
  writeFileSync(at('index.txt'), '');
  writeFileSync(at('serial'), '1000\n');
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-config', at('openssl.cnf')];
  const root = (name: string): string => {
    openssl(
      'req',
      '-x509',
      ...newKey,
      '-keyout',
      at(`${name}.key`),
      '-out',
      at(`${name}.pem`),
      '-days',
      '2',
      '-subj',
      `/CN=${name}`,
    );
    return at(`${name}.pem`);
  };
  const signed = (name: string, dates: string[]): { cert: string; key: string } => {
    const names = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    openssl(
      'req',
      ...newKey,
      '-keyout',
      at(`${name}.key`),
      '-out',
      at(`${name}.csr`),
      '-subj',
      `/CN=${name}`,
      ...names,
    );
    const ca = ['-cert', at('ca.pem'), '-keyfile', at('ca.key'), '-batch', '-notext', '-config', at('openssl.cnf')];
    openssl('ca', ...ca, '-in', at(`${name}.csr`), '-out', at(`${name}.pem`), ...dates);
    return { cert: at(`${name}.pem`), key: at(`${name}.key`) };
  };
  const ca = root('ca');
  return {
    ca,
    other_ca: root('other'),
    server: signed('server', ['-days', '2']),
    expired: signed('expired', ['-startdate', '20200101000000Z', '-enddate', '20200201000000Z']),
    client: signed('client', ['-days', '2']),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

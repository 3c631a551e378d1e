/**
 * The built page, read into memory once: some 100 KB, no path of a request ever reaches the file system, and a page that
 * is built anew does not change under a running gateway.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { accepts, type Exchange } from './respond.ts';

const TYPES: Readonly<Partial<Record<string, string>>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Vite puts a hash of the content into these names. */
const HASHED = '/assets/';

interface PageFile {
  type: string;
  etag: string;
  cache: string;
  plain: Buffer;
  br: Buffer | null;
  gzip: Buffer | null;
}

export type PageFiles = ReadonlyMap<string, PageFile>;

function readIfThere(path: string): Buffer | null {
  return existsSync(path) ? readFileSync(path) : null;
}

/** By path of the request, such as `/index.html`; empty when the page has not been built. */
export function loadPage(folder: string): PageFiles {
  const files = new Map<string, PageFile>();
  if (!existsSync(folder)) return files;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const type = TYPES[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const name = `/${relative(folder, path).split(sep).join('/')}`;
    const plain = readFileSync(path);
    files.set(name, {
      type,
      etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
      cache: name.startsWith(HASHED) ? 'public, max-age=31536000, immutable' : 'no-cache',
      plain,
      br: readIfThere(`${path}.br`),
      gzip: readIfThere(`${path}.gz`),
    });
  }
  return files;
}

export function sendFile({ request, response }: Exchange, file: PageFile): void {
  const br = accepts(request, 'br') ? file.br : null;
  const packed = br ?? (accepts(request, 'gzip') ? file.gzip : null);
  response.setHeader('cache-control', file.cache);
  response.setHeader('etag', file.etag);
  response.setHeader('vary', 'accept-encoding');
  if (request.headers['if-none-match'] === file.etag) {
    response.writeHead(304).end();
    return;
  }
  const body = packed ?? file.plain;
  if (packed !== null) response.setHeader('content-encoding', br === null ? 'gzip' : 'br');
  response.writeHead(200, { 'content-type': file.type, 'content-length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}

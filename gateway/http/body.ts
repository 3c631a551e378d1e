/** Reads what a client sends, up to a bound. */
import type { IncomingMessage } from 'node:http';
import { Problem } from './problem.ts';

/** The longest honest body is a log-in with a long password. */
export const BODY_BYTES_MAX = 4096;

function mediaType(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

function tooLong(): Problem {
  // Closing is the only way not to read the rest.
  return new Problem(
    413,
    {
      what: `the body is longer than ${BODY_BYTES_MAX} bytes`,
      allowed: `up to ${BODY_BYTES_MAX} bytes`,
      next: 'send less',
    },
    { connection: 'close' },
  );
}

/** @throws Problem 413 or 415 */
async function readBody(request: IncomingMessage, type: string): Promise<string> {
  if (mediaType(request) !== type) {
    const given = mediaType(request);
    throw new Problem(415, {
      what: given === '' ? 'the body has no content type' : `the body is ${given}`,
      allowed: `content type ${type}`,
      next: `send the header \`content-type: ${type}\``,
    });
  }
  if (Number(request.headers['content-length'] ?? 0) > BODY_BYTES_MAX) throw tooLong();
  const parts: Buffer[] = [];
  let size_bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size_bytes += part.length;
    if (size_bytes > BODY_BYTES_MAX) throw tooLong();
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** @throws Problem 400, 413 or 415 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const text = await readBody(request, 'application/json');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Problem(400, {
      what: 'the body is not JSON',
      allowed: 'one JSON value',
      next: 'mend it and send it again',
    });
  }
}

/** @throws Problem 413 or 415 */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  return new URLSearchParams(await readBody(request, 'application/x-www-form-urlencoded'));
}

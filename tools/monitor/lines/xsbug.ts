/**
 * What a debug build says: XS talks to its debugger in XML on the same wire (xs/sources/xsDebug.c, fxEcho...; a line
 * `<?xs.3FFC1234?>` names the virtual machine before each message, xs/platforms/esp/xsPlatform.c, fx_putpi). Here it
 * becomes the lines that a person wants to read; what only a debugger needs is left out.
 */

export interface XsMessage {
  /** Lines as XS meant them; frames of a stack in the form in which `Error.stack` has them. */
  lines: string[];
  /** XS has just introduced itself, and waits for a debugger. */
  login: boolean;
}

const MACHINE = /^<\?xs[-.#][0-9A-Fa-f]{8}\?>/;
const ELEMENT = /<(log|break|frame|login)\b((?:\s+[a-z]+="[^"]*")*)\s*(?:\/>|>([^<]*)(?:<\/\1>)?)/g;
const ATTRIBUTE = /([a-z]+)="([^"]*)"/g;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function plain(text: string): string {
  return text.replaceAll(/&(#\d+|[a-z]+);/g, (whole, name: string) =>
    name.startsWith('#') ? String.fromCodePoint(Number(name.slice(1))) : (ENTITIES[name] ?? whole),
  );
}

function attributesOf(text: string): Record<string, string | undefined> {
  return Object.fromEntries(Array.from(text.matchAll(ATTRIBUTE), ([, name, value]) => [name, plain(value)]));
}

function placed(path: string | undefined, line: string | undefined): string {
  return path === undefined ? '' : `${path}:${line ?? '0'}`;
}

/** null when the line is none of XS's. An empty message says nothing to people. */
export function readXsbug(text: string): XsMessage | null {
  const body = text.replace(MACHINE, '');
  if (body === text && !/^<\/?xsbug>/.test(text)) return null;
  const message: XsMessage = { lines: [], login: false };
  const frames: string[] = [];
  for (const [, element, attributes, inner] of body.matchAll(ELEMENT) as Iterable<(string | undefined)[]>) {
    const { name, path, line } = attributesOf(attributes ?? '');
    if (element === 'login') message.login = true;
    else if (element === 'frame') frames.push(` at ${(name ?? '').replace(/^\(|\)$/g, '')} (${placed(path, line)})`);
    else {
      const said = plain(inner ?? '').replace(/\n+$/, '');
      const where = placed(path, line);
      message.lines.push(...(where === '' ? said : `${where}: ${said}`).split('\n'));
    }
  }
  message.lines.push(...frames);
  return message;
}

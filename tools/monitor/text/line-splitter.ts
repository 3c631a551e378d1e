/**
 * Bytes from a serial port to lines: characters that arrive in two pieces, every kind of line end, lines without an
 * end, and lines that the chip's restart cut off.
 */

/** A line is broken here: the longest that is meant is what XS tells its debugger, some kilobytes. */
const LENGTH_MAX = 16_384;

/** How the ROM's first line begins: `ets Jun  8 2016 00:22:57` on ESP32, `ESP-ROM:esp32c3-api1-20210207` on all since. */
const ROM_STARTS = /ets [A-Z][a-z]{2} [ \d]\d \d{4} |ESP-ROM:esp32/;

const ESCAPE = String.fromCharCode(0x1b);
/** Colours of ESP-IDF's log, and whatever else moves a cursor. */
const TERMINAL_CODES = new RegExp(`${ESCAPE}\\[[0-9;?]*[A-Za-z]`, 'g');

export interface SplitLine {
  text: string;
  cut: boolean;
}

export class LineSplitter {
  readonly #decoder = new TextDecoder('utf-8');
  #rest = '';

  /** The lines that the bytes finish. */
  push(bytes: Uint8Array): SplitLine[] {
    this.#rest += this.#decoder.decode(bytes, { stream: true });
    const pieces = this.#rest.split(/\r*\n|\r(?!$|\r*\n)/);
    this.#rest = pieces.pop() ?? '';
    const lines = pieces.flatMap((piece) => splitAtRestart(piece, false));
    while (this.#rest.length > LENGTH_MAX) {
      lines.push({ text: withoutCodes(this.#rest.slice(0, LENGTH_MAX)), cut: true });
      this.#rest = this.#rest.slice(LENGTH_MAX);
    }
    return lines;
  }

  /** What has no end yet: asked for when nothing more came for a while, or when the port is gone. */
  flush(): SplitLine[] {
    const rest = (this.#rest + this.#decoder.decode()).replace(/\r+$/, '');
    this.#rest = '';
    return rest === '' ? [] : splitAtRestart(rest, true);
  }
}

function withoutCodes(text: string): string {
  return text.replaceAll(TERMINAL_CODES, '').replaceAll('\0', '');
}

/** A restart in the middle of a line leaves the first half and the ROM's greeting on one. */
function splitAtRestart(piece: string, cut: boolean): SplitLine[] {
  const text = withoutCodes(piece);
  const at = text.search(ROM_STARTS);
  if (at <= 0) return [{ text, cut }];
  return [
    { text: text.slice(0, at), cut: true },
    { text: text.slice(at), cut },
  ];
}

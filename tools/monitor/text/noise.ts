/** Tells text from what a port reads at the wrong speed: bytes that are no UTF-8, and control characters. */

/** Below this many characters nothing is said: a chip that starts sends a few odd bytes. */
const CHARACTERS_MIN = 40;
const SHARE_MAX = 0.3;
/** Older characters count half with each round, so that a port that was mended is believed. */
const WINDOW = 400;

/** What stands for bytes that are no UTF-8. */
const REPLACEMENT = 0xfffd;
const FIRST_PRINTABLE = 0x20;
const TAB = 0x09;
const DELETE = 0x7f;

function isNoise(code: number): boolean {
  return code === REPLACEMENT || code === DELETE || (code < FIRST_PRINTABLE && code !== TAB);
}

function noiseIn(text: string): number {
  let noise = 0;
  for (const character of text) if (isNoise(character.codePointAt(0) ?? 0)) noise++;
  return noise;
}

/** A line that nobody can read. */
export function isUnreadable(text: string): boolean {
  return text.length >= 4 && noiseIn(text) > SHARE_MAX * text.length;
}

/** A port that starts gives a few odd bytes before the first word. */
const NOISE_AHEAD_MAX = 8;

/** The text without a little noise before it. */
export function withoutNoiseAhead(text: string): string {
  let at = 0;
  while (at < NOISE_AHEAD_MAX && at < text.length && isNoise(text.charCodeAt(at))) at++;
  return at < text.length && !isNoise(text.charCodeAt(at)) ? text.slice(at) : text;
}

/** Control characters would drive the terminal: they are shown as `·`. */
export function printable(text: string): string {
  return Array.from(text, (character) => (isNoise(character.codePointAt(0) ?? 0) ? '·' : character)).join('');
}

export class NoiseMeter {
  #characters = 0;
  #noise = 0;
  #told = false;

  /** True when it has just become plain that this is no text; again only after text came in between. */
  hear(text: string): boolean {
    this.#characters += text.length;
    this.#noise += noiseIn(text);
    if (this.#characters > WINDOW) {
      this.#characters /= 2;
      this.#noise /= 2;
    }
    const noisy = this.#characters >= CHARACTERS_MIN && this.#noise > SHARE_MAX * this.#characters;
    const news = noisy && !this.#told;
    this.#told = noisy;
    return news;
  }
}

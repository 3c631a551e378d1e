/** Canonical Huffman codes (RFC 1951, section 3.2.2) as a table that is looked up by the next 15 bits. */

export const LONGEST_CODE_BITS = 15;

/** Each entry: the symbol times 16, plus the length of its code in bits; 0 where no code leads. */
export type CodeTable = Uint16Array;

/** @param lengths for each symbol the length of its code in bits, 0 to 15; 0 for none */
export function codeTable(lengths: readonly number[]): CodeTable {
  const table = new Uint16Array(1 << LONGEST_CODE_BITS);
  let code = 0;
  for (let length = 1; length <= LONGEST_CODE_BITS; length++) {
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] !== length) continue;
      // The stream holds codes highest bit first inside bytes that fill up lowest bit first.
      const from = reversed(code, length);
      for (let i = from; i < table.length; i += 1 << length) table[i] = (symbol << 4) | length;
      code++;
    }
    code <<= 1;
  }
  return table;
}

function reversed(code: number, length: number): number {
  let out = 0;
  for (let i = 0; i < length; i++) out |= ((code >> i) & 1) << (length - 1 - i);
  return out;
}

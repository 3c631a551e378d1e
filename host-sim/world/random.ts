/**
 * The world's randomness: sfc32, the "small fast counting" generator of Chris Doty-Humphrey's PractRand, seeded as there
 * (three words of seed, counter 1, 15 rounds thrown away), so that its published vectors hold here. 128 bits of state,
 * a period of at least 2^32 and about 2^127 on average, a dozen integer operations a word: the simulator draws a word for
 * each datagram and link. Not for secrets, and not what a node draws from: a node has its own hardware port.
 *
 * Only integer arithmetic and exact floating-point operations are used, no logarithm and no cosine, whose last bits
 * differ between engines and versions: a seed gives the same numbers everywhere.
 */

const SEEDING_ROUNDS = 15;
const WORD_RANGE = 2 ** 32;
const GAUSS_TERMS = 12;

export interface Random {
  /** 32 random bits as an int32. */
  word(): number;
  /** In [0, 1), in steps of 2^-32. */
  uniform(): number;
  /** An integer in [0, n), for n from 1 to 2^32. The bias of single results stays below n / 2^32. */
  below(n: number): number;
  /** Mean 0, standard deviation 1, and never beyond 6: see `Sfc32.gauss`. */
  gauss(): number;
  /**
   * An independent stream, named by a 32-bit integer. It depends on this stream's seed and on the label, not on how
   * much has been drawn: one more draw in one place moves nothing elsewhere.
   */
  fork(label: number): Random;
}

class Sfc32 implements Random {
  private readonly seed0: number;
  private readonly seed1: number;
  private readonly seed2: number;
  // Declared with an integer: left undefined at first, the engine keeps them as anything, and a word takes 3 times as long.
  private a = 0;
  private b = 0;
  private c = 0;
  private counter = 0;

  constructor(seed0: number, seed1: number, seed2: number, counter: number) {
    this.seed0 = seed0;
    this.seed1 = seed1;
    this.seed2 = seed2;
    this.a = seed0;
    this.b = seed1;
    this.c = seed2;
    this.counter = counter;
    for (let round = 0; round < SEEDING_ROUNDS; round++) this.word();
  }

  word(): number {
    const { b, c } = this;
    const word = (this.a + b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = b ^ (b >>> 9);
    this.b = (c + (c << 3)) | 0;
    this.c = (((c << 21) | (c >>> 11)) + word) | 0;
    return word;
  }

  uniform(): number {
    return (this.word() >>> 0) / WORD_RANGE;
  }

  below(n: number): number {
    if (!(n >= 1 && n <= WORD_RANGE)) throw new RangeError(`below(${n}): n must be from 1 to ${WORD_RANGE}`);
    return Math.floor(this.uniform() * n);
  }

  /** The sum of 12 uniform draws less 6 (Irwin-Hall): variance 12 / 12, excess kurtosis -0.1, and exact arithmetic. */
  gauss(): number {
    let sum = -GAUSS_TERMS / 2;
    for (let term = 0; term < GAUSS_TERMS; term++) sum += this.uniform();
    return sum;
  }

  /** The label goes in where a stream's counter starts; the words that come out are the child's seed. */
  fork(label: number): Random {
    if (label !== (label | 0) && label !== label >>> 0) {
      throw new RangeError(`fork(${label}): the label must be a 32-bit integer`);
    }
    const mixer = new Sfc32(this.seed0, this.seed1, this.seed2, label | 0);
    return new Sfc32(mixer.word(), mixer.word(), mixer.word(), 1);
  }
}

/** The stream that belongs to a seed: an integer from 0 to 2^53 - 1. */
export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`seed ${seed}: must be an integer from 0 to ${Number.MAX_SAFE_INTEGER}`);
  }
  return new Sfc32(0, seed | 0, Math.floor(seed / WORD_RANGE) | 0, 1);
}

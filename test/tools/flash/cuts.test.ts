/** The cable, the power or the line goes at a random place: the right code each time, and the next run completes. */
import { afterAll, describe, expect, test } from 'vitest';
import { EXIT_LINK_LOST } from '../../../tools/serial/exit-codes.ts';
import { EXIT_NO_CONNECTION } from '../../../tools/flash/exit-codes.ts';
import { Board } from '../../rom/board.ts';
import type { ChipName } from '../../rom/chips.ts';
import type { Faults } from '../../rom/faults.ts';
import { randomFrom } from '../../rom/random.ts';
import { buildImage, flash, removeFolders } from './desk.ts';

const CUTS = 50;
/** Small, for each of them is written twice. */
const SIZE_BYTES = 100_000;
const CHIPS: ChipName[] = ['esp32', 'esp32s2', 'esp32s3', 'esp32c3', 'esp32c6'];
const KINDS = [
  'deadAfterToDevice_bytes',
  'deadAfterFromDevice_bytes',
  'powerCutAfterToDevice_bytes',
  'unplugAfterToDevice_bytes',
] as const satisfies (keyof Faults)[];
/** So many run at once: most of what they do is wait. */
const AT_ONCE = 10;

afterAll(removeFolders);

const seed = Math.floor(Date.now() % 1_000_000);

describe(`seed ${seed}`, () => {
  const random = randomFrom(seed);
  const images = new Map(CHIPS.map((chip) => [chip, buildImage(chip, { size_bytes: SIZE_BYTES })]));
  const pick = <Value>(list: readonly Value[]): Value => list[Math.floor(random() * list.length)];

  /** How much a whole flash moves each way, to cut somewhere in it. */
  async function wholeFlash(chip: ChipName, flags: readonly string[]): Promise<{ to: number; from: number }> {
    const board = new Board({ chip });
    const { folder = '' } = images.get(chip) ?? {};
    expect((await flash(['--image', folder, ...flags], [board])).code).toBe(0);
    return { to: board.wire.toDevice_bytes, from: board.wire.fromDevice_bytes };
  }

  const cuts = Array.from({ length: CUTS }, (_, number) => {
    const flags = random() < 0.25 ? ['--no-stub'] : [];
    return { number, chip: pick(CHIPS), kind: pick(KINDS), share: random(), flags };
  });

  test('each place', async () => {
    const sizes = new Map<string, { to: number; from: number }>();
    for (const { chip, flags } of cuts) {
      const key = `${chip} ${flags.join(' ')}`;
      if (!sizes.has(key)) sizes.set(key, await wholeFlash(chip, flags));
    }

    async function cutOnce({ number, chip, kind, share, flags }: (typeof cuts)[number]): Promise<void> {
      const { to = 0, from = 0 } = sizes.get(`${chip} ${flags.join(' ')}`) ?? {};
      const at = Math.floor(share * (kind === 'deadAfterFromDevice_bytes' ? from : to));
      const label = `seed ${seed}, cut ${number}: ${chip} ${flags.join(' ')} ${kind} = ${at}`;
      const board = new Board({ chip, seed: number, faults: { [kind]: at } });
      const image = images.get(chip);
      if (image === undefined) throw new Error(label);
      const words = ['--image', image.folder, '--connect-attempts', '2', ...flags];
      const first = await flash(words, [board]);
      const isWhole = board.flash.bytes.equals(image.whole);
      if (first.code === 0) expect(isWhole, `${label}: success, and the flash differs`).toBe(true);
      else expect([EXIT_LINK_LOST, EXIT_NO_CONNECTION], `${label}: ${first.err}`).toContain(first.code);
      board.replug();
      const second = await flash(words, [board]);
      expect(second.code, `${label}: ${second.err}`).toBe(0);
      expect(board.flash.bytes.equals(image.whole), label).toBe(true);
    }

    const left = [...cuts];
    const worker = async (): Promise<void> => {
      for (let cut = left.pop(); cut !== undefined; cut = left.pop()) await cutOnce(cut);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  });
});

/** Whether an image may go onto the board that was found. All of it is asked before the first byte is written. */
import type { Board } from '../boards/board.ts';
import { CHIPS } from '../boards/chips.ts';
import { Failure } from '../cli/errors.ts';
import { imageChipId } from './app-image.ts';
import type { ChipFacts } from './facts.ts';
import { EXIT_WRONG_CHIP, EXIT_WRONG_FLASH } from './exit-codes.ts';
import { type FlashImage, hex } from './image.ts';
import { refuseSecured } from './security.ts';

export interface Expected {
  image: FlashImage | undefined;
  /** undefined where no board was named. */
  board: { id: string; board: Board } | undefined;
  /** `auto`, or what --chip says. */
  chip: string;
  force: boolean;
}

interface Problem {
  line: string;
  code: number;
  /** What no --force can make right. */
  final?: boolean;
}

const megabytes = (bytes: number): string => `${bytes / 0x100000} MB`;

/** `ESP32C3`, `esp32-c3` and `esp32c3` are one chip. */
export function chipName(text: string): string {
  return text.toLowerCase().replaceAll(/[-_ ]/g, '');
}

function chipProblems({ image, board, chip }: Expected, facts: ChipFacts): Problem[] {
  const problems: Problem[] = [];
  const differ = (what: string, its: string): void => {
    problems.push({ line: `${what} is for the ${its}, and the chip is an ${facts.family}`, code: EXIT_WRONG_CHIP });
  };
  if (chip !== 'auto' && chipName(chip) !== facts.chip) {
    problems.push({ line: `--chip says ${chip}, and the chip is an ${facts.family}`, code: EXIT_WRONG_CHIP });
  }
  if (board !== undefined && board.board.chip !== facts.chip) differ(`the board ${board.id}`, board.board.chip);
  if (image === undefined) return problems;
  if (image.chip !== '' && chipName(image.chip) !== facts.chip) differ(`the image in ${image.folder}`, image.chip);
  for (const { name, role, data } of image.regions) {
    if (role !== 'application' && role !== 'boot loader') continue;
    const id = imageChipId(data);
    if (id === -1) {
      problems.push({
        line: `the ${name} is no image of an ESP32: it does not begin with 0xe9`,
        code: EXIT_WRONG_CHIP,
      });
    } else if (id !== facts.imageId && facts.imageId !== -1) {
      const line = `the ${name} is built for the chip with number ${id}, and the ${facts.family} has ${facts.imageId}`;
      problems.push({ line, code: EXIT_WRONG_CHIP });
    }
  }
  return problems;
}

function placeProblems({ image }: Expected, facts: ChipFacts): Problem[] {
  const wanted = CHIPS.find(({ name }) => name === facts.chip)?.bootloaderOffset;
  const loader = image?.regions.find(({ role }) => role === 'boot loader');
  if (loader === undefined || wanted === undefined || loader.address === wanted) return [];
  const line = `the boot loader is for ${hex(loader.address)}, and the ${facts.family} looks for it at ${hex(wanted)}`;
  return [{ line, code: EXIT_WRONG_CHIP }];
}

function sizeProblems({ image, board }: Expected, { flash_bytes }: ChipFacts): Problem[] {
  if (flash_bytes === 0) {
    const line =
      'the flash does not answer: it may be missing, broken, or its pins used by something else on the board';
    return [{ line, code: EXIT_WRONG_FLASH, final: true }];
  }
  const problems: Problem[] = [];
  for (const { name, address, data } of image?.regions ?? []) {
    const end = address + data.length;
    if (end <= flash_bytes) continue;
    const line = `the ${name} ends at ${hex(end)}, and the flash at ${hex(flash_bytes)} (${megabytes(flash_bytes)})`;
    problems.push({ line, code: EXIT_WRONG_FLASH, final: true });
  }
  const built = image?.flash_bytes ?? 0;
  if (built > flash_bytes) {
    const line = `the image is built for a flash of ${megabytes(built)}, and this one has ${megabytes(flash_bytes)}`;
    problems.push({ line, code: EXIT_WRONG_FLASH });
  }
  const board_bytes = (board?.board.flash.size_mb ?? 0) * 0x100000;
  if (board_bytes > flash_bytes) {
    const line = `the board ${board?.id ?? ''} has a flash of ${megabytes(board_bytes)}, and this one has ${megabytes(flash_bytes)}`;
    problems.push({ line, code: EXIT_WRONG_FLASH });
  }
  return problems;
}

/**
 * @returns what --force overrode, as warnings
 * @throws Failure with EXIT_WRONG_CHIP, EXIT_WRONG_FLASH or EXIT_SECURED; nothing has been written then
 */
export function checkBoard(expected: Expected, facts: ChipFacts, doing: 'write' | 'erase'): string[] {
  const chip = [...chipProblems(expected, facts), ...placeProblems(expected, facts)];
  const problems = chip.length > 0 ? chip : facts.security.secureDownload ? [] : sizeProblems(expected, facts);
  const stop = problems.filter(({ final = false }) => final || !expected.force);
  if (stop.length > 0) {
    const lines = stop.map(({ line }) => line).join('; ');
    const next =
      stop[0].code === EXIT_WRONG_CHIP
        ? 'take the image for this chip, or the right port'
        : 'take an image for this flash';
    throw new Failure(`${lines}. Nothing was written: ${next}`, stop[0].code);
  }
  refuseSecured(facts.security, doing, expected.force);
  return problems.map(({ line }) => `${line}; going on because of --force`);
}

/** The command with the real native driver, against a board behind a pseudo-terminal, which has no DTR and RTS. */
import { afterAll, expect, test } from 'vitest';
import { realBinding } from '../../../tools/serial/binding.ts';
import { thisSerialMachine } from '../../../tools/serial/machine.ts';
import { Board } from '../../rom/board.ts';
import { serveOnPty } from '../../rom/pty.ts';
import { buildImage, flash, removeFolders } from './desk.ts';

afterAll(removeFolders);

test('a port without lines: it warns, goes on, and the image is on the board', async () => {
  const board = new Board({ chip: 'esp32c3' });
  const served = await serveOnPty(board);
  const image = buildImage('esp32c3', { size_bytes: 40_000 });
  const binding = await realBinding();
  const hands = { binding: () => Promise.resolve(binding), patience: 1 };
  try {
    const words = ['--image', image.folder, '--port', served.path];
    const said = await flash(words, [], { hands, machine: thisSerialMachine() });
    expect(said.err).toContain('has no DTR and RTS lines');
    expect(said.err).toContain('verified');
    expect(said.code).toBe(0);
    expect(board.flash.bytes.equals(image.whole)).toBe(true);
  } finally {
    await served.close();
  }
});

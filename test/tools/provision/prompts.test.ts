import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Failure } from '../../../tools/cli/errors.ts';
import { EXIT_INTERRUPTED } from '../../../tools/cli/exit-codes.ts';
import type { Asker } from '../../../tools/provision/ask.ts';
import { Desk } from './desk.ts';

let desk: Desk | undefined;
afterEach(() => {
  desk?.clear();
  desk = undefined;
});

/** Gives the answers by the first word of the question that they are for; keeps what was asked, and what was refused. */
function scripted(answers: Record<string, string | boolean>): Asker & { asked: string[]; refused: string[] } {
  const asked: string[] = [];
  const refused: string[] = [];
  const answer = (message: string): string | boolean => {
    asked.push(message);
    const start = Object.keys(answers).find((word) => message.startsWith(word));
    if (start === undefined) throw new Failure('interrupted: nothing was written', EXIT_INTERRUPTED);
    return answers[start];
  };
  const judged = (message: string, judge: (text: string) => string): Promise<string> => {
    // Wrong first, so that the judge has to do with it.
    refused.push(judge('x'.repeat(200)));
    const text = String(answer(message));
    expect(judge(text)).toBe('');
    return Promise.resolve(text);
  };
  return {
    asked,
    refused,
    text: (message, _initial, judge) => judged(message, judge),
    secret: judged,
    choose: (message, options) => {
      const value = String(answer(message));
      expect(options.map((option) => option.value)).toContain(value);
      return Promise.resolve(value);
    },
    confirm: (message) => Promise.resolve(answer(message) === true),
  };
}

const ALL = {
  'The Wi-Fi network': 'office',
  'The password of office': 'correct horse battery',
  "The swarm's name": 'attic',
  'The swarm key?': 'new',
  'Write this': true,
};

describe('at a terminal', () => {
  it('asks a fresh board’s owner for all that is missing, and makes a key', async () => {
    desk = new Desk();
    const asker = scripted(ALL);
    const { code, out, err } = await desk.run([], {}, asker);
    expect(code).toBe(0);
    expect(out).toContain('4 settings written');
    expect(err).not.toContain('correct horse battery');
    expect(asker.asked).toEqual([
      'The Wi-Fi network',
      'The password of office (empty: an open network)',
      "The swarm's name",
      'The swarm key?',
      'Write this into the board at /dev/ttyUSB0?',
    ]);
    expect(asker.refused.every((text) => text.startsWith('must be'))).toBe(true);
    const key = Buffer.from(desk.read('swarm.key').toString(), 'base64url');
    expect(desk.device.preference('lvs', 'swarm_key')).toEqual(key);
    expect(statSync(join(desk.root, 'swarm.key')).mode & 0o777).toBe(0o600);
  });

  it('asks for nothing that the board or the flags have', async () => {
    desk = new Desk();
    await desk.run([], {}, scripted(ALL));
    const asker = scripted({ 'Write this': true });
    expect((await desk.run(['--set', 'cycle_ms=400'], {}, asker)).code).toBe(0);
    expect(asker.asked).toEqual(['Write this into the board at /dev/ttyUSB0?']);
    expect((await desk.run(['--set', 'cycle_ms=300', '--yes'], {}, scripted({}))).code).toBe(0);
    expect(desk.device.preference('lvs', 'cycle_ms')).toBe(300);
  });

  it('takes the key of another board from its file', async () => {
    desk = new Desk();
    await desk.run(['new-key']);
    const asker = scripted({ ...ALL, 'The swarm key?': 'file', 'The file': 'swarm.key' });
    expect((await desk.run([], {}, asker)).code).toBe(0);
    expect(asker.refused.at(-1)).toContain('cannot be read');
    expect(desk.device.preference('lvs', 'swarm_key')).toBeInstanceOf(Buffer);
  });

  it('writes nothing after a no, or after Ctrl-C', async () => {
    desk = new Desk();
    const before = desk.partition;
    const no = await desk.run([], {}, scripted({ ...ALL, 'The swarm key?': 'none', 'Write this': false }));
    expect(no).toMatchObject({ code: 0, out: '/dev/ttyUSB0: nothing written\n' });
    const cancelled = await desk.run([], {}, scripted({ 'The Wi-Fi network': 'office' }));
    expect(cancelled.code).toBe(EXIT_INTERRUPTED);
    expect(desk.partition.equals(before)).toBe(true);
    expect(existsSync(join(desk.root, 'build'))).toBe(false);
  });

  it('asks nothing with --no-input or --json', async () => {
    desk = new Desk();
    for (const flag of ['--no-input', '--json']) {
      expect((await desk.run([flag], {}, scripted(ALL))).code).toBe(2);
      expect((await desk.run([flag, '--swarm', flag], {}, scripted({}))).code).toBe(0);
    }
  });
});

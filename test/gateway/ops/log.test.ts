/** The log: JSON for machines, short lines for people. */
import { expect, it } from 'vitest';
import { createLog, prettyLine } from '../../../gateway/ops/log.ts';
import { createColours } from '../../../tools/cli/colour.ts';
import { fakeSurroundings } from '../support/surroundings.ts';

it('is JSON, a line an event, where no terminal is', () => {
  const around = fakeSurroundings('/');
  const log = createLog({ level: 'info', format: 'auto' }, around);
  log.debug('not worth a line');
  log.child({ part: 'mqtt' }).info({ event: 'connected', tries: 2 }, 'connected');
  expect(JSON.parse(around.stdout.text)).toMatchObject({
    level: 30,
    part: 'mqtt',
    event: 'connected',
    tries: 2,
    msg: 'connected',
  });
});

it('is a line for people on a terminal', () => {
  const json = JSON.stringify({ level: 40, time: 0, part: 'alarm', event: 'alarm', msg: 'room1: silent' });
  expect(prettyLine(json, createColours(false))).toMatch(/^\d\d:\d\d:\d\d ! alarm +room1: silent\n$/);
  expect(prettyLine('no JSON', createColours(false))).toBe('no JSON');
});

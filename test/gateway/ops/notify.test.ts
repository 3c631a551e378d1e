/** What systemd is told, by a program in the place of `systemd-notify`. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Notifier } from '../../../gateway/ops/notify.ts';
import { until } from '../support/wait.ts';

const folder = mkdtempSync(join(tmpdir(), 'lvs-gateway-notify-'));
afterAll(() => rmSync(folder, { recursive: true }));
const said = join(folder, 'said');
writeFileSync(join(folder, 'systemd-notify'), `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >> ${said}\n`);
chmodSync(join(folder, 'systemd-notify'), 0o755);
const ENV = { PATH: `${folder}:${process.env.PATH ?? ''}`, NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: '1000000' };

it('says what it is asked to, and signs of life while all is well', async () => {
  const errors: string[] = [];
  const notifier = new Notifier({ env: ENV, onError: (why) => errors.push(why) });
  await notifier.tell('READY=1', 'STATUS=fine');
  expect(readFileSync(said, 'utf8')).toBe('/run/x READY=1 STATUS=fine\n');
  expect(notifier.every_ms).toBe(500);
  let asked = 0;
  notifier.watch(() => asked++ === 0);
  await until('it was asked three times', () => asked >= 3);
  notifier.stop();
  await until('it has said so', () => readFileSync(said, 'utf8').includes('WATCHDOG'));
  expect(readFileSync(said, 'utf8').match(/WATCHDOG=1/g)).toHaveLength(1);
  expect(errors).toEqual([]);
});

it('is quiet outside systemd', async () => {
  rmSync(said, { force: true });
  const notifier = new Notifier({ env: { PATH: ENV.PATH }, onError: () => undefined });
  await notifier.tell('READY=1');
  expect(existsSync(said)).toBe(false);
});

it('tells once where there is no such program', async () => {
  const errors: string[] = [];
  const notifier = new Notifier({ env: { ...ENV, PATH: '/nowhere' }, onError: (why) => errors.push(why) });
  await notifier.tell('READY=1');
  await notifier.tell('WATCHDOG=1');
  expect(errors).toHaveLength(1);
});

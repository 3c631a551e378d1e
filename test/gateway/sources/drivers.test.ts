/** What fetches readings: files, 1-Wire, commands, serial lines, topics. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { commandDriver } from '../../../gateway/sources/command.ts';
import type { Driver, Sink } from '../../../gateway/sources/driver.ts';
import { fileDriver, oneWireDriver } from '../../../gateway/sources/file.ts';
import { SerialPorts, type SerialHandlers } from '../../../gateway/sources/serial.ts';
import { TopicHub, type OnTopicMessage } from '../../../gateway/sources/topics.ts';
import { driverOpener } from '../../../gateway/sources/open.ts';
import type { SourceConfig } from '../../../gateway/config/config.ts';
import { until } from '../support/wait.ts';

const folder = mkdtempSync(join(tmpdir(), 'lvs-gateway-sources-'));
afterAll(() => rmSync(folder, { recursive: true }));

const open: Driver[] = [];
afterEach(() => {
  for (const driver of open.splice(0)) driver.stop();
});

/** What a driver says, in order. */
function listen(): { said: string[]; sink: Sink } {
  const said: string[] = [];
  const sink = {
    text: (text: string) => said.push(`text ${text.trim()}`),
    fault: (why: string) => said.push(`fault ${why}`),
    lost: (why: string) => said.push(`lost ${why}`),
  };
  return { said, sink };
}

describe('files', () => {
  it('are read again and again, also after they were gone', async () => {
    const path = join(folder, 'temp');
    const { said, sink } = listen();
    open.push(fileDriver(path, 0.05, sink));
    await until('it is missed', () => said.includes(`lost ${path} cannot be read: there is no such file`));
    writeFileSync(path, '21500\n');
    await until('it is read', () => said.at(-1) === 'text 21500');
    writeFileSync(path, '22000\n');
    await until('it is read again', () => said.at(-1) === 'text 22000');
  });

  it.each([
    ['72 01 4b 46 7f ff 0e 10 57 : crc=57 YES\n72 01 4b 46 7f ff 0e 10 57 t=23125\n', 'text 23.125'],
    ['f0 ff 4b 46 7f ff 0e 10 57 : crc=57 YES\nf0 ff 4b 46 7f ff 0e 10 57 t=-1000\n', 'text -1'],
    [
      '00 00 00 00 00 : crc=4e NO\n00 00 00 00 00 t=0\n',
      'fault the checksum is wrong; look at the cable and its pull-up',
    ],
    ['50 05 : crc=1c YES\n50 05 t=85000\n', 'fault 85 °C is what it says before it has measured'],
    ['', 'fault the thermometer does not answer'],
  ])('of 1-Wire: %j', async (text, wanted) => {
    const device = join(folder, '28-0316a2794aff');
    mkdirSync(device, { recursive: true });
    writeFileSync(join(device, 'w1_slave'), text);
    const { said, sink } = listen();
    open.push(oneWireDriver(folder, '28-0316a2794aff', 10, sink));
    await until('it speaks', () => said.length > 0);
    expect(said).toEqual([wanted]);
  });
});

describe('commands', () => {
  it('give what they print', async () => {
    const { said, sink } = listen();
    open.push(commandDriver('echo 7; echo noise >&2', 5, 10, sink));
    await until('it speaks', () => said.length > 0);
    expect(said).toEqual(['text 7']);
  });

  it('tell how they failed', async () => {
    const { said, sink } = listen();
    open.push(commandDriver('echo no bus >&2; exit 3', 5, 10, sink));
    await until('it speaks', () => said.length > 0);
    expect(said).toEqual(['fault the command ended with code 3: no bus']);
  });

  it('never run twice at once, and are ended when they take too long', async () => {
    const log = join(folder, 'runs');
    const { said, sink } = listen();
    open.push(commandDriver(`echo begin >> ${log}; sleep 60; echo end >> ${log}`, 0.3, 0.05, sink));
    await until('it is ended', () => said.length > 0);
    expect(said[0]).toBe('fault the command took longer than 0.3 s and was ended');
    expect(
      readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line !== '').length,
    ).toBeLessThanOrEqual(2);
    expect(readFileSync(log, 'utf8')).not.toContain('end\n');
  });

  it('are ended with their gateway', async () => {
    const mark = join(folder, 'mark');
    const { said, sink } = listen();
    const driver = commandDriver(`echo $$ > ${mark}; exec sleep 60`, 100, 10, sink);
    await until('it runs', () => existsSync(mark) && readFileSync(mark, 'utf8').trim() !== '');
    driver.stop();
    const pid = Number(readFileSync(mark, 'utf8'));
    await until('it is gone', () => {
      try {
        process.kill(pid, 0);
        return readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
      } catch {
        return true;
      }
    });
    expect(said).toEqual([]);
  });
});

/** A serial port of no hardware. */
class FakeSerial {
  readonly opened: string[] = [];
  handlers: SerialHandlers | null = null;
  closed = 0;
  readonly open = (device: string, baud: number, handlers: SerialHandlers): { close: () => void } => {
    this.opened.push(`${device} ${baud}`);
    this.handlers = handlers;
    handlers.onOpen();
    return { close: () => this.closed++ };
  };
}

describe('serial ports', () => {
  it('give whole lines to all who listen, and open once for them', async () => {
    const fake = new FakeSerial();
    const ports = new SerialPorts(fake.open);
    const [one, two] = [listen(), listen()];
    open.push(ports.driver('/dev/x', 9600, one.sink), ports.driver('/dev/x', 9600, two.sink));
    await until('it is open', () => fake.handlers !== null);
    fake.handlers?.onData(Buffer.from('5\r\nT=2'));
    fake.handlers?.onData(Buffer.from('1.5\r\n\r\nT=22\r\nT='));
    expect(fake.opened).toEqual(['/dev/x 9600']);
    // The first line may have begun before the port was opened.
    expect(one.said).toEqual(['text T=21.5', 'text T=22']);
    expect(two.said).toEqual(one.said);
  });

  it('are opened again when they go', async () => {
    const fake = new FakeSerial();
    const { said, sink } = listen();
    const driver = new SerialPorts(fake.open).driver('/dev/x', 9600, sink);
    await until('it is open', () => fake.handlers !== null);
    fake.handlers?.onEnd('/dev/x was unplugged or closed');
    expect(said).toEqual(['lost /dev/x was unplugged or closed']);
    await until('it is opened again', () => fake.opened.length === 2);
    fake.handlers?.onData(Buffer.from('torn\n21\n'));
    expect(said.at(-1)).toBe('text 21');
    driver.stop();
    expect(fake.closed).toBe(1);
  });

  it('of a wrong speed are told of, and take no memory', async () => {
    const fake = new FakeSerial();
    const { said, sink } = listen();
    open.push(new SerialPorts(fake.open).driver('/dev/x', 9600, sink));
    await until('it is open', () => fake.handlers !== null);
    for (let i = 0; i < 100; i++) fake.handlers?.onData(Buffer.alloc(1000, 0xfe));
    expect(new Set(said)).toEqual(new Set(['fault a line of /dev/x has no end; is the baud rate right?']));
  });

  it('that are not there are told of', async () => {
    const { said, sink } = listen();
    open.push(new SerialPorts().driver(join(folder, 'no-port'), 9600, sink));
    await until('it is missed', () => said.length > 0);
    expect(said[0]).toBe(`lost there is no port ${join(folder, 'no-port')}`);
  });
});

/** A broker of no network. */
class FakeTopics {
  readonly filters = new Map<string, OnTopicMessage>();
  subscribe(filter: string, onMessage: OnTopicMessage): () => void {
    this.filters.set(filter, onMessage);
    return () => this.filters.delete(filter);
  }
}

describe('topics', () => {
  const source = { input: { kind: 'mqtt', topic: 'a/b' }, every_s: 0 } as SourceConfig;

  it('are listened to as soon as there is a connection, and again with the next one', () => {
    const hub = new TopicHub();
    const { said, sink } = listen();
    const driver = driverOpener(hub, new SerialPorts())(source, sink);
    const [first, second] = [new FakeTopics(), new FakeTopics()];
    const end = hub.attach(first);
    first.filters.get('a/b')?.('a/b', Buffer.from('1'), false);
    end();
    expect(first.filters.size).toBe(0);
    hub.attach(second);
    second.filters.get('a/b')?.('a/b', Buffer.from('2'), false);
    expect(said).toEqual(['text 1', 'text 2']);
    driver.stop();
    expect(second.filters.size).toBe(0);
  });

  it('give nothing for what the broker had kept: nobody knows how old it is', () => {
    const hub = new TopicHub();
    const { said, sink } = listen();
    open.push(driverOpener(hub, new SerialPorts())(source, sink));
    const topics = new FakeTopics();
    hub.attach(topics);
    topics.filters.get('a/b')?.('a/b', Buffer.from('1'), true);
    expect(said).toEqual([]);
  });
});

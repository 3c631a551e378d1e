import { connect, createServer, type Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { CarrierEvent } from '../../../host-sim/node-platform/carrier.ts';
import { localAddresses } from '../../../host-sim/node-platform/interfaces.ts';
import { AddressBook, backoff_ms } from '../../../host-sim/node-platform/tcp/book.ts';
import { helloBytes, peersBytes, readControl } from '../../../host-sim/node-platform/tcp/control.ts';
import { CONTROL, frameOf, FrameReader } from '../../../host-sim/node-platform/tcp/frames.ts';
import { TcpCarrier } from '../../../host-sim/node-platform/tcp/tcp.ts';
import { freePort } from '../../../host-sim/swarm/swarm.ts';

describe('frames', () => {
  it('come out as they went in, whatever the pieces', () => {
    const frames = fc.array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 1232 }), fc.boolean()), { maxLength: 8 });
    fc.assert(
      fc.property(frames, fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 1 }), (sent, sizes) => {
        const stream = Buffer.concat(sent.map(([bytes, control]) => frameOf(bytes, control ? CONTROL : 0)));
        const reader = new FrameReader();
        const heard: [Uint8Array, boolean][] = [];
        for (let at = 0, i = 0; at < stream.length; at += sizes[i++ % sizes.length]) {
          const piece = stream.subarray(at, at + sizes[i % sizes.length]);
          expect(reader.push(piece, (bytes, control) => heard.push([new Uint8Array(bytes), control]))).toBe(true);
        }
        expect(heard).toEqual(sent);
      }),
    );
  });

  it('end a stream that is none', () => {
    const none = (): void => undefined;
    expect(new FrameReader().push(Buffer.from([0, 0, 1]), none)).toBe(false);
    expect(new FrameReader().push(Buffer.from([0x04, 0xd1]), none)).toBe(false);
    expect(new FrameReader().push(Buffer.from('GET / HTTP/1.1\r\n'), none)).toBe(false);
  });
});

describe('control frames', () => {
  const word = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));
  const ipv6 = fc
    .array(word, { minLength: 7, maxLength: 7 })
    .map((words) => new URL(`http://[2001:${words.join(':')}]`));
  const host = fc.oneof(
    fc.tuple(fc.integer({ min: 1, max: 223 }), fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => parts.join('.')),
    ipv6.map(({ hostname }) => hostname.slice(1, -1)),
  );
  const endpoint = fc.record({ host, port: fc.integer({ min: 1, max: 65_535 }) });

  it('carry ports and addresses', () => {
    expect(readControl(Buffer.from(helloBytes(19_542)))).toEqual({ type: 'hello', port: 19_542 });
    fc.assert(
      fc.property(fc.array(endpoint, { maxLength: 40 }), (endpoints) => {
        expect(readControl(Buffer.from(peersBytes(endpoints)))).toEqual({ type: 'peers', endpoints });
      }),
    );
  });

  it("leave out what is nobody's address, or means nothing elsewhere", () => {
    const hosts = ['0.0.0.0', '239.76.86.83', '255.255.255.255', '::', 'ff02::1', 'fe80::1%eth0', '10.0.0.1'];
    const bytes = peersBytes(hosts.map((one) => ({ host: one, port: 1 })));
    expect(readControl(Buffer.from(bytes))).toEqual({ type: 'peers', endpoints: [{ host: '10.0.0.1', port: 1 }] });
  });

  it('never bring anything but what they are made of', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
        const control = readControl(Buffer.from(bytes));
        return control === null || control.type === 'hello' || control.endpoints.every(({ port }) => port > 0);
      }),
    );
  });
});

describe('the address book', () => {
  it('waits longer after each failure, and never gives up what the user named', () => {
    const [named, told] = [
      { host: '10.0.0.1', port: 1 },
      { host: '10.0.0.2', port: 2 },
    ];
    const book = new AddressBook([named], () => 0);
    book.learn(told, 0);
    book.learn(told, 0);
    expect(book.names()).toHaveLength(2);
    const waits: number[] = [];
    let now_ms = 0;
    for (let failure = 0; failure < 10; failure++) {
      book.failed(named, now_ms);
      book.failed(told, now_ms);
      let wait_ms = 0;
      while (!book.due(now_ms + wait_ms).some(({ endpoint }) => endpoint === named)) wait_ms += 100;
      waits.push(wait_ms);
      now_ms += wait_ms;
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000]);
    expect(book.names()).toEqual(['10.0.0.1:1']);
    expect([backoff_ms(3, 0), backoff_ms(3, 1)]).toEqual([2000, 1000]);
  });
});

interface Scene {
  carrier: TcpCarrier;
  taken: string[];
  events: CarrierEvent[];
}

/** A carrier of its own on 127.86.90.N whose node takes what begins with "ok". */
function scene(node: number, port: number, peers: string[]): Scene {
  const taken: string[] = [];
  const events: CarrierEvent[] = [];
  const carrier = new TcpCarrier({
    port,
    iface: `127.86.90.${node}`,
    list: localAddresses,
    peers: peers.map((host) => ({ host, port })),
    listen: true,
    cycle_ms: 1000,
    random: () => 0.1,
    onEvent: (event) => events.push(event),
    take: (view, length) => {
      const text = Buffer.from(view.buffer, view.byteOffset, length).toString();
      taken.push(text);
      return text.startsWith('ok') ? 0 : 10;
    },
  });
  return { carrier, taken, events };
}

function say(carrier: TcpCarrier, text: string): void {
  const bytes = new TextEncoder().encode(text);
  carrier.send(new DataView(bytes.buffer), bytes.length);
}

describe('nodes on TCP', () => {
  it('know each other after one of them told the others', async () => {
    const port = await freePort();
    const nodes = [scene(1, port, []), ...[2, 3, 4].map((node) => scene(node, port, ['127.86.90.1']))];
    for (const { carrier } of nodes) await carrier.open();
    await vi.waitFor(
      () => {
        for (const { carrier } of nodes) say(carrier, 'ok');
        expect(nodes.map(({ carrier }) => carrier.facts().connections)).toEqual([3, 3, 3, 3]);
      },
      { timeout: 15_000, interval: 100 },
    );
    nodes[3].taken.length = 0;
    say(nodes[1].carrier, 'ok, from 2');
    await vi.waitFor(() => expect(nodes[3].taken).toContain('ok, from 2'));
    for (const { carrier } of nodes) await carrier.close();
  });

  it('tell a stranger nothing of the others, and believe nothing that it says of them', async () => {
    const port = await freePort();
    const [seed, member] = [scene(1, port, []), scene(2, port, ['127.86.90.1'])];
    await seed.carrier.open();
    await member.carrier.open();
    await vi.waitFor(() => {
      for (const { carrier } of [seed, member]) say(carrier, 'ok');
      expect(seed.carrier.facts().connections).toBe(1);
    });
    const heard: Buffer[] = [];
    const reader = new FrameReader();
    const stranger = connect({ host: '127.86.90.1', port, localAddress: '127.86.90.9' });
    stranger.on('data', (piece: Buffer) =>
      reader.push(piece, (bytes, control) => control && heard.push(Buffer.from(bytes))),
    );
    stranger.write(frameOf(helloBytes(4444), CONTROL));
    stranger.write(frameOf(peersBytes([{ host: '127.86.90.77', port: 5555 }]), CONTROL));
    stranger.write(frameOf(Buffer.from('no key'), 0));
    await vi.waitFor(() => expect(seed.taken).toContain('no key'));
    say(member.carrier, 'ok again');
    await vi.waitFor(() => expect(seed.taken).toContain('ok again'));
    expect(heard.map(readControl).filter((control) => control?.type === 'peers')).toEqual([]);
    expect(seed.carrier.facts().targets).toEqual([]);
    stranger.destroy();
    await seed.carrier.close();
    await member.carrier.close();
  });

  it('let a member in whatever number of strangers knock', async () => {
    const port = await freePort();
    const seed = scene(1, port, []);
    await seed.carrier.open();
    const strangers: Socket[] = [];
    const knock = (host: number): void => {
      for (let i = 0; i < 32; i++) {
        const socket = connect({ host: '127.86.90.1', port, localAddress: `127.86.91.${host}` });
        strangers.push(socket.on('error', () => undefined));
      }
    };
    for (let host = 1; host <= 8; host++) knock(host);
    await vi.waitFor(() => expect(strangers.every(({ connecting }) => !connecting)).toBe(true), { timeout: 10_000 });
    const member = scene(2, port, ['127.86.90.1']);
    await member.carrier.open();
    knock(9);
    await vi.waitFor(
      () => {
        say(member.carrier, 'ok');
        expect(seed.carrier.facts().connections).toBe(1);
      },
      { timeout: 10_000, interval: 50 },
    );
    for (const stranger of strangers) stranger.destroy();
    await seed.carrier.close();
    await member.carrier.close();
  });

  it('throw away the oldest datagrams for one who does not read, and count them', async () => {
    const port = await freePort();
    const sleepers: Socket[] = [];
    const server = createServer((socket) => sleepers.push(socket.pause().on('error', () => undefined)));
    await new Promise<void>((resolve) => server.listen(port, '127.86.90.8', resolve));
    const { carrier } = scene(1, port, ['127.86.90.8']);
    await carrier.open();
    await vi.waitFor(() => expect(sleepers).toHaveLength(1));
    const long = 'x'.repeat(1200);
    await vi.waitFor(
      () => {
        for (let i = 0; i < 2000; i++) say(carrier, long);
        expect(carrier.facts().queue_drops).toBeGreaterThan(0);
      },
      { interval: 5, timeout: 20_000 },
    );
    sleepers[0].destroy();
    server.close();
    await carrier.close();
  });
});

import { createSocket, type Socket } from 'node:dgram';
import { platform } from 'node:process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { localAddresses } from '../../../../host-sim/node-platform/interfaces.ts';
import { UdpCarrier } from '../../../../host-sim/node-platform/udp/udp.ts';
import { freePort } from '../../../../host-sim/swarm/swarm.ts';

const [NODE, MEMBER, STRANGER, BOARD] = ['127.86.85.1', '127.86.85.2', '127.86.85.3', '127.86.85.4'];
const [TAKEN, REFUSED] = [1, 5];
const FLOOD = 2500;

async function talker(address: string, port: number, everyone = '127.255.255.255'): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  await new Promise<void>((resolve) => socket.bind({ port, address, exclusive: true }, resolve));
  socket.setBroadcast(true);
  // Connected, it sends before the call returns.
  await new Promise<void>((resolve) => socket.connect(port, everyone, resolve));
  return socket;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** Broadcasts reach a socket that is connected to their sender on Linux. */
describe.runIf(platform === 'linux')('a node that is flooded', () => {
  const copies = new Map<number, number>();
  let carrier: UdpCarrier;
  let port = 0;
  let said = 0;
  const open: Socket[] = [];

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    copies.clear();
    port = await freePort();
    const list = localAddresses;
    const take = (view: DataView): number => {
      const number = view.getUint32(1);
      copies.set(number, (copies.get(number) ?? 0) + 1);
      return view.getUint8(0) === TAKEN ? 0 : REFUSED;
    };
    const onEvent = (): void => undefined;
    carrier = new UdpCarrier({ port, iface: NODE, list, take, onEvent, group: '', everyone: true, peers: [] });
    await carrier.open();
  });

  afterEach(async () => {
    for (const socket of open.splice(0)) socket.close();
    await carrier.close();
    vi.useRealTimers();
  });

  async function join(address: string, everyone?: string): Promise<Socket> {
    const socket = await talker(address, port, everyone);
    open.push(socket);
    return socket;
  }

  /** Returns the number of the datagram. */
  function say(from: Socket, kind: number, size = 5): number {
    const bytes = Buffer.alloc(size);
    bytes.writeUInt8(kind, 0);
    bytes.writeUInt32BE(++said, 1);
    from.send(bytes);
    return said;
  }

  async function heard(number: number, times = 1): Promise<void> {
    await until(() => (copies.get(number) ?? 0) >= times);
  }

  async function flood(from: Socket, kind: number): Promise<void> {
    for (let sent = 1; sent <= FLOOD; sent++) {
      const number = say(from, kind);
      if (sent % 100 === 0) await heard(number);
    }
  }

  function passSeconds(seconds: number): void {
    vi.advanceTimersByTime(1000 * seconds);
  }

  it('loses nothing of a member that it knows, though the room for all is full', async () => {
    const [member, board] = [await join(MEMBER), await join(BOARD, '255.255.255.255')];
    const stranger = await join(STRANGER);
    await heard(say(member, TAKEN));
    await heard(say(board, TAKEN));
    await flood(stranger, REFUSED);
    passSeconds(1);
    // All in one turn: nothing is read meanwhile.
    const strange = Array.from({ length: 4 * FLOOD }, () => say(stranger, REFUSED, 1200));
    const known = Array.from({ length: 20 }, () => [say(member, TAKEN), say(board, TAKEN)]).flat();
    await Promise.all(known.map((number) => heard(number)));
    expect(strange.filter((number) => copies.has(number)).length).toBeLessThan(strange.length);
  });

  it('hears it as before when the flood is over', async () => {
    const [member, stranger] = [await join(MEMBER), await join(STRANGER)];
    await heard(say(member, TAKEN));
    await flood(stranger, REFUSED);
    passSeconds(1);
    await heard(say(member, TAKEN), 2);
    passSeconds(29);
    await heard(say(member, TAKEN), 2);
    passSeconds(2);
    const last = say(member, TAKEN);
    await heard(say(stranger, REFUSED));
    expect(copies.get(last)).toBe(1);
  });

  it('gives none of its own room to one who floods with what it takes', async () => {
    const [member, stranger] = [await join(MEMBER), await join(STRANGER)];
    await heard(say(member, TAKEN));
    await flood(stranger, TAKEN);
    passSeconds(1);
    await heard(say(stranger, TAKEN), 2);
    await flood(stranger, TAKEN);
    passSeconds(1);
    const greedy = say(stranger, TAKEN);
    await heard(say(member, TAKEN), 2);
    expect(copies.get(greedy)).toBe(1);
  });
});

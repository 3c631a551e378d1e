/**
 * UDP: a socket for each peer's address, from which it sends straight to the target, and sockets that hear what the
 * target sends to everyone. Those are bound to the broadcast and multicast addresses themselves: a socket on 0.0.0.0
 * would take from a target on this computer what is meant for it.
 */
import { createSocket, type Socket } from 'node:dgram';
import { errorCode, Failure, systemReason, UsageError } from '../../cli/errors.ts';
import type { Channel, ChannelOptions } from './channel.ts';

const RECEIVE_BUFFER_BYTES = 1 << 20;

async function bound(address: string, port: number, onDatagram: ChannelOptions['onDatagram']): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true, recvBufferSize: RECEIVE_BUFFER_BYTES });
  await new Promise<void>((resolve, reject) => {
    const fail = (error: Error): void => {
      socket.close();
      reject(error);
    };
    socket.once('error', fail);
    socket.bind({ port, address, exclusive: true }, () => {
      socket.off('error', fail);
      resolve();
    });
  });
  socket.on('error', () => undefined);
  return socket.on('message', (bytes, { address: from, port: fromPort }) => {
    onDatagram(bytes, { address: from, port: fromPort });
  });
}

/** On the swarm's port, where nodes with a list of peers send to; on any other where that is taken. */
async function openPeer(address: string, options: ChannelOptions, warnings: string[]): Promise<Socket> {
  const { target, onDatagram } = options;
  try {
    return await bound(address, target.port, onDatagram);
  } catch (error) {
    if (errorCode(error) !== 'EADDRINUSE') throw error;
    warnings.push(`${address}:${target.port} is taken: that peer sends from another port`);
    return await bound(address, 0, onDatagram);
  }
}

async function openEar(address: string, options: ChannelOptions, warnings: string[]): Promise<Socket | null> {
  const { target, group, interfaces, onDatagram } = options;
  try {
    const socket = await bound(address, target.port, onDatagram);
    if (address === group) for (const one of interfaces) socket.addMembership(group, one);
    return socket;
  } catch (error) {
    warnings.push(`what is sent to ${address} cannot be heard: ${systemReason(error)}`);
    return null;
  }
}

/** @throws Failure when not one of the addresses can be used */
export async function openUdp(options: ChannelOptions): Promise<Channel> {
  const { target, broadcasts, group, interfaces } = options;
  const warnings: string[] = [];
  const peers: { address: string; socket: Socket }[] = [];
  for (const address of options.addresses) {
    try {
      peers.push({ address, socket: await openPeer(address, options, warnings) });
    } catch (error) {
      if (errorCode(error) === 'EADDRNOTAVAIL')
        throw new UsageError(`--bind ${address}: this computer does not have that address`);
      warnings.push(`${address} cannot be used: ${systemReason(error)}`);
    }
  }
  if (peers.length === 0) throw new Failure(`no address to send from: ${warnings.join('; ')}`);
  const ears: Socket[] = [];
  const places = ['255.255.255.255', ...broadcasts, ...(group === '' || interfaces.length === 0 ? [] : [group])];
  for (const address of new Set(places)) {
    const ear = await openEar(address, options, warnings);
    if (ear !== null) ears.push(ear);
  }
  return {
    addresses: peers.map(({ address }) => address),
    warnings,
    send: (from, bytes) => peers[from].socket.send(bytes, target.port, target.address, () => undefined),
    close: () => {
      for (const { socket } of peers) socket.close();
      for (const ear of ears) ear.close();
    },
  };
}

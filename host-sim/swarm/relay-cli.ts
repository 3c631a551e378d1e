/**
 * The lossy relay as a process: `swarm-relay udp|tcp NODES PORT RELAY_PORT LOSS SEED`, started by `npm run swarm`. Says
 * `ready` when its sockets are open and what it counted when it ends. Ends with the process that started it.
 */
import process from 'node:process';
import { createRandom } from '../world/random.ts';
import { TcpRelay, UdpRelay } from './relay.ts';

const [transport, ...numbers] = process.argv.slice(2);
const [nodes, port, relay_port, loss, seed] = numbers.map(Number);
const options = { nodes, port, relay_port, loss, random: createRandom(seed) };
const relay = transport === 'tcp' ? new TcpRelay(options) : new UdpRelay(options);

function end(): void {
  process.stdout.write(`${JSON.stringify({ type: 'ended', ...relay.counts })}\n`);
  relay.close();
  process.exit();
}

await relay.open();
process.stdout.write(`${JSON.stringify({ type: 'ready' })}\n`);
process.on('SIGTERM', end);
// Ctrl-C reaches every process of a terminal: this one waits for the nodes to take leave.
process.on('SIGINT', () => undefined);
process.stdin.resume().on('close', end);

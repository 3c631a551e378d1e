/**
 * A broker as a program of its own, to be killed: aedes on the port of argv[2], which writes each message into the file of
 * argv[3] before it is acknowledged, a line each. The first line of each life is `#`.
 */
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { argv, stdout } from 'node:process';
import { Aedes } from 'aedes';

const [, , port, file] = argv;
appendFileSync(file, '#\n');
const aedes = await Aedes.createBroker({
  authorizePublish: (_client, packet, done) => {
    appendFileSync(file, `${packet.topic} ${packet.payload.toString()}\n`);
    done(null);
  },
});
const server = createServer((socket) => {
  socket.on('error', () => socket.destroy());
  aedes.handle(socket);
});
server.listen(Number(port), '127.0.0.1', () => stdout.write('ready\n'));

/** Entry of `npm run page:demo`: serves the page before a made-up swarm until Ctrl-C. */
import { join } from 'node:path';
import { createCommand, parseCommand } from '../../../tools/cli/commander.ts';
import { UsageError } from '../../../tools/cli/errors.ts';
import { EXIT_INTERRUPTED, EXIT_OK } from '../../../tools/cli/exit-codes.ts';
import { projectRoot } from '../../../tools/cli/project-root.ts';
import { runMain } from '../../../tools/cli/run-main.ts';
import { realSurroundings, writeAll, type Surroundings } from '../../../tools/cli/surroundings.ts';
import { demoServer } from './serve.ts';

const CYCLE_MS = 1000;

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (port <= 65_535) return port;
  throw new UsageError(`--port ${text}: must be a whole number from 0 to 65535; 0 takes any that is free`);
}

async function main(argv: string[], around: Surroundings): Promise<number> {
  const command = createCommand('npm run page:demo --', around.stdout.columns)
    .description(
      "Serves the gateway's page before a made-up swarm, on loopback, until Ctrl-C. For working on the page.",
    )
    .option('--port <n>', 'where to listen', '8090')
    .option('--password <word>', 'ask for a password');
  const help = parseCommand(command, argv);
  if (help !== '') {
    await writeAll(around.stdout, help);
    return EXIT_OK;
  }
  const { port, password } = command.opts<{ port: string; password?: string }>();
  const page_dir = join(projectRoot(), 'build', 'page');
  const { server, core } = demoServer({
    page_dir,
    port: portOf(port),
    ...(password === undefined ? {} : { password }),
  });
  core.advance();
  await server.listen();
  const timer = setInterval(() => core.advance(), CYCLE_MS);
  around.stderr.write(`page:demo: ${server.address.url}, Ctrl-C ends it\n`);
  await new Promise<void>((resolve) => around.onInterrupt(resolve));
  clearInterval(timer);
  await server.close();
  return EXIT_INTERRUPTED;
}

await runMain('page:demo', (argv) => main(argv, realSurroundings()));

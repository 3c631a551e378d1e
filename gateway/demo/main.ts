/** `npm run demo`: shows what runs, then a line of values until it is told to end. */
import { EXIT_INTERRUPTED, EXIT_OK } from '../../tools/cli/exit-codes.ts';
import { isLive, writeAll } from '../../tools/cli/surroundings.ts';
import type { FirmwareApi } from '../core/bundle.ts';
import type { GatewaySurroundings } from '../surroundings.ts';
import { Demo, type DemoFacts } from './demo.ts';
import { parseOptions, type DemoOptions } from './options.ts';
import { NODES, SITES } from './plan.ts';
import { viewEvent, viewLine } from './view.ts';

export interface DemoFiles {
  loadApi: () => Promise<FirmwareApi>;
  /** build/bin/demo-gateway.mjs */
  program: string;
}

const VIEW_MS = 1000;
/** Where lines cannot be written over, fewer of them. */
const PLAIN_EVERY = 5;
const CLEAR_LINE = '\r\u001b[2K';
const PAGE_LIMIT_MS = 20_000;
const PAGE_LOOK_MS = 100;

/** Waits until the page's gateway has been through a cycle. */
async function answers(page: string, signal: AbortSignal): Promise<void> {
  const end_ms = performance.now() + PAGE_LIMIT_MS;
  while (!signal.aborted && performance.now() < end_ms) {
    const response = await fetch(`${page}/api/state`, { signal }).catch(() => null);
    await response?.arrayBuffer();
    if (response?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, PAGE_LOOK_MS));
  }
}

function factsText({ folder, broker, pages }: DemoFacts, seconds: number): string {
  const [first, ...others] = pages;
  const names = SITES.map(({ name }) => name).join(', ');
  const lines = [
    `${SITES.length} sites (${names}) of ${NODES} nodes and a gateway each, joined over the broker at ${broker}`,
    `configurations and logs of the gateways: ${folder}`,
    ...(pages.length === 0 ? [] : [`page: ${first}   (the other sites': ${others.join(' ')})`]),
    'Below: the temperature that each site’s nodes agree on, and the mean of all sensors of all sites.',
    seconds === 0 ? 'Ctrl-C ends it all.' : `It ends after ${seconds} s, or with Ctrl-C.`,
  ];
  return `${lines.join('\n')}\n\n`;
}

/** Writes the values again and again. Returns how to end that. */
function show(demo: Demo, { json }: DemoOptions, around: GatewaySurroundings): () => void {
  const { stdout, env } = around;
  const live = !json && isLive(stdout, env);
  let count = 0;
  const timer = setInterval(() => {
    const view = demo.view();
    if (json) stdout.write(`${JSON.stringify(viewEvent(view))}\n`);
    // A line that wraps could not be written over.
    else if (live) stdout.write(`${CLEAR_LINE}${viewLine(view, (stdout.columns ?? 80) - 1)}`);
    else if (count++ % PLAIN_EVERY === 0) stdout.write(`${viewLine(view, Infinity)}\n`);
  }, VIEW_MS);
  return () => {
    clearInterval(timer);
    if (live) stdout.write('\n');
  };
}

type Ending = { code: number } | { error: unknown };

/** @throws Failure when something of it cannot begin, or ends by itself */
export async function demoMain(argv: string[], around: GatewaySurroundings, files: DemoFiles): Promise<number> {
  const options = parseOptions(argv, around.stdout.columns);
  if (options.help !== '') {
    await writeAll(around.stdout, options.help);
    return EXIT_OK;
  }
  const { seconds, json, page, port } = options;
  const abort = new AbortController();
  let end: (ending: Ending) => void = () => undefined;
  const ended = new Promise<Ending>((resolve) => {
    end = (ending) => {
      resolve(ending);
      abort.abort();
    };
  });
  around.onInterrupt(() => end({ code: EXIT_INTERRUPTED }));
  around.onTerminate(() => end({ code: EXIT_OK }));
  // There is no configuration of it to read again.
  around.onHangup(() => end({ code: EXIT_OK }));
  const api = await files.loadApi();
  const demo = new Demo({ api, program: files.program, page, port, onFault: (error) => end({ error }) });
  let stopShowing = (): void => undefined;
  try {
    const facts = await demo.start();
    await Promise.all(facts.pages.map((each) => answers(each, abort.signal)));
    if (!abort.signal.aborted) {
      const sites = SITES.map(({ name }) => name);
      const started = { type: 'started', ...facts, sites, nodes: NODES };
      await writeAll(around.stdout, json ? `${JSON.stringify(started)}\n` : factsText(facts, seconds));
      stopShowing = show(demo, options, around);
      if (seconds > 0) setTimeout(() => end({ code: EXIT_OK }), 1000 * seconds);
    }
    const ending = await ended;
    stopShowing();
    if ('error' in ending) throw ending.error;
    if (json) await writeAll(around.stdout, `${JSON.stringify({ type: 'ended', code: ending.code })}\n`);
    return ending.code;
  } finally {
    await demo.stop();
  }
}

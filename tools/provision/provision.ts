/** `npm run provision`: from what the user says and what the board holds to what the board will hold. */
import { resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Emit, told } from '../flash/events.ts';
import type { Asker } from './ask.ts';
import type { BoardLink, WithBoard } from './board-link.ts';
import { decodeFor, encodeFor, readImage } from './images.ts';
import { memoryWarning } from './memory.ts';
import { readBoard, targetOf } from './named-board.ts';
import { EMPTY_CONTENTS, type NvsContents } from './nvs/contents.ts';
import { pagesUsed } from './nvs/encode.ts';
import type { ProvisionOptions } from './options.ts';
import { complete } from './request.ts';
import { dropCopy, findCopy, keepCopy, withCopy } from './rescue.ts';
import type { Target } from './settings/key-checks.ts';
import { makePlan, type Plan, type Request } from './settings/plan.ts';
import { writePrivate } from './settings/secret-file.ts';

export interface Outcome {
  /** Names of settings that have another value now. */
  set: readonly string[];
  removed: readonly string[];
  /** Whether anything was written. */
  written: boolean;
  /** The board's port, or the file. */
  to: string;
  /** Where in the flash the settings lie. */
  offset: number;
  size_bytes: number;
}

export interface ProvisionContext {
  cwd: string;
  root: string;
  withBoard: WithBoard;
  /** Undefined where nobody can be asked. */
  asker: Asker | undefined;
  emit: Emit;
}

function changeText({ set, removed }: Plan): string {
  return [...set, ...removed.map((name) => `${name} (taken away)`)].join(', ');
}

async function checkedPlan(held: NvsContents, request: Request, target: Target, emit: Emit): Promise<Plan> {
  const plan = await told(emit, 'check the settings', () =>
    Promise.resolve().then(() => makePlan(held, request, target)),
  );
  for (const line of held.damaged) {
    emit({ type: 'warning', text: `the settings' partition is damaged, and that is passed over: ${line}` });
  }
  const memory = await memoryWarning(plan.settings);
  for (const text of [...plan.warnings, ...(memory === '' ? [] : [memory])]) emit({ type: 'warning', text });
  if (plan.set.length + plan.removed.length > 0) emit({ type: 'info', text: `to change: ${changeText(plan)}` });
  return plan;
}

async function intoFile(options: ProvisionOptions, request: Request, context: ProvisionContext): Promise<Outcome> {
  const { out, image: base, connection } = options;
  const { cwd, root, asker, emit } = context;
  const { target, offset, size_bytes } = readBoard(root, connection.board);
  const held = base === '' ? EMPTY_CONTENTS : decodeFor(readImage(base, cwd), base);
  const plan = await checkedPlan(held, await complete(request, held, asker, cwd), target, emit);
  const write = (): Promise<Uint8Array> => {
    const image = encodeFor(plan.contents, size_bytes);
    writePrivate(resolve(cwd, out), out, image, true);
    return Promise.resolve(image);
  };
  await told(emit, `write ${out}`, write, (image) => {
    const { used, of } = pagesUsed(image);
    return `${image.length} bytes, ${used} of ${of} pages used; only you may read it (mode 600)`;
  });
  const { set, removed } = plan;
  return { set, removed, written: true, to: out, offset, size_bytes };
}

async function confirmed(link: BoardLink, { asker }: ProvisionContext, yes: boolean): Promise<boolean> {
  if (asker === undefined || yes) return true;
  return await asker.confirm(`Write this into the board at ${link.port}?`);
}

async function writeBoard(link: BoardLink, contents: NvsContents, { root }: ProvisionContext): Promise<void> {
  const image = encodeFor(contents, link.size_bytes);
  keepCopy(root, link.mac, image);
  await link.write(image);
  dropCopy(root, link.mac);
}

/** What the board holds, with what a run that was cut off had saved of it. */
async function readHeld(
  link: BoardLink,
  { root, emit }: ProvisionContext,
): Promise<{ held: NvsContents; cut: boolean }> {
  const held = decodeFor(await link.read(), link.port);
  const copy = findCopy(root, link.mac, link.size_bytes);
  if (copy === undefined) return { held, cut: false };
  emit({
    type: 'warning',
    text: 'the last run was cut off while it wrote: what is missing comes from the copy it kept',
  });
  return { held: withCopy(held, decodeFor(copy, 'the copy that was kept')), cut: true };
}

async function intoBoard(options: ProvisionOptions, request: Request, context: ProvisionContext): Promise<Outcome> {
  const { asker, root, emit, cwd, withBoard } = context;
  const { board: id } = options.connection;
  const board = id === '' ? null : readBoard(root, id).board;
  return await withBoard(options.connection, { mayAsk: asker !== undefined, emit }, async (link) => {
    const { held, cut } = await readHeld(link, context);
    // What was told so far is shown before a question is.
    await nextTurn();
    const target = targetOf(board, link.chip);
    const plan = await checkedPlan(held, await complete(request, held, asker, cwd), target, emit);
    await nextTurn();
    const { port: to, offset, size_bytes } = link;
    const { set, removed } = plan;
    const skip = (why: string): Outcome => {
      emit({ type: 'step:skipped', step: 'write the settings', why });
      return { set: [], removed: [], written: false, to, offset, size_bytes };
    };
    if (set.length + removed.length === 0 && !cut) return skip('the board has all of them already');
    if (!(await confirmed(link, context, options.yes))) return skip('you said no');
    await writeBoard(link, plan.contents, context);
    return { set, removed, written: true, to, offset, size_bytes };
  });
}

/**
 * @param request as `requestOf` makes it
 * @throws UsageError for what cannot be meant, Failure for what went wrong
 */
export async function provision(
  options: ProvisionOptions,
  request: Request,
  context: ProvisionContext,
): Promise<Outcome> {
  return await (options.out === '' ? intoBoard : intoFile)(options, request, context);
}

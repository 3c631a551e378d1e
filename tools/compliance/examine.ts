/** The work: hear the target, become its peers, go through the clauses. Each clause that is done is told at once. */
import { duration } from '../cli/numbers.ts';
import { step, type StepEvent, type Steps } from '../cli/steps.ts';
import { type Clause, type Finding, unseen } from './clauses/clause.ts';
import { type Bench, type Hearing, PEERS_USUAL } from './lab/bench.ts';
import { Silence, Stopped } from './lab/lab.ts';
import { learntSwarm, type Swarm, toldSwarm } from './lab/swarm.ts';
import type { SwarmSettings } from './settings.ts';

export interface Result {
  clause: Clause;
  finding: Finding;
}

export interface ExamineOptions {
  clauses: readonly Clause[];
  settings: SwarmSettings | null;
  wait_ms: number;
  sealed: boolean;
  /** Told of each clause when it is done. */
  onResult: (result: Result) => Promise<void>;
}

/** A datagram that was late or lost is no fault of the target: what it does wrong it does again. */
const ATTEMPTS = 4;
/** Runs to see its state diffs in, and to become peers of it. */
const LISTEN_TURNS = 6;
const JOIN_TURNS = 4;
/** Three turns of entropy packets, and one of beacons. */
const OVERHEAR_TURNS = 24;

/** Cycles that all of these take, about. */
export function cyclesOf(clauses: readonly Clause[]): number {
  return LISTEN_TURNS + JOIN_TURNS + clauses.reduce((sum, { cycles }) => sum + cycles, 0);
}

/** What keeps this clause from being looked at, '' where nothing does. */
function obstacle(clause: Clause, bench: Bench, swarm: Swarm | null, sealed: boolean): string {
  const { hearing, peers } = bench;
  if (!sealed && bench.lab.ledger.last?.heard.sealed === true) return SEALED;
  if (!clause.passive) {
    if (swarm === null || swarm.cells.length === 0) return NO_KEYS;
    if (hearing.why !== '') return hearing.why;
    if (peers.length < clause.peers) {
      return `it takes ${clause.peers} peers, and there are addresses for ${peers.length}; give more with --bind`;
    }
  }
  return clause.told && swarm?.told !== true ? NOT_TOLD : '';
}

const SEALED = 'the swarm is sealed: its members alone are heard and can be read; give its key with --key-file';
const NO_KEYS = 'the target said no state diff, so its keys are not known; give them with --keys';
const NOT_TOLD = 'floor, span and range of the keys are not known; give them with --keys';

async function attempt(clause: Clause, bench: Bench): Promise<Finding> {
  let finding = await clause.run(bench);
  for (let i = 2; i <= ATTEMPTS && !clause.passive; i++) {
    if (finding.verdict !== 'fail' && finding.disturbed !== true) break;
    const again = await silenceAside(clause, bench, finding);
    const before =
      finding.verdict === 'fail' && again.verdict === 'pass' ? ` (attempt ${i}; before: ${finding.evidence})` : '';
    finding = { ...again, evidence: `${again.evidence}${before}` };
  }
  return finding;
}

/** What silenced the target was found in the attempt before. */
async function silenceAside(clause: Clause, bench: Bench, before: Finding): Promise<Finding> {
  try {
    return await clause.run(bench);
  } catch (error) {
    if (error instanceof Silence) return before;
    throw error;
  }
}

/** The first datagrams: the swarm's id, its shards, its cycle time. */
async function listen(bench: Bench, { settings, wait_ms }: ExamineOptions): Promise<Swarm> {
  const { lab } = bench;
  const heard = [(await lab.next(wait_ms)).heard];
  lab.hail(heard[0].swarm_id);
  while (heard.length < LISTEN_TURNS) heard.push((await lab.next()).heard);
  if (heard.every(({ beacon }) => beacon === null)) lab.measureCycle();
  const learnt = learntSwarm(heard, settings?.relay === 'open');
  const swarm = settings === null ? learnt : toldSwarm(settings);
  // The key to work with is one of which the target has something to say.
  const last = heard.findLast(({ sdms }) => sdms.length > 0);
  const pairOf = (cell: Swarm['cells'][number]): { c: number | null; b: number | null } | undefined =>
    last?.sdms.find(({ shard }) => shard === cell.shard)?.pairs[cell.index];
  const chosen = swarm.cells.find((cell) => (pairOf(cell)?.c ?? pairOf(cell)?.b ?? null) !== null) ?? swarm.cells.at(0);
  lab.swarm = { ...swarm, cells: [...swarm.cells].sort((a, b) => Number(b === chosen) - Number(a === chosen)) };
  if (chosen !== undefined) bench.place(pairOf(chosen)?.c ?? null, pairOf(chosen)?.b ?? null);
  return lab.swarm;
}

/** Why nothing that needs to be heard by the target can be seen; '' when it hears us, and us alone. */
async function join(bench: Bench): Promise<Hearing> {
  const { lab } = bench;
  const heard = lab.ledger.last?.heard;
  const unheard = (why: string): Hearing => ({ held: 0, why });
  if (heard !== undefined && lab.swarm !== null && heard.swarm_id !== lab.swarm.swarm_id) {
    return unheard(
      `the target’s swarm id is ${word(heard.swarm_id)}, and name, keys and shards as told make ${word(lab.swarm.swarm_id)}`,
    );
  }
  bench.join(PEERS_USUAL);
  bench.say(() => bench.home);
  const { length: ours } = bench.peers;
  let held = 0;
  for (let i = 0; i < JOIN_TURNS * 2; i++) {
    held = (await lab.turn()).heard.held;
    if (i >= JOIN_TURNS && held === ours) return { held, why: '' };
  }
  if (held < ours) return { held, why: `the target holds ${held} peers, though ${ours} of ours speak to it` };
  return { held, why: `the target holds ${held} peers, of which ${ours} are ours; look at it in a swarm of its own` };
}

async function look(clause: Clause, bench: Bench, why: string): Promise<Finding> {
  if (why !== '') return unseen(why);
  try {
    return await attempt(clause, bench);
  } catch (error) {
    if (!(error instanceof Silence)) throw error;
    return { verdict: 'fail', evidence: `the target fell silent: ${error.message}` };
  }
}

/** Who cannot be a peer still can listen. */
async function overhear({ lab }: Bench): Promise<void> {
  for (let i = 0; i < OVERHEAR_TURNS; i++) await lab.next();
}

/** Hears the target and becomes its peers. What keeps it from that is in `bench.hearing`. */
async function* begin(bench: Bench, options: ExamineOptions): Steps<Swarm> {
  const { lab } = bench;
  const swarm = yield* step('hearing the target', () => listen(bench, options), describe);
  const readable = options.sealed || lab.ledger.last?.heard.sealed !== true;
  if (swarm.cells.length > 0 && readable) {
    const said = ({ why }: Hearing): string => why || `${bench.peers.length} peers`;
    bench.hearing = yield* step('joining its swarm', () => join(bench), said);
  }
  if (bench.hearing.why !== '' && readable) yield* step('listening', () => overhear(bench));
  return swarm;
}

async function judge(clause: Clause, bench: Bench, swarm: Swarm | null, { sealed }: ExamineOptions): Promise<Finding> {
  try {
    const stopped = clause.passive ? '' : bench.lab.stopped;
    return await look(clause, bench, stopped || obstacle(clause, bench, swarm, sealed));
  } catch (error) {
    if (error instanceof Stopped) return unseen(error.message);
    throw error;
  }
}

function told({ clause, finding }: Result): StepEvent {
  const { verdict, evidence } = finding;
  if (verdict === 'pass') return { type: 'step:done', step: clause.name, detail: '' };
  if (verdict === 'none') return { type: 'step:skipped', step: clause.name, why: evidence };
  return { type: 'fail', step: `${clause.name}  ${evidence}`, text: evidence };
}

/** @throws Silence when the target did not answer at all */
export async function* examine(bench: Bench, options: ExamineOptions): Steps<Result[]> {
  const { lab } = bench;
  const { clauses, onResult } = options;
  const results: Result[] = [];
  let swarm: Swarm | null = null;
  try {
    swarm = yield* begin(bench, options);
    const lasts = duration(cyclesOf(clauses) * lab.cycle_ms);
    yield { type: 'info', text: `${clauses.length} clauses, about ${lasts} at ${lab.cycle_ms.toFixed(0)} ms a cycle` };
    const pace = lab.ledger.last?.heard.pace ?? 1;
    if (pace > 1)
      yield { type: 'warning', text: `the target is in low-power mode: it all takes ${pace} times as long` };
  } catch (error) {
    if (error instanceof Stopped) bench.hearing = { held: 0, why: error.message };
    else if (error instanceof Silence && lab.ledger.datagrams > 0) bench.hearing = { held: 0, why: GONE };
    else throw error;
  }
  let warned = false;
  for (const clause of clauses) {
    const pace = lab.ledger.last?.heard.pace ?? 1;
    if (pace > 1 && !warned) {
      yield { type: 'warning', text: `the target is in low-power mode: while it is, all takes ${pace} times as long` };
      warned = true;
    }
    yield { type: 'step:start', step: clause.name };
    const finding = await judge(clause, bench, swarm, options);
    if (finding.verdict === 'fail' && finding.evidence.includes(FELL_SILENT)) bench.hearing.why ||= GONE;
    const result = { clause, finding };
    results.push(result);
    await onResult(result);
    yield told(result);
  }
  return results;
}

const GONE = 'the target no longer answers';
const FELL_SILENT = 'fell silent';

const word = (id: number): string => id.toString(16).padStart(4, '0');

function describe({ swarm_id, cells, shards, told: isTold }: Swarm): string {
  const keys = `${cells.length} key${cells.length === 1 ? '' : 's'} in ${shards} shard${shards === 1 ? '' : 's'}`;
  return `swarm ${word(swarm_id)}, ${keys}${isTold ? '' : ', learnt'}`;
}

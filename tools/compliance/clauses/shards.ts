/** "Manages state shards": each key in its shard, each shard's diffs merged for itself, and a share of them held. */
import type { Bench } from '../lab/bench.ts';
import type { Cell } from '../lab/swarm.ts';
import { Trace } from '../lab/trace.ts';
import { NO_PAIR } from '../wire/format.ts';
import { shardRank } from '../wire/hash.ts';
import { type Clause, fail, type Finding, pass, unseen } from './clause.ts';

const MERGE_TURNS = 6;
const REPLACE_TURNS = 4;
/** Where a swarm is larger, and has more than one shard, its nodes divide them. */
const UNDIVIDED_NODES = 16;
/** Shards are dealt anew each 16 runs; twice, and a few until all beacons are in. */
const DEAL_TURNS = 36;

function layout({ lab }: Bench): Finding {
  const { swarm, ledger } = lab;
  if (swarm === null) return unseen('no state diff was heard');
  const { shards, keysOfShard, told } = swarm;
  for (const { heard } of ledger.entries) {
    if (heard.sdms.length > 0 && !heard.sdms.some(({ shard }) => shard === 0))
      return fail(`cycle ${heard.cycle}: the first shard is missing`);
    for (const { shard, pairs } of heard.sdms) {
      const place = `cycle ${heard.cycle}: shard ${shard}`;
      if (told && shard >= shards) return fail(`${place}, and there are ${shards}`);
      const keys = keysOfShard[shard];
      if (keys !== undefined && keys !== pairs.length)
        return fail(`${place} has ${pairs.length} keys; it must have ${keys}`);
    }
  }
  const seen = new Set(ledger.entries.flatMap(({ heard }) => heard.sdms.map(({ shard }) => shard)));
  return pass(
    `shards ${[...seen].toSorted((a, b) => a - b).join(', ')} of ${told ? shards : 'those that were said'}, each with ${told ? 'the keys that hash into it' : 'as many keys each time'}`,
  );
}

/** What is said of another key moves that key, and not this one. */
async function merges(bench: Bench): Promise<Finding> {
  const { lab } = bench;
  const cells = lab.swarm?.cells ?? [];
  const other = cells.find(({ shard }) => shard !== bench.cell.shard) ?? cells.at(1);
  if (other === undefined) return unseen('the swarm has one key only');
  const { b } = lab.model(other);
  if (b === null) return unseen(`the target has no value of ${other.name}`);
  await bench.settle();
  const traces = [new Trace(), new Trace()];
  await bench.watch(traces[0], MERGE_TURNS, () => {
    speakOf(bench, other, b);
    return undefined;
  });
  for (let i = 0; i < MERGE_TURNS; i++) {
    speakOf(bench, other, b);
    traces[1].add(await lab.turn([], other));
  }
  for (const peer of bench.peers) peer.say(other, NO_PAIR);
  await lab.turn();
  const [still, moved] = traces;
  const finding = still.verdict('');
  if (finding.verdict !== 'pass') return finding;
  return moved.verdict(
    `contributions to ${other.name} (shard ${other.shard}) moved it, ${moved.followed()}; ${bench.cell.name} (shard ${bench.cell.shard}) stayed`,
  );
}

function speakOf({ lab, peers }: Bench, other: Cell, around: number): void {
  const size = other.settings === null ? 512 : Math.max(64, Math.floor(0.4 * other.rules.floor[0]));
  const { low, high } = other.rules;
  peers.slice(0, 4).forEach((peer) => {
    peer.say(other, { c: Math.max(low, Math.min(around + lab.random(size), high)), b: null });
  });
}

/** State, not increments: what a datagram leaves out is gone. */
async function replaces(bench: Bench): Promise<Finding> {
  await bench.settle();
  const { lab } = bench;
  const trace = new Trace();
  const far = bench.home + 12 * bench.amplitude;
  await bench.watch(trace, REPLACE_TURNS, () => {
    bench.say((i) => (i === 0 ? far : bench.home));
    return undefined;
  });
  await bench.watch(trace, REPLACE_TURNS, () => {
    bench.say((i) => (i === 0 ? null : bench.home + lab.random(16)));
    return undefined;
  });
  return trace.verdict(`a contribution that was left out again counts no more: ${trace.followed()}`);
}

/** Seventeen peers with beacons: the target holds those shards that rendezvous hashing gives it, and no other. */
async function divides(bench: Bench): Promise<Finding> {
  const { lab } = bench;
  const { swarm } = lab;
  if (swarm?.told !== true) return unseen('which keys a shard has is not known');
  if (swarm.shards < 2) return unseen('the swarm has one shard, which everyone holds');
  const needed = UNDIVIDED_NODES + 1;
  if (bench.peersMax < needed)
    return unseen(`it takes ${needed} peers, and there are addresses for ${bench.peersMax}; give more with --bind`);
  const usual = bench.peers.length;
  bench.join(needed);
  for (let i = 0; i < DEAL_TURNS; i++) {
    for (const peer of bench.peers) {
      peer.silent = true;
      lab.tell(peer, i % 4 === 0 ? { messages: [peer.beacon(lab.cycle_ms)] } : {});
    }
    await lab.turn();
  }
  const { heard } = await lab.turn();
  const nonce = lab.ledger.entries.findLast((entry) => entry.heard.beacon !== null)?.heard.beacon?.nonce;
  const nonces = bench.peers.map((peer) => peer.nonce);
  for (const peer of bench.peers.slice(usual)) lab.leave(peer);
  lab.peers = bench.peers.slice(0, usual);
  for (const peer of bench.peers) peer.silent = false;
  if (nonce === undefined) return unseen('the target sent no beacon');
  if (heard.held !== needed) return unseen(`the target holds ${heard.held} peers, and ours are ${needed}`);
  const mine = [...swarm.keysOfShard.keys()].filter((shard) => {
    const rank = shardRank(nonce, shard);
    return nonces.filter((other) => shardRank(other, shard) > rank).length < swarm.replicas;
  });
  const withValues = mine.filter((shard) => (swarm.keysOfShard[shard] ?? 0) > 0);
  const held = heard.sdms.filter(({ pairs }) => pairs.some(({ b }) => b !== null)).map(({ shard }) => shard);
  const wrong = held.filter((shard) => !withValues.includes(shard));
  const evidence = `among ${needed} peers it holds shards ${held.join(', ') || 'none'}; by rank it must hold ${withValues.join(', ') || 'none'}`;
  if (wrong.length > 0) return fail(evidence);
  const empty = withValues.filter((shard) => !held.includes(shard) && hasOwn(heard.sdms, shard));
  return empty.length > 0 ? fail(evidence) : pass(evidence);
}

/** Whether the target contributes to the shard itself: of one without any contribution there is no value to hold. */
function hasOwn(sdms: readonly { shard: number; pairs: readonly { c: number | null }[] }[], shard: number): boolean {
  return sdms.some((one) => one.shard === shard && one.pairs.some(({ c }) => c !== null));
}

const usual = { quick: true, peers: 1, told: false, passive: false } as const;

export const SHARDS: readonly Clause[] = [
  {
    ...usual,
    name: 'shards.layout',
    text: 'an SDM for each shard, the first one always, each with its own keys',
    cycles: 0,
    peers: 0,
    passive: true,
    run: layout,
  },
  {
    ...usual,
    name: 'shards.merge',
    text: 'a diff moves the keys of its shard and no others',
    cycles: 2 * MERGE_TURNS + 6,
    run: merges,
  },
  {
    ...usual,
    name: 'shards.replace',
    text: 'diffs are state: what is left out counts no more',
    cycles: 2 * REPLACE_TURNS + 6,
    run: replaces,
  },
  {
    ...usual,
    name: 'shards.divide',
    text: 'in a large swarm it holds its share of the shards',
    cycles: DEAL_TURNS + 2,
    quick: false,
    told: true,
    run: divides,
  },
];

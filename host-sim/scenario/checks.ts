/** What the schema cannot say: how the fields of a scenario hang together. */
import { short } from '../../tools/cli/numbers.ts';
import type { Inputs, KeyScenario, Scenario } from '../world/scenario.ts';
import type { Path } from '../../tools/cli/json-path.ts';
import type { Problem } from '../../tools/cli/schema.ts';

class Problems {
  readonly list: Problem[] = [];

  /** Notes a problem unless `fine`. */
  need(fine: boolean, path: Path, value: unknown, says: string, ...related: Path[]): void {
    if (!fine) this.list.push({ path, value, says, related });
  }
}

function checkTopology(s: Scenario, p: Problems): void {
  if (s.topology === 'sites') {
    p.need(
      s.nodes % s.sites === 0,
      ['nodes'],
      s.nodes,
      `must be a multiple of sites (${s.sites})`,
      ['sites'],
      ['topology'],
    );
    const site = Math.max(1, Math.floor(s.nodes / s.sites));
    p.need(
      s.gateways <= site,
      ['gateways'],
      s.gateways,
      `must be at most the nodes of a site (${site})`,
      ['nodes'],
      ['sites'],
    );
  }
  if (s.topology === 'mesh') {
    p.need(s.degree < s.nodes, ['degree'], s.degree, `must be less than nodes (${s.nodes})`, ['nodes'], ['topology']);
  }
  if (s.topology === 'links') {
    p.need(s.links !== '', ['links'], s.links, 'must name a CSV from,to,delivery for topology links', ['topology']);
  }
  const medium = s.medium_loss === -1 || s.medium_loss >= 0;
  p.need(medium, ['medium_loss'], s.medium_loss, 'must be a number from 0 to 1, or -1 for the same as loss');
  p.need(s.burst === 0 || s.burst >= 1, ['burst'], s.burst, 'must be 0 or at least 1');
  const delay = `must be at least delay_min_ms (${s.delay_min_ms})`;
  p.need(s.delay_mean_ms >= s.delay_min_ms, ['delay_mean_ms'], s.delay_mean_ms, delay, ['delay_min_ms']);
}

/** What the firmware allows (firmware/settings.ts): a gateway's datagram holds 9 bytes a shard and 8 a key, twice, in 1,100. */
const CLAIMED_BYTES_MAX = 550;

function checkShards(s: Scenario, p: Problems): void {
  const keys = s.keys.length;
  const most = Math.floor((CLAIMED_BYTES_MAX - 8 * keys) / 9);
  p.need(s.shards <= most, ['shards'], s.shards, `must be at most ${most} with ${keys} keys`, ['keys']);
}

function checkKey(key: KeyScenario, i: number, s: Scenario, p: Problems): void {
  const at = (field: keyof KeyScenario): Path => ['keys', i, field];
  const [low, high] = key.range;
  p.need(low < high, at('range'), key.range, 'must have a first value below the second');
  p.need(key.span >= key.floor, at('span'), key.span, `must be at least floor (${key.floor})`, at('floor'));
  if (low < high) {
    p.need(
      key.span <= high - low,
      at('span'),
      key.span,
      `must be at most the width of range (${high - low})`,
      at('range'),
    );
    const inside = key.reference >= low && key.reference <= high;
    p.need(
      inside || key.reference === 0,
      at('reference'),
      key.reference,
      `must lie in range (${low} to ${high}) or be 0`,
      at('range'),
    );
  }
  const first = s.keys.findIndex((other) => other.name === key.name);
  p.need(first === i, at('name'), key.name, `must differ from the name of keys[${first}]`);
}

/** Inputs that every node draws must be plausible, or the swarm refuses them. */
function checkInputs(inputs: Inputs, s: Scenario, p: Problems): void {
  const at = (field: keyof Inputs): Path => ['inputs', field];
  if (inputs.kind === 'csv') {
    p.need(
      inputs.file !== '',
      at('file'),
      inputs.file,
      'must name a CSV time_s,node,key,value for inputs csv',
      at('kind'),
    );
    return;
  }
  p.need(inputs.low <= inputs.high, at('high'), inputs.high, `must be at least low (${inputs.low})`, at('low'));
  s.keys.forEach(({ range }, i) => {
    const says = `must lie in the range of keys[${i}] (${range[0]} to ${range[1]})`;
    const plausible = (value: number): boolean => value >= range[0] && value <= range[1];
    p.need(plausible(inputs.low), at('low'), inputs.low, says, ['keys', i, 'range']);
    if (inputs.kind !== 'constant') p.need(plausible(inputs.high), at('high'), inputs.high, says, ['keys', i, 'range']);
  });
  if (inputs.kind === 'step') {
    p.need(inputs.at_cycle <= s.cycles, at('at_cycle'), inputs.at_cycle, `must be at most cycles (${s.cycles})`, [
      'cycles',
    ]);
  }
}

function checkFaults(s: Scenario, p: Problems): void {
  const within = (list: string, i: number, field: string, cycle: number): void =>
    p.need(cycle <= s.cycles, [list, i, field], cycle, `must be at most cycles (${s.cycles})`, ['cycles']);
  for (const list of ['partitions', 'cuts'] as const) {
    s[list].forEach(({ from_cycle, to_cycle }, i) => {
      within(list, i, 'from_cycle', from_cycle);
      p.need(to_cycle > from_cycle, [list, i, 'to_cycle'], to_cycle, `must be after from_cycle (${from_cycle})`);
    });
  }
  s.crashes.forEach(({ cycle, restart_cycle }, i) => {
    within('crashes', i, 'cycle', cycle);
    const later = restart_cycle === 0 || restart_cycle > cycle;
    p.need(later, ['crashes', i, 'restart_cycle'], restart_cycle, `must be after cycle (${cycle}), or 0 for never`);
  });
  for (const list of ['joins', 'leaves'] as const) s[list].forEach(({ cycle }, i) => within(list, i, 'cycle', cycle));
  s.attacks.forEach(({ from_cycle }, i) => within('attacks', i, 'from_cycle', from_cycle));
  s.stuck.forEach(({ from_cycle, nodes, value }, i) => {
    within('stuck', i, 'from_cycle', from_cycle);
    p.need(nodes <= s.nodes, ['stuck', i, 'nodes'], nodes, `must be at most nodes (${s.nodes})`, ['nodes']);
    const plausible = s.keys.every(({ range }) => value >= range[0] && value <= range[1]);
    p.need(plausible, ['stuck', i, 'value'], value, 'must lie in the range of every key');
  });
}

const ROLES = ['attacks', 'joins', 'crashes', 'leaves'] as const;

/** A node has one role at the most, so that what a run shows has one cause. */
function checkRoles(s: Scenario, p: Problems): void {
  const sum = (entries: readonly { share: number }[]): number => entries.reduce((all, { share }) => all + share, 0);
  const attackers = sum(s.attacks);
  const honest = `have shares that sum to ${attackers}; the sum must stay below 1, so that honest nodes are left`;
  p.need(attackers < 1, ['attacks'], undefined, honest);
  const stuck = s.stuck.reduce((all, { nodes }) => all + nodes, 0);
  const taken = ROLES.reduce((all, role) => all + sum(s[role]), 0) + stuck / s.nodes;
  const roles = [...ROLES, 'stuck' as const].filter((role) => s[role].length > 0).map((role) => [role]);
  const says = `and other roles (${ROLES.join(', ')}, stuck) sum to a share of ${short(taken)}; a node has one role, so at most 1`;
  p.need(attackers >= 1 || taken <= 1 + 1e-9, roles.at(0) ?? [], undefined, says, ...roles.slice(1));
}

export function crossProblems(scenario: Scenario): Problem[] {
  const problems = new Problems();
  checkTopology(scenario, problems);
  checkShards(scenario, problems);
  scenario.keys.forEach((key, i) => checkKey(key, i, scenario, problems));
  checkInputs(scenario.inputs, scenario, problems);
  checkFaults(scenario, problems);
  checkRoles(scenario, problems);
  return problems.list;
}

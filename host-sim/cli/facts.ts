/** A scenario in a few words, the most important first. */
import { grouped } from '../../tools/cli/numbers.ts';
import type { Scenario } from '../world/scenario.ts';

/** 0.6 as `60 %` */
export function shareText(share: number): string {
  return `${grouped(share * 100, 2)} %`;
}

function topologyText(s: Scenario): string {
  switch (s.topology) {
    case 'sites':
      return `${s.sites} sites, ${s.gateways} gateway${s.gateways === 1 ? '' : 's'} each`;
    case 'mesh':
      return `mesh of degree ${s.degree}`;
    case 'links':
      return 'measured links';
    default:
      return s.topology;
  }
}

function faultTexts(s: Scenario): string[] {
  const counts: [string, number][] = [
    ['partition', s.partitions.length],
    ['cut', s.cuts.length],
    ['crash', s.crashes.length],
    ['join', s.joins.length],
    ['leave', s.leaves.length],
  ];
  return counts.filter(([, n]) => n > 0).map(([name, n]) => (n === 1 ? name : `${n}× ${name}`));
}

export function facts(s: Scenario): string[] {
  const loss = s.topology === 'links' && s.loss === 0 ? [] : [`loss ${shareText(s.loss)}`];
  return [
    s.name,
    `${grouped(s.nodes)} nodes`,
    topologyText(s),
    ...loss,
    `seed ${s.seed}`,
    ...s.attacks.map(({ kind, share }) => `${kind} ${shareText(share)}`),
    ...faultTexts(s),
    ...(s.low_power > 0 ? [`low power ${shareText(s.low_power)}`] : []),
    ...(s.stuck.length > 0 ? [`${s.stuck.reduce((sum, { nodes }) => sum + nodes, 0)} stuck sensors`] : []),
    ...(s.keys.length > 1 ? [`${s.keys.length} keys`] : []),
    ...(s.keys.some(({ guard }) => !guard) ? ['guard off'] : []),
    `relay ${s.relay}`,
  ];
}

/** As many of the facts as fit into `width`, and never fewer than the first. */
export function factsLine(s: Scenario, width: number): string {
  const all = facts(s);
  let line = all[0].slice(0, width);
  for (const fact of all.slice(1)) {
    if (line.length + fact.length + 3 > width) break;
    line += ` · ${fact}`;
  }
  return line;
}

/** "No identity storage" (8.4): nothing on the wire that outlives a session. */
import type { Bench } from '../lab/bench.ts';
import type { Session } from '../lab/ledger.ts';
import { Silence } from '../lab/lab.ts';
import { type Clause, fail, type Finding, pass, unseen } from './clause.ts';

/** Datagrams of the new session in which a beacon must have come. */
const NEW_SESSION_TURNS = 18;

const hex = (word: number): string => word.toString(16).padStart(8, '0');

/** A clock of seconds may say the same for so long; a name says it for longer. */
const CLOCK_MS = 2500;

/** All that a datagram has room for is known and counted, so a name could only be in a message that receivers skip. */
async function namesNobody({ lab }: Bench): Promise<Finding> {
  const { ledger } = lab;
  const spanned = (): number => (ledger.last?.at_ms ?? 0) - (ledger.entries.at(0)?.at_ms ?? 0);
  while (ledger.datagrams > 0 && spanned() < CLOCK_MS && lab.stopped === '') await lab.next();
  const { entries, sessions } = ledger;
  const bodies = new Map<number, Set<string>>();
  for (const { heard } of entries) {
    for (const { type, body } of heard.unknown) {
      bodies.set(type, (bodies.get(type) ?? new Set()).add(body.toString('hex')));
    }
  }
  const named = [...bodies].find(([, said]) => said.size === 1);
  if (named !== undefined) {
    const [type, said] = named;
    return fail(
      `messages of type ${type} say the same in all ${entries.length} datagrams: ${[...said][0].slice(0, 40)}`,
    );
  }
  const tags = [...new Set(sessions.map(({ tag }) => tag))];
  const small = tags.find((tag) => tag < 0x10000);
  const evidence =
    `${entries.length} datagrams have room for a tag (${tags.map(hex).join(', ')}) and a nonce, ` +
    'and for nothing else that could name a node';
  return pass(small === undefined ? evidence : `${evidence}; tag ${hex(small)} is small for a random number`);
}

function nonces({ entries }: Session): number[] {
  return [...new Set(entries.flatMap(({ heard }) => (heard.beacon === null ? [] : [heard.beacon.nonce])))];
}

function compare(before: Session, after: Session): Finding {
  if (before.tag === after.tag)
    return fail(`after a restart the target has the tag that it had before, ${hex(after.tag)}`);
  const kept = nonces(before).find((nonce) => nonces(after).includes(nonce));
  if (kept !== undefined) return fail(`after a restart the target has the nonce that it had before, ${hex(kept)}`);
  const named = after.entries.find(({ heard }) => heard.beacon?.earlier === before.tag);
  if (named !== undefined)
    return fail(`after a restart a beacon names the tag before, ${hex(before.tag)}, so it was stored`);
  return pass(
    `restarted: tag ${hex(before.tag)} became ${hex(after.tag)}, nonce ${nonces(before).map(hex).join(', ')} became ${nonces(after).map(hex).join(', ') || 'not said yet'}`,
  );
}

/** The newest restart, and what was before it: a session that was only renewed names its earlier tag, and may. */
function restart({ lab }: Bench): [Session, Session] | null {
  const { sessions } = lab.ledger;
  const at = sessions.findLastIndex(({ restarted }) => restarted);
  return at < 1 ? null : [sessions[at - 1], sessions[at]];
}

async function drawsAnew(bench: Bench): Promise<Finding> {
  const { lab, options } = bench;
  const seen = restart(bench);
  if (seen === null && options.restart_ms === 0)
    return unseen('the target was not restarted while we listened; --await-restart waits for it');
  if (seen === null) {
    options.notify(`restart the target now: waiting for ${Math.round(options.restart_ms / 1000)} s`);
    const until = lab.options.now_ms() + options.restart_ms;
    while (restart(bench) === null) {
      const left_ms = until - lab.options.now_ms();
      if (left_ms <= 0) return unseen(`the target was not restarted within ${Math.round(options.restart_ms / 1000)} s`);
      await patient(lab.next(left_ms));
    }
  }
  for (let i = 0; i < NEW_SESSION_TURNS; i++) await patient(lab.next());
  const found = restart(bench);
  return found === null ? unseen('no restart was seen') : compare(...found);
}

/** A node that is being restarted is silent for a while. */
async function patient(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Silence)) throw error;
  }
}

export const IDENTITY: readonly Clause[] = [
  {
    name: 'identity.restart',
    text: 'after a restart nothing says that it is the same node',
    cycles: 0,
    quick: true,
    peers: 0,
    told: false,
    passive: true,
    run: drawsAnew,
  },
  {
    name: 'identity.wire',
    text: 'nothing on the wire could name a node but its tag and nonce',
    cycles: 0,
    quick: true,
    peers: 0,
    told: false,
    passive: true,
    run: namesNobody,
  },
];

/**
 * How XS gives up. The words are those of xs/sources/xsError.c (gXSAbortStrings); they come three ways: in the node's
 * `crashed` line after the restart (firmware/device/health/crash.ts keeps them), as `XS abort: ...` where there is a
 * debugger (xs/platforms/esp/xsPlatform.c, fxAbort), and with figures before them (xs/sources/xsMemory.c, xsAPI.c).
 */
import { grouped } from '../../cli/numbers.ts';
import { buildCommand, type Explanation, flashCommand, type Knowledge, type Pattern } from './explanation.ts';

const SLOT_BYTES = 16;
/** What one more try is worth: a tenth of the node's own pool. */
const STATIC_STEP_BYTES = 8192;
const STACK_STEP_SLOTS = 64;
/** build/devices/esp32/lib/main/main.c, kStack */
const NATIVE_STACK_BYTES = 10_240;

/** As XS says it, wherever it says it. */
function aborted(words: string): RegExp {
  return new RegExp(`(?:^lvs [EI] crashed .*reason="|XS abort: )${words}(?:[ :]+([^"]*))?`);
}

function again(knowledge: Knowledge): string {
  return `then \`${buildCommand(knowledge)}\` and \`${flashCommand(knowledge)}\``;
}

function tables({ node_bytes }: Knowledge): string {
  return node_bytes === 0 ? '' : ` The node's tables take ${grouped(node_bytes)} of them with this board's settings.`;
}

function memoryFull(part: string, knowledge: Knowledge): Explanation {
  const { static_bytes } = knowledge.creation;
  return {
    level: 'E',
    title: `XS ran out of memory${part}`,
    cause:
      `Slots, chunks and the stack share one block: \`creation.static\` in manifest.json, ${grouped(static_bytes)} bytes.` +
      tables(knowledge),
    next: [
      `raise \`creation.static\` in manifest.json to ${grouped(static_bytes + STATIC_STEP_BYTES)}, ${again(knowledge)}; if the chip no longer comes to \`boot\` it had not that much left, so take less`,
      'or let it need less: fewer `keys`, a smaller `table` of peers, fewer `relay_entries` (the report of `npm run build` says what the tables take)',
      '`npm run build -- --mode instrument` shows on a running board how much of it is in use',
    ],
  };
}

function fixedPool(pool: 'chunk' | 'heap', knowledge: Knowledge): Explanation {
  const { creation } = knowledge;
  const [initial, unit] =
    pool === 'chunk'
      ? [creation.chunk_initial_bytes, 'bytes']
      : [creation.heap_initial_slots, `slots of ${SLOT_BYTES} bytes`];
  const what = pool === 'chunk' ? 'chunks (texts, buffers, arrays)' : 'slots (objects, closures, variables)';
  return {
    level: 'E',
    title: `XS has no room for more ${what}`,
    cause: `\`creation.${pool}.incremental\` is 0 in the manifest that this was built with, so there is never more than \`creation.${pool}.initial\`: ${grouped(initial)} ${unit} in manifest.json.`,
    next: [`raise \`creation.${pool}.initial\`, or give \`creation.${pool}.incremental\` a value, ${again(knowledge)}`],
  };
}

function stackOverflow(missing: string | undefined, knowledge: Knowledge): Explanation {
  const { stack_slots } = knowledge.creation;
  const short = missing === undefined ? '' : ` It was ${grouped(Math.abs(Number(missing)))} slots short.`;
  return {
    level: 'E',
    title: "XS ran out of JavaScript's stack",
    cause: `Calls went deeper than \`creation.stack\` in manifest.json allows, ${grouped(stack_slots)} slots (${grouped(stack_slots * SLOT_BYTES)} bytes).${short} A function that calls itself without end does that with any stack.`,
    next: [
      `if a stack stands above and it repeats itself, the last function that repeats is the one to mend`,
      `otherwise raise \`creation.stack\` to ${grouped(stack_slots + STACK_STEP_SLOTS)}; it is taken out of \`creation.static\`, so raise that by ${grouped(STACK_STEP_SLOTS * SLOT_BYTES)}, ${again(knowledge)}`,
    ],
  };
}

function uncaught(what: string, message: string | undefined): Explanation {
  const said = (message ?? '').trim();
  return {
    level: 'E',
    title: `An error that nobody caught${said === '' ? '' : `: ${said}`}`,
    cause: `XS calls that "${what}" and restarts the chip. A release build knows no lines: frames have the names of functions only.`,
    next: [
      'where a stack stands beside this, its first frame that names a file is the place',
      'otherwise run the same settings on the laptop, `npm run sim`, or build with `--mode debug`, which has lines',
    ],
  };
}

export const XS_PATTERNS: readonly Pattern[] = [
  {
    id: 'xs-chunks-full',
    test: /# Chunk allocation: failed for (\d+) bytes/,
    explain: ([, bytes], known) =>
      memoryFull(`: no room for a piece of ${grouped(Number(bytes))} bytes (a text, a buffer or an array)`, known),
  },
  {
    id: 'xs-slots-full',
    test: /# Slot allocation: failed for (\d+) bytes/,
    explain: ([, bytes], known) => memoryFull(`: no room for ${grouped(Number(bytes))} bytes of slots`, known),
  },
  {
    id: 'xs-chunks-fixed',
    test: /# Chunk allocation: \d+ bytes failed in fixed size heap/,
    explain: (_match, known) => fixedPool('chunk', known),
  },
  {
    id: 'xs-slots-fixed',
    test: /# Slot allocation: failed in fixed size heap/,
    explain: (_match, known) => fixedPool('heap', known),
  },
  { id: 'xs-memory-full', test: aborted('memory full'), explain: (_match, known) => memoryFull('', known) },
  {
    id: 'xs-stack-overflow',
    test: /^stack overflow \((-?\d+)\)!/,
    explain: ([, missing], known) => stackOverflow(missing, known),
  },
  {
    id: 'xs-stack-overflow',
    test: aborted('JavaScript stack overflow'),
    explain: (_match, known) => stackOverflow(undefined, known),
  },
  {
    id: 'xs-native-stack-overflow',
    test: aborted('native stack overflow'),
    explain: (_match, known) => ({
      level: 'E',
      title: 'The task of the virtual machine ran out of its native stack',
      cause: `Code in C went too deep: a driver, a large regular expression or JSON, or many calls between C and JavaScript. The stack has ${grouped(known.creation.native_stack_bytes || NATIVE_STACK_BYTES)} bytes.`,
      next: [
        `set \`creation.nativeStack\` in manifest.json to ${grouped((known.creation.native_stack_bytes || NATIVE_STACK_BYTES) + 2048)} (bytes; it comes out of the chip's own memory, not out of \`creation.static\`), ${again(known)}`,
      ],
    }),
  },
  {
    id: 'xs-keys-full',
    test: aborted('not enough keys'),
    explain: (_match, known) => ({
      level: 'E',
      title: 'XS ran out of names',
      cause: `Names of properties that were made at run time are kept for ever, and \`creation.keys.incremental\` is 0: there are \`creation.keys.initial\` of them, ${grouped(known.creation.keys_initial)} in manifest.json.`,
      next: [
        `give \`creation.keys.incremental\` a value (manifest.json has ${known.creation.keys_incremental}), ${again(known)}`,
        'names that never end are a fault of the program: `npm run check` finds property names made at run time (LVS004)',
      ],
    }),
  },
  {
    id: 'xs-dead-strip',
    test: aborted('dead strip'),
    explain: (_match, known) => ({
      level: 'E',
      title: 'The program called something that was stripped from the image',
      cause:
        '`strip: "*"` in manifest.json removes every built-in function that no module names; one was reached in another way: by C code, or by a name made at run time.',
      next: [
        'a debug build (`--mode debug`) names the function at the throw',
        `name it in \`strip\` as one to keep: list what may go instead of "*", ${again(known)}`,
      ],
    }),
  },
  {
    id: 'xs-unhandled-rejection',
    test: aborted('unhandled rejection'),
    explain: ([, message]) => uncaught('unhandled rejection', message),
  },
  {
    id: 'xs-unhandled-exception',
    test: aborted('unhandled exception'),
    explain: ([, message]) => uncaught('unhandled exception', message),
  },
  {
    id: 'xs-too-much-computation',
    test: aborted('too much computation'),
    explain: () => ({
      level: 'E',
      title: 'A limit on computation was reached',
      cause: 'The virtual machine was set to stop after so many steps, and a loop took more.',
      next: ['the first frame of the stack beside this is in the loop; on the laptop `npm run bench:xs` counts steps'],
    }),
  },
  {
    id: 'xs-fatal',
    test: aborted('(?:fatal|unknown)'),
    explain: () => ({
      level: 'E',
      title: 'XS found its own memory damaged',
      cause: 'A check inside the engine failed: C code wrote where it should not, or the supply or the flash is bad.',
      next: [
        'erase the flash and write it again (`npm run flash -- erase`, then flash)',
        'if it comes back, leave out drivers one by one: their C code is the likely one',
      ],
    }),
  },
];

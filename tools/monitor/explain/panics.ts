/**
 * Fatal errors of ESP-IDF. Texts are from its sources, version 6: components/esp_system/panic.c and port/arch/*, ubsan and
 * stack checks beside them; meanings from docs/en/api-guides/fatal-errors.rst.
 */
import type { Explanation, Knowledge, Pattern } from './explanation.ts';

interface Reason {
  test: RegExp;
  title: string;
  cause: string;
}

/** What stands in the parentheses of `Guru Meditation Error: Core 0 panic'ed (...)`: Xtensa's names, then RISC-V's. */
const REASONS: readonly Reason[] = [
  {
    test: /^(LoadProhibited|StoreProhibited|Load access fault|Store access fault)$/,
    title: 'The program touched memory that is not there',
    cause:
      'C code followed a pointer that was empty or spoilt. The address stands in EXCVADDR (Xtensa) or MTVAL (RISC-V): near zero means an empty pointer.',
  },
  {
    test: /^(InstrFetchProhibited|Instruction access fault|Instruction address misaligned|IllegalInstruction|Illegal instruction)$/,
    title: 'The processor was sent to something that is no program',
    cause:
      'A pointer to a function was spoilt, a stack was overwritten, or an instruction could not be read from the flash.',
  },
  {
    test: /^(LoadStoreAlignment|Load address misaligned|Store address misaligned|LoadStoreError)$/,
    title: 'The program touched memory in a way that this memory does not allow',
    cause: 'C code used an odd address, or wrote to memory that can only be read.',
  },
  {
    test: /^IntegerDivideByZero$/,
    title: 'C code divided by zero',
    cause: 'A driver took a reading of 0 for granted.',
  },
  {
    test: /^Interrupt wdt timeout on CPU\d$/,
    title: 'The interrupt watchdog bit: interrupts were blocked for more than 300 ms',
    cause: 'A driver stayed too long in an interrupt or in a critical section, often waiting for a bus that hangs.',
  },
  {
    test: /^(Cache error|Cache disabled but cached memory region accessed)$/,
    title: 'Code in the flash was called while the flash was being written',
    cause: 'An interrupt handler that is not in RAM ran while settings or state were being stored.',
  },
  {
    test: /^(Stack protection fault|Unhandled debug exception|Breakpoint)$/,
    title: 'A task ran over the end of its native stack',
    cause:
      'Where `Stack canary watchpoint triggered (NAME)` stands beside it, that is the task; `main` is the one that runs XS.',
  },
  {
    test: /^Memory protection fault$/,
    title: 'The program tried to run data, or to write over code',
    cause: 'A pointer was spoilt.',
  },
];

const OTHER: Omit<Reason, 'test'> = {
  title: 'The chip stopped at an exception',
  cause: 'The program below the virtual machine did what the processor does not allow.',
};

/** Programs of ESP-IDF's toolchains, by instruction set. */
function addr2line(chip: string): string {
  return ['esp32', 'esp32s2', 'esp32s3'].includes(chip) ? `xtensa-${chip}-elf-addr2line` : 'riscv32-esp-elf-addr2line';
}

const SEND_IN =
  'keep the lines from `Guru Meditation` to `Rebooting` (`--log FILE` writes them): they are what a report needs';

/** How the addresses of a dump become places in C. */
function placesOf(known: Knowledge, addresses = 'ADDRESSES'): string {
  const elf = known.elf === '' ? `build/${known.board === '' ? 'BOARD' : known.board}/sdk/.../xs_esp32.elf` : known.elf;
  return `\`${known.chip === '' ? 'xtensa-esp32-elf-addr2line' : addr2line(known.chip)} -pfiaC -e ${elf} ${addresses}\` turns addresses into places in C (it comes with ESP-IDF)`;
}

function guru(reason: string, known: Knowledge): Explanation {
  const { title, cause } = REASONS.find(({ test }) => test.test(reason)) ?? OTHER;
  const stack = title.includes('native stack')
    ? ['if the task is `main`, raise `creation.nativeStack` in manifest.json by 2,048 (10,240 bytes without it)']
    : [];
  return { level: 'E', title: `${title} (${reason})`, cause, next: [...stack, placesOf(known), SEND_IN] };
}

export const PANIC_PATTERNS: readonly Pattern[] = [
  {
    id: 'panic',
    test: /Guru Meditation Error: Core\s+\d+ panic'ed \(([^)]+)\)/,
    explain: ([, reason], known) => guru(reason.trim(), known),
  },
  {
    // Xtensa: up to 'Backtrace:0x4008...:0x3ffb...' without a blank in ESP-IDF before 4.4
    id: 'backtrace',
    test: /^Backtrace: ?((?:0x[0-9a-f]{8}:0x[0-9a-f]{8} ?)+)/,
    explain: ([, pairs], known) => {
      const addresses = pairs
        .trim()
        .split(/\s+/)
        .map((pair) => pair.split(':')[0]);
      return {
        level: 'I',
        title: `Where it was: ${addresses.length} calls deep, in C`,
        cause: 'These are addresses in the program below the virtual machine; the TypeScript is not among them.',
        next: [placesOf(known, addresses.join(' '))],
      };
    },
  },
  {
    id: 'riscv-stack',
    test: /^Stack memory:$/,
    explain: (_match, known) => ({
      level: 'I',
      title: 'What follows is the stack as it lies in memory',
      cause: 'RISC-V chips do not print a list of calls; MEPC and RA above are where it stopped and who called.',
      next: [placesOf(known, 'MEPC RA')],
    }),
  },
  {
    id: 'abort',
    test: /abort\(\) was called at PC (0x[0-9a-f]+) on core \d/,
    explain: ([, pc], known) => ({
      level: 'E',
      title: 'The program below the virtual machine gave up: abort()',
      cause:
        'The line before says why, if anything does: an assertion, a failed allocation, an error that C code did not expect.',
      next: [placesOf(known, pc), SEND_IN],
    }),
  },
  {
    id: 'assert',
    test: /^assert failed: (\S+) (\S+:\d+)|^assertion "(.*)" failed: file "([^"]+)", line (\d+)/,
    explain: (match) => ({
      level: 'E',
      title: `A check in C failed${(match[1] as string | undefined) === undefined ? '' : ` in ${match[1]} (${match[2]})`}`,
      cause:
        'ESP-IDF or a driver met a state that it says cannot be: often memory was full, or a handle was used after it was closed.',
      next: [SEND_IN],
    }),
  },
  {
    id: 'esp-error-check',
    test: /^ESP_ERROR_CHECK failed: esp_err_t (0x[0-9a-f]+) \((\w+)\)/,
    explain: ([, , name]) => ({
      level: 'E',
      title: `ESP-IDF could not start: ${name}`,
      cause: name.includes('NVS')
        ? 'The partition with the settings cannot be read: it is new, or a write was torn by a power cut.'
        : 'A part of the hardware did not come up.',
      next: [
        name.includes('NVS')
          ? 'write the settings again with `npm run provision`; that lays the partition anew'
          : 'switch the power off and on; if it stays, the file and line below this one are what a report needs',
      ],
    }),
  },
  {
    id: 'task-stack-overflow',
    test: /\*\*\*ERROR\*\*\* A stack overflow in task (\S+) has been detected/,
    explain: ([, task]) => nativeStack(task),
  },
  {
    id: 'task-stack-overflow',
    test: /Stack canary watchpoint triggered \(([^)]*)\)/,
    explain: ([, task]) => nativeStack(task.trim()),
  },
  {
    id: 'stack-smashing',
    test: /Stack smashing protect failure!/,
    explain: (_match, known) => ({
      level: 'E',
      title: 'C code wrote past the end of a local array',
      cause: 'A driver put more into a buffer than it holds.',
      next: [placesOf(known), SEND_IN],
    }),
  },
  {
    id: 'corrupt-heap',
    test: /^CORRUPT HEAP: /,
    explain: () => ({
      level: 'E',
      title: "The chip's own memory is damaged",
      cause:
        'C code wrote past the end of a block, or freed one twice. The one that is told here is only the one who noticed.',
      next: ['leave out sensors one by one: a driver is the likely one', SEND_IN],
    }),
  },
];

function nativeStack(task: string): Explanation {
  return {
    level: 'E',
    title: `The task ${task} ran over the end of its native stack`,
    cause:
      task === 'main'
        ? 'This is the task that runs XS: C code under it went too deep.'
        : "This is one of ESP-IDF's own tasks, or a driver's.",
    next: [
      task === 'main'
        ? 'raise `creation.nativeStack` in manifest.json by 2,048 (bytes; 10,240 without it), build and flash'
        : `ESP-IDF's sdkconfig has a stack size for it; put a larger one into the board's sdkconfig.defaults`,
    ],
  };
}

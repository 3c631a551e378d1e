/** The globals that LVS008 and LVS009 speak of, each with what to write instead. */

const CLOCK = 'Use the clock port of firmware/platform.ts';
const CALLED = 'The platform calls the node; say through a return value when it should call again';
const BYTES = 'Read and write the bytes of a DataView that was made at start';
const PLATFORM = 'Make it a port of firmware/platform.ts, which the platform fills in';
const IMPORT = 'Import what is needed at the top of the file';

/** What XS does not have, by what stands in for it. */
const LACKING_BY_INSTEAD: readonly (readonly [instead: string, names: readonly string[]])[] = [
  ['Report through the log port of firmware/platform.ts', ['console', 'alert', 'reportError']],
  [
    CALLED,
    [
      'setTimeout',
      'setInterval',
      'setImmediate',
      'clearTimeout',
      'clearInterval',
      'clearImmediate',
      'cancelAnimationFrame',
      'cancelIdleCallback',
      'queueMicrotask',
      'requestAnimationFrame',
      'requestIdleCallback',
    ],
  ],
  [BYTES, ['TextEncoder', 'TextDecoder', 'TextEncoderStream', 'TextDecoderStream', 'Buffer', 'Blob', 'atob', 'btoa']],
  ['Copy the fields that are needed into an object that was made at start', ['structuredClone']],
  ['Format on the host; the device sends integers', ['Intl']],
  [CLOCK, ['performance', 'PerformanceObserver']],
  ['Use the random port of firmware/platform.ts', ['crypto', 'Crypto', 'SubtleCrypto']],
  [
    PLATFORM,
    [
      'process',
      'navigator',
      'window',
      'document',
      'self',
      'global',
      'fetch',
      'Request',
      'Response',
      'Headers',
      'URL',
      'URLSearchParams',
      'WebSocket',
      'XMLHttpRequest',
      'Worker',
      'AbortController',
      'AbortSignal',
      'CustomEvent',
      'DOMException',
      'EventSource',
      'File',
      'FormData',
      'MessagePort',
      'ReadableStream',
      'WritableStream',
      'TransformStream',
      'CompressionStream',
      'DecompressionStream',
      'SharedWorker',
      'WebAssembly',
      'caches',
      'location',
      'postMessage',
      'addEventListener',
      'removeEventListener',
      'dispatchEvent',
      'importScripts',
      'Event',
      'EventTarget',
      'MessageChannel',
      'BroadcastChannel',
      'localStorage',
      'sessionStorage',
      'indexedDB',
    ],
  ],
  [IMPORT, ['require', 'module', 'exports', '__dirname', '__filename']],
];

export const LACKING: ReadonlyMap<string, string> = new Map(
  LACKING_BY_INSTEAD.flatMap(([instead, names]) => names.map((name): [string, string] => [name, instead])),
);

/** Something that XS has. */
export interface Costly {
  /** Cycle code is inside all three. */
  where: 'everywhere' | 'outside device' | 'cycle';
  what: string;
  instead: string;
}

const ENTRIES: Costly = {
  where: 'cycle',
  what: 'a slot of memory or three for each entry, and a call and a hash for each look-up',
  instead: 'Use a table of typed arrays of fixed size, searched by index',
};

const PROMISES: Costly = {
  where: 'cycle',
  what: 'each one is an object with its closures, and what waits for it runs at another time',
  instead: 'Return the result; a cycle runs from its beginning to its end',
};

export const COSTLY: ReadonlyMap<string, Costly> = new Map<string, Costly>([
  [
    'RegExp',
    {
      where: 'outside device',
      what: 'it brings the matcher into the firmware and makes an array for each match',
      instead: 'Compare character codes, or check the text on the host',
    },
  ],
  [
    'Date',
    { where: 'outside device', what: 'the time comes from the platform, or a run cannot be replayed', instead: CLOCK },
  ],
  [
    'Proxy',
    {
      where: 'everywhere',
      what: 'every access becomes a call',
      instead: 'Write the functions that the access would call',
    },
  ],
  [
    'Reflect',
    {
      where: 'everywhere',
      what: 'it names properties at run time',
      instead: 'Write the property access or the call out',
    },
  ],
  ['Map', ENTRIES],
  ['Set', ENTRIES],
  ['WeakMap', ENTRIES],
  ['WeakSet', ENTRIES],
  ['WeakRef', { ...ENTRIES, what: 'it lets the garbage collector decide what the cycle sees' }],
  ['FinalizationRegistry', { ...ENTRIES, what: 'it runs when the garbage collector does' }],
  [
    'BigInt',
    {
      where: 'cycle',
      what: 'each result is a new piece of memory',
      instead: 'Use numbers: they are exact up to 2^53, and firmware/fixed/words.ts takes them apart',
    },
  ],
  ['Promise', PROMISES],
]);

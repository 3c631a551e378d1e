/** What the node itself says and where help is due: network, settings, crashes (firmware/device/README.md). */
import type { Explanation, Knowledge, Pattern } from './explanation.ts';

const PROVISION =
  '`npm run provision` gives it another network or password; `npm run provision -- show` reads what it has';

/** Reasons of firmware/device/link/wifi.ts. */
const NETWORK: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'the password was refused',
    'The access point is there, and wifi_password is not its password.',
    [PROVISION, 'passwords are told apart by case, and a space at the end counts'],
  ],
  [
    'not connected',
    'The network was not found, or did not let it in: wifi_ssid is not its name to the letter, it is out of reach, or it is on 5 GHz, which most of these chips do not hear.',
    [PROVISION, 'look whether the access point also sends on 2.4 GHz, and whether it admits WPA2'],
  ],
  [
    'no address came',
    'It joined, and no DHCP server gave it an address.',
    ['look at the DHCP server: is it there, has it addresses left, does it know this device', PROVISION],
  ],
  [
    'the address was lost',
    'Its lease ended and was not renewed, or the access point went away.',
    ['it tries again by itself; if that goes on, look at the access point and the DHCP server'],
  ],
  [
    'the radio is busy',
    'The driver took no orders for a moment.',
    ['it tries again by itself; if that goes on, reset it (key r)'],
  ],
];

function network(reason: string): Explanation {
  const [, cause, next] = NETWORK.find(([words]) => words === reason) ?? [
    '',
    'The driver gave this reason.',
    [PROVISION],
  ];
  return { level: 'W', title: `The node has no network: ${reason}`, cause, next };
}

/** Whose name a message of the settings begins with. */
function settings(message: string, { board }: Knowledge): Explanation {
  const setting = /^[a-z][a-z0-9_]*/.exec(message)?.[0] ?? '';
  return {
    level: 'E',
    title: `A setting is wrong, so the node does not start: ${message}`,
    cause: 'Settings come from NVS, where `npm run provision` puts them, then from `config` in manifest.json.',
    next: [
      setting === ''
        ? PROVISION
        : `give \`${setting}\` another value: \`npm run provision\`, or \`config\` in manifest.json`,
      ...(board === '' ? [] : [`what it has now: \`npm run provision -- show --board ${board}\``]),
    ],
  };
}

export const NODE_PATTERNS: readonly Pattern[] = [
  { id: 'no-network', test: /^lvs W network-failed reason="([^"]*)"/, explain: ([, reason]) => network(reason) },
  {
    id: 'settings-wrong',
    test: /^lvs E settings-wrong (.*)/,
    explain: ([, message], known) => settings(message, known),
  },
  {
    id: 'cycle-late',
    test: /^lvs E cycle-late/,
    explain: () => ({
      level: 'E',
      title: 'The node runs, and its cycles do not come',
      cause:
        'Its timer was lost or a cycle does not end. It no longer feeds its watchdog, which restarts the chip within 15 s.',
      next: ['the lines before this say what it was doing; after the restart `crashed` carries the cycle'],
    }),
  },
  {
    id: 'reset-brown-out',
    test: /^lvs I boot .*reset=brown-out/,
    explain: () => ({
      level: 'E',
      title: 'The run before ended because the supply sagged (brown-out)',
      cause: 'A thin or long USB cable, a hub without supply of its own, or an empty battery.',
      next: ['take a short cable and a port of the computer itself; charge the battery'],
    }),
  },
  {
    id: 'reset-watchdog',
    test: /^lvs I boot .*reset=(task-watchdog|interrupt-watchdog|watchdog)\b/,
    explain: ([, which]) => ({
      level: 'E',
      title: `The run before ended because the ${which.replace('-', ' ')} bit`,
      cause:
        which === 'interrupt-watchdog'
          ? 'Interrupts were blocked for more than 300 ms: a driver waits for a bus that hangs.'
          : 'No cycle ran for too long, or the task that runs XS hung.',
      next: ['the last status line before the restart says how far it had come; leave out sensors one by one'],
    }),
  },
  {
    id: 'state-damaged',
    test: /^lvs W (?:state-corrupt|store-failed)/,
    explain: () => ({
      level: 'W',
      title: 'The node cannot keep its state in the flash',
      cause:
        'The partition nvs is full, worn out or damaged; the node goes on, and takes its values from the peers after a restart.',
      next: ['write the settings again with `npm run provision`, which lays the partition anew'],
    }),
  },
];

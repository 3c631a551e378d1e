/** ESP-IDF's settings of a board, and those among them that a node cannot do without. */
import type { Board } from './board.ts';

/** The last line that names a setting counts. */
export function readSdkconfig(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const match = /^(CONFIG_\w+)=(.*)$/.exec(line.trim());
    if (match !== null) values.set(match[1], match[2]);
  }
  return values;
}

type Reasons = readonly (readonly [name: string, why: string])[];

const NEEDED: Reasons = [
  ['CONFIG_ESP_TASK_WDT_EN', 'the SDK switches the task watchdog off, and a node that hangs would hang for good'],
  ['CONFIG_ESP_TASK_WDT_INIT', 'without it the watchdog is there and never starts'],
  ['CONFIG_ESP_TASK_WDT_PANIC', 'without it the watchdog only prints a line'],
  ['CONFIG_ESP_INT_WDT', 'the SDK switches the interrupt watchdog off'],
  ['CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE', 'without it an update that fails stays'],
  ['CONFIG_ESP_BROWNOUT_DET', 'without it a sagging supply writes rubbish to flash'],
  ['CONFIG_PM_ENABLE', 'without it there is no light sleep in low-power mode'],
  ['CONFIG_FREERTOS_USE_TICKLESS_IDLE', 'without it there is no light sleep in low-power mode'],
];

/**
 * What the SDK switches on in its own defaults for some chips (build/devices/esp32/xsProj-<chip>/, SDK 8.2.3). It leaves
 * out lines with a #, so `# CONFIG_... is not set` would switch nothing off.
 */
const UNWANTED: Reasons = [
  [
    'CONFIG_BOOTLOADER_SKIP_VALIDATE_ALWAYS',
    'the SDK has the esp32 start an image unread, and a damaged one would never give way to the other slot',
  ],
  [
    'CONFIG_ESP_SYSTEM_PANIC_GDBSTUB',
    'the SDK has the esp32s2 and esp32s3 wait for a debugger after a crash, where they would hang for good',
  ],
  [
    'CONFIG_ESP_COREDUMP_ENABLE_TO_UART',
    'the SDK writes the tasks’ memory to the console after a crash, and keys and passwords are in it',
  ],
];

/** Settings of which ESP-IDF takes one: the names in `others` stand for the rest of them. */
interface Choice {
  wanted: string;
  others: (name: string) => boolean;
  why: string;
}

const CONSOLES = {
  'uart-bridge': 'CONFIG_ESP_CONSOLE_UART_DEFAULT',
  'serial-jtag': 'CONFIG_ESP_CONSOLE_USB_SERIAL_JTAG',
  otg: 'CONFIG_ESP_CONSOLE_USB_CDC',
} as const;

const CONSOLE_NAMES: readonly string[] = [
  ...Object.values(CONSOLES),
  'CONFIG_ESP_CONSOLE_UART_CUSTOM',
  'CONFIG_ESP_CONSOLE_NONE',
];

function choicesOf({ flash, usb }: Board): Choice[] {
  const startsWith =
    (prefix: string) =>
    (name: string): boolean =>
      name.startsWith(prefix);
  const ofFlash = (field: string, value: string, says: string): Choice => ({
    wanted: `CONFIG_ESPTOOLPY_FLASH${field}_${value}`,
    others: startsWith(`CONFIG_ESPTOOLPY_FLASH${field}_`),
    why: `board.json says that the flash ${says}`,
  });
  return [
    ofFlash('SIZE', `${flash.size_mb}MB`, `has ${flash.size_mb} MB`),
    ofFlash('MODE', flash.mode.toUpperCase(), `is read in the mode ${flash.mode}`),
    ofFlash('FREQ', `${flash.frequency_mhz}M`, `runs at ${flash.frequency_mhz} MHz`),
    {
      wanted: CONSOLES[usb.kind],
      others: (name) => CONSOLE_NAMES.includes(name),
      why: `board.json says that USB is of the kind ${usb.kind}, and the log goes there`,
    },
    {
      wanted: 'CONFIG_ESP_SYSTEM_PANIC_PRINT_REBOOT',
      others: (name) => /^CONFIG_ESP_SYSTEM_PANIC_(PRINT_HALT|SILENT_REBOOT)$/.test(name),
      why: 'a crash is told, and the chip starts again',
    },
  ];
}

export function sdkconfigProblems(text: string, board: Board): string[] {
  const values = readSdkconfig(text);
  const isOn = (name: string): boolean => values.get(name) === 'y';
  const missing = NEEDED.filter(([name]) => !isOn(name)).map(([name, why]) => `${name}=y is missing: ${why}`);
  const unwanted = UNWANTED.filter(([name]) => values.get(name) !== 'n').map(
    ([name, why]) => `${name}=n is missing: ${why}`,
  );
  const chosen = choicesOf(board).flatMap(({ wanted, others, why }) => [
    ...(isOn(wanted) ? [] : [`${wanted}=y is missing: ${why}`]),
    ...[...values.keys()]
      .filter((name) => name !== wanted && others(name) && isOn(name))
      .map((name) => `${name}=y is too much: ${why}`),
  ]);
  return [...missing, ...unwanted, ...chosen];
}

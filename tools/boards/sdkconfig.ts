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

const NEEDED: readonly (readonly [name: string, why: string])[] = [
  ['CONFIG_ESP_TASK_WDT_EN', 'the SDK switches the task watchdog off, and a node that hangs would hang for good'],
  ['CONFIG_ESP_TASK_WDT_INIT', 'without it the watchdog is there and never starts'],
  ['CONFIG_ESP_TASK_WDT_PANIC', 'without it the watchdog only prints a line'],
  ['CONFIG_ESP_INT_WDT', 'the SDK switches the interrupt watchdog off'],
  ['CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE', 'without it an update that fails stays'],
  ['CONFIG_ESP_BROWNOUT_DET', 'without it a sagging supply writes rubbish to flash'],
  ['CONFIG_PM_ENABLE', 'without it there is no light sleep in low-power mode'],
  ['CONFIG_FREERTOS_USE_TICKLESS_IDLE', 'without it there is no light sleep in low-power mode'],
];

const CONSOLES = {
  'uart-bridge': 'CONFIG_ESP_CONSOLE_UART_DEFAULT',
  'serial-jtag': 'CONFIG_ESP_CONSOLE_USB_SERIAL_JTAG',
  otg: 'CONFIG_ESP_CONSOLE_USB_CDC',
} as const;

export function sdkconfigProblems(text: string, { flash, usb }: Board): string[] {
  const values = readSdkconfig(text);
  const isOn = (name: string): boolean => values.get(name) === 'y';
  const problems = NEEDED.filter(([name]) => !isOn(name)).map(([name, why]) => `${name}=y is missing: ${why}`);
  const size = `CONFIG_ESPTOOLPY_FLASHSIZE_${flash.size_mb}MB`;
  if (!isOn(size)) problems.push(`${size}=y is missing: board.json says that the flash has ${flash.size_mb} MB`);
  for (const name of values.keys()) {
    if (name.startsWith('CONFIG_ESPTOOLPY_FLASHSIZE_') && name !== size && isOn(name)) {
      problems.push(`${name}=y is too much: board.json says that the flash has ${flash.size_mb} MB`);
    }
  }
  if (!isOn(CONSOLES[usb.kind])) {
    problems.push(
      `${CONSOLES[usb.kind]}=y is missing: board.json says that USB is of the kind ${usb.kind}, and the log goes there`,
    );
  }
  return problems;
}

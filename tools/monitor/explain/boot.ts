/**
 * From reset to the application: the ROM's lines, the second-stage bootloader's, watchdogs and the supply. The ROM's own
 * texts are from Espressif's esptool documentation, "Boot Mode Selection" and "Troubleshooting"; the others from
 * ESP-IDF 6: components/bootloader_support/src, app_update/esp_ota_ops.c, esp_system/task_wdt, esp_hw_support/
 * power_supply/brownout.c.
 */
import { type Explanation, flashCommand, type Knowledge, type Pattern } from './explanation.ts';

function emptyFlash(known: Knowledge): Explanation {
  return {
    level: 'E',
    title: 'There is no program where the chip looks for one',
    cause: 'The flash is empty, or holds the program of another kind of chip, or was written at the wrong place.',
    next: [
      `\`${flashCommand(known)}\``,
      'if it was just flashed: `npm run flash -- info` says what is there, and whether this is the chip that it was built for',
    ],
  };
}

const BROWNOUT: Explanation = {
  level: 'E',
  title: 'The supply sagged, and the chip restarted to be safe (brown-out)',
  cause:
    'The radio draws up to half an ampere for a moment: a thin or long USB cable, a hub without supply of its own, or an empty battery does not give that.',
  next: [
    'take a short cable, and a port of the computer itself or a hub with its own supply',
    'if sensors hang on the 3.3 V pin, try without them; a capacitor of 100 µF at the supply helps with radios',
  ],
};

function taskWatchdog(): Explanation {
  return {
    level: 'E',
    title: 'The task watchdog bit: something did not come back in time',
    cause:
      'The lines that follow name who was late. `main` is the task that runs XS: a loop without end, or C code that waits. `lvs cycle` is this node: no cycle ran for too long, though the rest went on.',
    next: [
      'the last lines before this say what it was doing; `crashed` and the status lines carry the cycle',
      'after 15 s without being fed it restarts the chip (CONFIG_ESP_TASK_WDT_TIMEOUT_S of the board)',
    ],
  };
}

/** Words of the ROM for why it started, as they stand after `rst:0x..`; a plain start needs no explanation. */
const RESETS: readonly (readonly [RegExp, Explanation])[] = [
  [/BROWN_?OUT/, BROWNOUT],
  [
    /^(TG0WDT|TG1WDT|TGWDT|MWDT0|MWDT1|HP_SYS_HP_WDT|LP_SYS_HP_WDT)/,
    {
      level: 'W',
      title: 'The chip was restarted by a watchdog',
      cause:
        'The program below the virtual machine hung so hard that nothing more was printed: interrupts blocked, or a panic that did not get to its end.',
      next: [
        'what the last lines before the restart say is where to look; if there are none, look at the supply first',
      ],
    },
  ],
  [
    /^(RTCWDT_RTC|RTCWDT_SYS|RTCWDT_CPU|RTC_WDT|LP_WDT|LP_SYS_LP_WDT)/,
    {
      level: 'W',
      title: 'The chip did not get from its ROM to the application in time',
      cause:
        'The flash could not be read well: no program there, a wrong flash mode, or a supply that sags when it starts.',
      next: ['`npm run flash -- verify` compares what is in the flash', 'try another cable and port'],
    },
  ],
  [
    /^SUPER_WDT|GLITCH/,
    {
      level: 'W',
      title: 'The chip was restarted because its clock or supply was not what it should be',
      cause: 'A glitch on the supply, or the chip was touched or switched while it ran.',
      next: ['look at the supply: cable, hub, battery, what else hangs on it'],
    },
  ],
];

/** ESP_OTA_...: the firmware calls itself good after its 8th cycle (firmware/device/device.ts). */
export const ROLLED_BACK: Explanation = {
  level: 'W',
  title: 'The update was taken back: the chip runs the version from before',
  cause:
    'A new version has to call itself good in its first run, and was restarted before. The node does so after its 8th cycle, and its first cycle comes when the network is there.',
  next: [
    'look above for why that run ended: a crash, a watchdog, no network, or someone who pulled the plug',
    'if it found no network, look at `wifi_ssid` and `wifi_password` (`npm run provision -- show`), then update again',
  ],
};

export const BOOT_PATTERNS: readonly Pattern[] = [
  {
    id: 'reset',
    // `rst:0x10 (RTCWDT_RTC_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)`
    test: /^rst:0x[0-9a-f]+ \((\w+)\),boot:0x[0-9a-f]+ \(SPI_FAST_FLASH_BOOT\)/,
    explain: ([, reason]) => RESETS.find(([test]) => test.test(reason))?.[1] ?? null,
  },
  {
    id: 'download-mode',
    // ESP32: DOWNLOAD_BOOT(UART0/UART1/...); S2 and later: DOWNLOAD(USB/UART0)
    test: /boot:0x[0-9a-f]+ \(DOWNLOAD|^waiting for download$/,
    explain: (_match, { download_mode }) => ({
      level: 'W',
      title: 'The chip is in its download mode: it waits to be flashed and runs nothing',
      cause: 'Its boot pin was low when it started: the BOOT button was held, or something on that pin pulls it down.',
      next: [
        'let go of BOOT and reset it: key r here, or its reset button',
        ...(download_mode === '' ? [] : [`of this board: ${download_mode}`]),
      ],
    }),
  },
  {
    id: 'no-program',
    test: /^invalid header: 0x[0-9a-f]{8}|^flash read err, \d+|^ets_(?:main|loader)\.c \d+|^Invalid image block, can't boot/,
    explain: (_match, known) => emptyFlash(known),
  },
  {
    id: 'no-application',
    test: /boot: No bootable app partitions in the partition table|has invalid magic byte \(nothing flashed here\?\)|OTA app partition slot \d+ is not bootable/,
    explain: (_match, known) => ({
      ...emptyFlash(known),
      title: 'The bootloader finds no application that it could start',
      cause:
        'The application was never written, or only in part: flashing was cut off, or the partitions are of another build.',
    }),
  },
  {
    id: 'image-damaged',
    test: /esp_image: (?:Checksum failed|Image hash failed|invalid segment length)|^SHA-256 comparison failed/,
    explain: (_match, known) => ({
      level: 'E',
      title: 'The application in the flash is damaged',
      cause: 'Flashing was cut off, the cable garbles, or the flash has worn out.',
      next: [`\`${flashCommand(known)}\`: only what differs is written`, 'with another cable, or slower: `-b 115200`'],
    }),
  },
  {
    id: 'partitions-damaged',
    test: /flash_parts: partition \d+ invalid|boot: Failed to verify partition table|flash_parts: partition table has no terminating entry/,
    explain: (_match, known) => ({
      level: 'E',
      title: 'The partition table in the flash is damaged, or made for a larger flash',
      cause: 'Flashing was cut off, or the board has less flash than its board.json says.',
      next: [`\`npm run flash -- info\` says how large the flash is`, `\`${flashCommand(known)}\``],
    }),
  },
  {
    id: 'flash-size',
    test: /Detected size\((\d+)k\) smaller than the size in the binary image header\((\d+)k\)/,
    explain: ([, has, wants]) => ({
      level: 'E',
      title: `The image is for ${wants} KB of flash, and this board has ${has} KB`,
      cause: 'It was built for another board.',
      next: ['`npm run boards` lists the boards with their flash; build for the one that it is'],
    }),
  },
  {
    id: 'wrong-chip',
    test: /boot_comm: (?:mismatch chip ID|chip revision check failed|Image requires efuse blk rev)/,
    explain: (_match, known) => ({
      level: 'E',
      title: 'The image is for another chip, or for a newer revision of it',
      cause: 'It was built for another board.',
      next: ['`npm run flash -- info` names the chip', `\`${flashCommand(known)}\` with the board that it is`],
    }),
  },
  {
    id: 'rolled-back',
    test: /esp_ota_ops: Rollback to previously worked partition/,
    explain: () => ROLLED_BACK,
  },
  {
    id: 'update-unconfirmed',
    test: /Running app has not confirmed state \(ESP_OTA_IMG_PENDING_VERIFY\)/,
    explain: () => ({
      level: 'E',
      title: 'No update is taken while the last one has not called itself good',
      cause: 'The node does so after its 8th cycle, and its first cycle comes when the network is there.',
      next: [
        'wait for its 8th cycle, then try again; if it never gets there, restart it: it goes back to the version before',
      ],
    }),
  },
  {
    id: 'update-slots',
    test: /ota data partition invalid|ota data invalid, no current app/,
    explain: () => ({
      level: 'W',
      title: 'The chip does not know which of its two applications to start',
      cause:
        'The note about it (partition otadata) was torn by a power cut, or is from other partitions. It tries them in turn.',
      next: ['if it comes up, nothing is to be done; if not, flash it again'],
    }),
  },
  { id: 'brown-out', test: /Brownout detector was triggered/, explain: () => BROWNOUT },
  { id: 'task-watchdog', test: /Task watchdog got triggered/, explain: taskWatchdog },
];

/** Which commands there are, by who is asked and in which state. */
import { COMMAND } from './packets.ts';
import type { Problem } from './packets.ts';

/** What secure download mode leaves (esptool, "Secure Download Mode"). */
const SECURE_DOWNLOAD_COMMANDS: readonly number[] = [
  COMMAND.SYNC,
  COMMAND.FLASH_BEGIN,
  COMMAND.FLASH_DATA,
  COMMAND.FLASH_END,
  COMMAND.FLASH_DEFL_BEGIN,
  COMMAND.FLASH_DEFL_DATA,
  COMMAND.FLASH_DEFL_END,
  COMMAND.SPI_ATTACH,
  COMMAND.SPI_SET_PARAMS,
  COMMAND.CHANGE_BAUDRATE,
  COMMAND.GET_SECURITY_INFO,
];

const STUB_ONLY: readonly number[] = [
  COMMAND.ERASE_FLASH,
  COMMAND.ERASE_REGION,
  COMMAND.READ_FLASH,
  COMMAND.RUN_USER_CODE,
];
/** The stub reads by READ_FLASH alone. */
const ROM_ONLY: readonly number[] = [COMMAND.READ_FLASH_SLOW];
const NEEDS_FLASH: readonly number[] = [
  COMMAND.FLASH_BEGIN,
  COMMAND.FLASH_DEFL_BEGIN,
  COMMAND.SPI_FLASH_MD5,
  COMMAND.READ_FLASH_SLOW,
];

export interface LoaderState {
  secureDownload: boolean;
  isStub: boolean;
  /** Whether the pins of the flash are connected. */
  attached: boolean;
}

/** @returns why the command is not even looked at, or undefined */
export function refusal(command: number, { secureDownload, isStub, attached }: LoaderState): Problem | undefined {
  if (secureDownload && !SECURE_DOWNLOAD_COMMANDS.includes(command)) return 'unknown';
  if ((isStub ? ROM_ONLY : STUB_ONLY).includes(command)) return 'unknown';
  return !attached && NEEDS_FLASH.includes(command) ? 'failed' : undefined;
}

/** What a chip says about itself, asked before anything is done to it. */
import type { BoardLoader } from './loader.ts';
import type { Security } from './security.ts';

export interface ChipFacts {
  /** As board.json has it: `esp32c3`. */
  chip: string;
  /** As people write it: `ESP32-C3`. */
  family: string;
  /** The number that image headers name the chip by, or -1. */
  imageId: number;
  /** `24:0a:c4:01:02:03`, or '' where it cannot be read. */
  mac: string;
  /** 0 where the flash does not say. */
  flash_bytes: number;
  security: Security;
}

/** What a ROM takes for granted; Espressif's stub takes 16 MB, and others less. */
const ASSUMED_BYTES = 4 * 1024 * 1024;

/** `4MB` as bytes, 0 for nothing. */
function sizeBytes(text: string | undefined): number {
  const match = /^(\d+)(KB|MB)$/.exec(text ?? '');
  return match === null ? 0 : Number(match[1]) * (match[2] === 'MB' ? 1024 * 1024 : 1024);
}

/** @throws ESPError when an answer does not come */
export async function factsOf(loader: BoardLoader, security: Security): Promise<ChipFacts> {
  const family = loader.chip.CHIP_NAME;
  const blind = security.secureDownload;
  const flash_bytes = blind ? 0 : sizeBytes(await loader.detectFlashSize());
  const needsSize = !loader.IS_STUB || flash_bytes > ASSUMED_BYTES;
  if (needsSize && flash_bytes > 0) await loader.setFlashSize(flash_bytes);
  return {
    chip: family.toLowerCase().replaceAll('-', ''),
    family,
    imageId: loader.chip.IMAGE_CHIP_ID ?? -1,
    mac: blind ? '' : await loader.chip.readMac(loader),
    flash_bytes,
    security,
  };
}

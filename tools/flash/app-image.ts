/**
 * What an application's image says about itself. esp_image_header_t and esp_app_desc_t of ESP-IDF (esp_app_format.h,
 * esp_app_desc.h): a header of 24 bytes, one of 8 for the first segment, and there the description.
 */

/** How much has to be read to know it all. */
export const APP_HEAD_BYTES = 0x20 + 0x100;

const IMAGE_MAGIC = 0xe9;
const CHIP_ID_AT = 12;
const DESCRIPTION_AT = 0x20;
const DESCRIPTION_MAGIC = 0xabcd5432;

export interface AppDescription {
  version: string;
  project: string;
  /** When it was compiled, as the compiler says it. */
  built: string;
  idf: string;
}

/** The chip that an image is for, by esptool's number; -1 for what is no image. */
export function imageChipId(image: Uint8Array): number {
  if (image.length < DESCRIPTION_AT || image[0] !== IMAGE_MAGIC) return -1;
  return image[CHIP_ID_AT] | (image[CHIP_ID_AT + 1] << 8);
}

/** undefined where there is none */
export function readDescription(head: Uint8Array): AppDescription | undefined {
  if (head.length < APP_HEAD_BYTES || head[0] !== IMAGE_MAGIC) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (view.getUint32(DESCRIPTION_AT, true) !== DESCRIPTION_MAGIC) return undefined;
  const text = (at: number, length: number): string => {
    const from = DESCRIPTION_AT + at;
    const raw = Buffer.from(head.subarray(from, from + length))
      .toString('latin1')
      .replace(/\0.*$/s, '');
    // It is shown on a terminal, and a flash may hold anything.
    return raw.replace(/[^\x20-\x7e]/g, '?');
  };
  return {
    version: text(16, 32),
    project: text(48, 32),
    built: `${text(96, 16)} ${text(80, 16)}`.trim(),
    idf: text(112, 32),
  };
}

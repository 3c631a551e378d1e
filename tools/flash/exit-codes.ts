/** What `npm run flash` ends with, besides the codes of every command and those of serial ports. */

/** The port opens and no ROM loader answers: wrong boot mode, wrong port, no power. */
export const EXIT_NO_CONNECTION = 7;
/** The chip is not the one that the image or the board is for. */
export const EXIT_WRONG_CHIP = 8;
/** The flash is smaller than the image or the board needs. */
export const EXIT_WRONG_FLASH = 9;
/** Secure boot, flash encryption or the secure download mode forbids it. */
export const EXIT_SECURED = 10;
/** What was read back is not what was written, or `verify` found a difference. */
export const EXIT_VERIFY_FAILED = 11;

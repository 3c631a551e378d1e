/** What `npm run flash -- --help` says around the flags. */

export const INTRO = `Takes a built image to a board over its serial port, and writes only what differs.

  npm run flash                                     the image in build/, to the board that is plugged in
  npm run flash -- info                             chip, MAC, flash, security, partitions, application
  npm run flash -- verify                           compares the board with the image
  npm run flash -- read <partition> [file]          a partition into a file; - is stdout
  npm run flash -- read <address> <length> [file]   any piece of the flash
  npm run flash -- erase [partition | address length]   all of it, or a piece
  npm run flash -- merge [file]                     one image for other tools, with esp-web-tools' manifest`;

export const EPILOGUE = `
Exit codes: 0 done, and what was written is verified. 1 failed, 2 used wrongly, 3 no port, or several and none chosen,
4 the port is busy, 5 no right to open it, 6 the link was lost on the way, 7 no loader answers, 8 another chip or board,
9 the flash is too small or silent, 10 secure boot, encryption or secure download forbids it, 11 what was read back
differs, 130 interrupted. After 6, 11 and 130 run it again: it goes on where it stopped.

docs/flash.md tells what each message means, and which button to press.
`;

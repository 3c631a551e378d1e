/** Where the build puts what these tests run. */
import { fileURLToPath } from 'node:url';

const BUILD = new URL('../../../build/', import.meta.url);

export const BUNDLE = fileURLToPath(new URL('firmware/node.mjs', BUILD));
/** What runs inside XS. */
export const PROGRAMS = fileURLToPath(new URL('xs/', BUILD));

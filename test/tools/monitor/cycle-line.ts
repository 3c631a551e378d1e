/** A line of the built bundle inside `runCycle`, such as a stack from a device names. */
import { readFileSync } from 'node:fs';

const lines = readFileSync('build/firmware/node.mjs', 'utf8').split('\n');

/** Some lines into the function, from 1. */
export const CYCLE_LINE = lines.findIndex((line) => line.startsWith('function runCycle(')) + 8;

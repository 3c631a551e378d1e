/** The computer as it is. */
import { accessSync, constants, readdirSync } from 'node:fs';
import process from 'node:process';
import type { Environment } from '../cli/colour.ts';
import { runProgram } from '../cli/run-program.ts';
import type { Machine } from './finding.ts';

export function thisMachine(env: Environment): Machine {
  return {
    env,
    platform: process.platform,
    node_version: process.versions.node,
    firstLine: async (command, args) => {
      const { code, stdout, stderr } = await runProgram(command, args, { env });
      return code === 0 ? (`${stdout}${stderr}`.split('\n').find((line) => line.trim() !== '') ?? '').trim() : '';
    },
    list: (folder) => {
      try {
        return readdirSync(folder);
      } catch {
        return [];
      }
    },
    mayUse: (path) => {
      try {
        accessSync(path, constants.R_OK | constants.W_OK);
        return true;
      } catch {
        return false;
      }
    },
    isRoot: process.getuid?.() === 0,
  };
}

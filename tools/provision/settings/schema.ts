/** `tools/provision/schema.json` is the one place that says what each setting may be; an editor completes from it too. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../cli/project-root.ts';
import { compileCheck, type Schema } from '../../cli/schema.ts';

export const settingsSchema = JSON.parse(
  readFileSync(join(projectRoot(), 'tools', 'provision', 'schema.json'), 'utf8'),
) as Schema;

export const schemaProblems = compileCheck(settingsSchema);

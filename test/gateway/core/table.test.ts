/** The gateway reads the firmware's tables by numbers of its own: they must be the firmware's. */
import { expect, it } from 'vitest';
import * as gateway from '../../../gateway/core/table.ts';
import { DIFF_NONE } from '../../../firmware/fixed/diff.ts';
import { GUARD_MIN } from '../../../firmware/drift/guard.ts';
import * as table from '../../../firmware/types/table.ts';

it('are the firmware’s', () => {
  const { ROW, TAG, AGE, DIRECT_AGE, HOLDS, PACE, TRUST, COUNTED } = table;
  expect(gateway).toMatchObject({ ROW, TAG, AGE, DIRECT_AGE, HOLDS, PACE, TRUST, COUNTED, DIFF_NONE, GUARD_MIN });
});

/** What `npm run compliance` ends with besides the usual codes (tools/cli/exit-codes.ts). */

/** Nothing came from the target, so nothing is known of it. */
export const EXIT_NO_ANSWER = 3;
/** The target answered, but none of the clauses that were asked for could be observed. */
export const EXIT_NOTHING_OBSERVED = 4;

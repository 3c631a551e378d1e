/** Why no bound of a loop is in sight, and what to do about it. */
export interface Obstacle {
  why: string;
  instead: string;
}

export const COUNT: string =
  "Count with a variable that every round moves towards a constant, an argument or a table's size, " +
  'as in `while (at > 0 && values[at - 1] > value) at--`';

export const BOUND_INDEX = 'Bound the index besides, as in `first < to && values[first] < least`';

export const CALL_FIRST = 'Put what the call returns into a constant before the loop, and count up to it';

export const ONE_WAY =
  'Move it one way only; where slots leave a table, walk from its end: `for (let slot = count - 1; slot >= 0; slot--)`';

export const EVERY_WAY = 'Move it before each `continue` and in each branch, or in the head of a `for`';

export const ORDER = 'Compare with `<` or `>`';

export const START = 'Begin at 1 or above to multiply, stop at 0 to halve, and compare the counter by itself';

export const FITS = 'Keep the bound at 2^30 or less, or count the shifts: `for (let bit = 0; bit < 32; bit++)`';

/** Who can hear whom, and how often: directed links in compressed rows (the links of node i are off[i] to off[i + 1] - 1). */

export interface Links {
  readonly nodes: number;
  readonly off: Int32Array;
  readonly to: Int32Array;
  /** Share of the datagrams that arrive, 0 to 1. */
  readonly delivery: Float64Array;
}

/** @param rows for each node the [to, delivery] pairs of its links */
export function linksOf(rows: [number, number][][]): Links {
  const nodes = rows.length;
  const off = new Int32Array(nodes + 1);
  for (let i = 0; i < nodes; i++) off[i + 1] = off[i] + rows[i].length;
  const to = new Int32Array(off[nodes]);
  const delivery = new Float64Array(off[nodes]);
  for (let i = 0; i < nodes; i++) {
    rows[i].forEach(([neighbour, share], k) => {
      to[off[i] + k] = neighbour;
      delivery[off[i] + k] = share;
    });
  }
  return { nodes, off, to, delivery };
}

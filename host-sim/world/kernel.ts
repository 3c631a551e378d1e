/** The event queue of virtual time: a binary heap by time, and by order of arrival among equals, so that runs replay. */

export type Action = () => void;

export class EventQueue {
  /** Virtual milliseconds since the world began. */
  now_ms = 0;
  private readonly times: number[] = [];
  private readonly orders: number[] = [];
  private readonly actions: Action[] = [];
  private arrivals = 0;

  /** Runs `action` at a time that is not in the past. */
  at(time_ms: number, action: Action): void {
    const { times, orders, actions } = this;
    const order = this.arrivals++;
    let slot = times.length;
    while (slot > 0) {
      const parent = (slot - 1) >> 1;
      if (times[parent] <= time_ms) break;
      times[slot] = times[parent];
      orders[slot] = orders[parent];
      actions[slot] = actions[parent];
      slot = parent;
    }
    times[slot] = time_ms;
    orders[slot] = order;
    actions[slot] = action;
  }

  /** Runs everything due up to and with `until_ms`, then stands there. */
  run(until_ms: number): void {
    while (this.times.length > 0 && this.times[0] <= until_ms) {
      const action = this.actions[0];
      this.now_ms = this.times[0];
      this.removeFirst();
      action();
    }
    this.now_ms = until_ms;
  }

  private removeFirst(): void {
    const { times, orders, actions } = this;
    const time = times[times.length - 1];
    const order = orders[orders.length - 1];
    const action = actions[actions.length - 1];
    times.pop();
    orders.pop();
    actions.pop();
    const n = times.length;
    if (n === 0) return;
    let slot = 0;
    for (let child = 1; child < n; child = 2 * slot + 1) {
      if (child + 1 < n && this.isBefore(child + 1, times[child], orders[child])) child++;
      if (!this.isBefore(child, time, order)) break;
      times[slot] = times[child];
      orders[slot] = orders[child];
      actions[slot] = actions[child];
      slot = child;
    }
    times[slot] = time;
    orders[slot] = order;
    actions[slot] = action;
  }

  private isBefore(slot: number, time: number, order: number): boolean {
    return this.times[slot] < time || (this.times[slot] === time && this.orders[slot] < order);
  }
}

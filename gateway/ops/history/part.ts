/** Fills the history from snapshots, and keeps it across restarts. */
import type { GatewayConfig } from '../../config/config.ts';
import type { Part, PartContext, PartSpec } from '../../core/part.ts';

class HistoryPart implements Part {
  readonly #context: PartContext;
  #end: () => void = () => undefined;

  constructor(context: PartContext) {
    this.#context = context;
  }

  start(): Promise<void> {
    const { config, gateway } = this.#context;
    const { history } = gateway;
    history.setLimits(config.history);
    history.load();
    this.#end = gateway.onSnapshot(({ time_ms, keys }) => history.add(time_ms, keys));
    return Promise.resolve();
  }

  reload({ history }: GatewayConfig): Promise<void> {
    this.#context.gateway.history.setLimits(history);
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.#end();
    this.#context.gateway.history.save();
    return Promise.resolve();
  }
}

export const historyPart: PartSpec = {
  name: 'history',
  uses: ['history'],
  wanted: ({ history }) => history.enabled,
  create: (context) => new HistoryPart(context),
};

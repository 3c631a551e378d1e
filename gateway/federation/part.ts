/** The federation as a part of the gateway: a connection of its own, so that what listens to a thousand sensors holds nothing up. */

import { endpointName } from '../../host-sim/node-platform/address.ts';
import { Failure } from '../../tools/cli/errors.ts';
import type { GatewayConfig } from '../config/config.ts';
import { readKeys } from '../config/secrets.ts';
import type { Part, PartContext, PartSpec } from '../core/part.ts';
import { Connection } from '../mqtt/connection.ts';
import { addMetrics, connectionMetrics } from '../mqtt/metrics.ts';
import { CONNECTION, type BrokerOptions } from '../mqtt/options.ts';
import { brokerOf } from '../mqtt/part.ts';
import { logEvent, watchConnection } from '../mqtt/report.ts';
import { createMedium, MEDIUM, type FederationMedium } from './medium.ts';

const ONE = 65_536;
const BROKER_ALARM = 'federation:broker';
/** One for all sources: whoever can write to the broker can make up as many as he likes. */
const REFUSED_ALARM = 'federation:refused';
/** A little longer than the time after which the same refusal is told again. */
const REFUSED_LASTS_MS = 660_000;

function brokerOptions({ federation, mqtt }: GatewayConfig): BrokerOptions {
  const { bind, port } = mqtt.embedded;
  const broker = federation.broker ?? brokerOf(mqtt, `mqtt://${endpointName({ host: bind, port })}`);
  // The connection of `mqtt` has the same broker, and a client id is one connection's.
  return { ...broker, client_id: `${broker.client_id}-federation` };
}

/** The first one signs. */
function federationKeys({ federation }: GatewayConfig): Uint8Array[] {
  const { value, says } = readKeys([federation.key_file, federation.key_file_old]);
  if (says !== '') throw new Failure(says);
  return value;
}

class FederationPart implements Part {
  readonly #context: PartContext;
  #connection: Connection | null = null;
  #medium: FederationMedium | null = null;
  #ends: (() => void)[] = [];
  #over: NodeJS.Timeout | undefined;

  constructor(context: PartContext) {
    this.#context = context;
  }

  start(): Promise<void> {
    const { config, log, gateway } = this.#context;
    const { federation, keys, site, swarm } = config;
    const onEvent = logEvent(log);
    const connection = new Connection({ ...CONNECTION, broker: brokerOptions(config), status_topic: '', onEvent });
    this.#connection = connection;
    const medium = createMedium({
      ...MEDIUM,
      site,
      base: federation.topic,
      link: connection,
      keys: federationKeys(config),
      seal: gateway.seal,
      weight_max: federation.weight_max,
      weight_max_of: federation.weights,
      window_s: federation.window_s,
      cycle_ms: swarm.cycle_ms,
      settings: keys.map(({ name, reference }) => ({ name, reference: Math.round(reference * ONE) })),
      deliver: (view, length, source) => gateway.medium.onDatagram(view, length, source),
      onEvent: (event) => {
        onEvent(event);
        this.#raiseRefused(event.text);
      },
      timing: CONNECTION.timing,
    });
    this.#medium = medium;
    gateway.setSites(() => medium.sites());
    const { metrics } = gateway;
    this.#ends = [
      () => gateway.setSites(null),
      gateway.medium.attach(medium),
      watchConnection(() => connection.state(), gateway.alarms, BROKER_ALARM),
      connectionMetrics(metrics, 'lvs_federation_mqtt', () => connection.state()),
      addMetrics(metrics, [
        {
          name: 'lvs_federation_sites',
          help: 'Other sites that are heard',
          kind: 'gauge',
          read: () => medium.sites().length,
        },
        {
          name: 'lvs_federation_sent_total',
          help: 'Messages given to the broker',
          kind: 'counter',
          read: () => medium.facts().sent,
        },
        {
          name: 'lvs_federation_taken_total',
          help: 'Messages of other sites that the node took',
          kind: 'counter',
          read: () => medium.facts().taken,
        },
        {
          name: 'lvs_federation_refused_total',
          help: 'Messages refused, by reason; "weight" counts those taken with a lower weight',
          kind: 'counter',
          label: 'reason',
          read: () => medium.facts().refused,
        },
      ]),
    ];
    return Promise.resolve();
  }

  #raiseRefused(text: string): void {
    const { alarms } = this.#context.gateway;
    alarms.raise(REFUSED_ALARM, 'warning', text);
    clearTimeout(this.#over);
    this.#over = setTimeout(() => alarms.clear(REFUSED_ALARM), REFUSED_LASTS_MS);
  }

  async stop(): Promise<void> {
    clearTimeout(this.#over);
    this.#context.gateway.alarms.clear(REFUSED_ALARM);
    for (const end of this.#ends.splice(0)) end();
    const [medium, connection] = [this.#medium, this.#connection];
    this.#medium = this.#connection = null;
    medium?.close();
    await connection?.close();
  }
}

export const federationPart: PartSpec = {
  name: 'federation',
  uses: ['site', 'swarm', 'keys', 'federation', 'mqtt'],
  wanted: ({ federation }) => federation.enabled,
  create: (context) => new FederationPart(context),
};

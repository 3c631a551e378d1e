/** All that the demo runs, from its broker to its gateways: begins in order, and ends in the order turned round. */
import { Failure } from '../../tools/cli/errors.ts';
import type { GatewayConfig } from '../config/config.ts';
import { faultLine } from '../config/fault.ts';
import { loadConfig } from '../config/load.ts';
import type { FirmwareApi } from '../core/bundle.ts';
import { startBroker } from '../mqtt/broker.ts';
import { DemoFolder } from './folder.ts';
import { GatewayProcess } from './gateway-process.ts';
import { KEYS, SITES } from './plan.ts';
import { freeRow, freeUdpPorts } from './ports.ts';
import { configFile, FEDERATION_KEY_FILE, siteConfig, SWARM_KEY_FILE } from './site-config.ts';
import { Site } from './site.ts';
import type { DemoView } from './view.ts';
import { ZigbeeSensors } from './zigbee.ts';

export interface DemoSettings {
  api: FirmwareApi;
  /** build/bin/demo-gateway.mjs */
  program: string;
  page: boolean;
  port: number | null;
  /** Something ended that should not have. */
  onFault: (error: unknown) => void;
}

export interface DemoFacts {
  folder: string;
  broker: string;
  /** One a site; empty without the pages. */
  pages: string[];
}

const SAMPLE_MS = 1000;

function hasEnded(error: unknown): Failure {
  return new Failure(`the demo cannot go on: ${error instanceof Error ? error.message : String(error)}`);
}

export class Demo {
  readonly #settings: DemoSettings;
  readonly #sensors = new ZigbeeSensors(Math.random);
  readonly #sites: Site[] = [];
  readonly #began_ms = performance.now();
  /** How to end what runs, in the order in which it began. */
  readonly #ends: (() => Promise<void> | void)[] = [];

  constructor(settings: DemoSettings) {
    this.#settings = settings;
  }

  /** @throws Failure when something cannot begin; `stop` ends what has begun */
  async start(): Promise<DemoFacts> {
    const { page, port } = this.#settings;
    const folder = new DemoFolder();
    this.#ends.push(() => folder.remove());
    const first = page ? await freeRow(port, SITES.length) : null;
    const swarm_ports = await freeUdpPorts(SITES.length);
    const broker = await startBroker({ bind: '127.0.0.1', port: 0, user: '', password: '', onEvent: () => undefined });
    this.#ends.push(() => broker.close());
    await this.#sensors.start(broker.url);
    this.#ends.push(() => this.#sensors.stop());
    folder.writeKey(SWARM_KEY_FILE);
    folder.writeKey(FEDERATION_KEY_FILE);
    const configs = SITES.map((_, site) => {
      const page_port = first === null ? null : first + site;
      const options = { site, swarm_port: swarm_ports[site], broker_url: broker.url, page_port };
      folder.write(configFile(site), siteConfig(options));
      return this.#config(folder.path, site);
    });
    await this.#startSites(configs);
    this.#startGateways(folder.path);
    const timer = setInterval(() => this.#sample(), SAMPLE_MS);
    this.#ends.push(() => clearInterval(timer));
    const pages = first === null ? [] : SITES.map((_, site) => `http://127.0.0.1:${first + site}`);
    return { folder: folder.path, broker: broker.url, pages };
  }

  #config(folder: string, site: number): GatewayConfig {
    const { config, faults } = loadConfig(configFile(site), { cwd: folder, env: {} });
    if (config === null) throw new Error(faults.map(faultLine).join('\n'));
    return config;
  }

  async #startSites(configs: readonly GatewayConfig[]): Promise<void> {
    const { api } = this.#settings;
    const onFault = (error: unknown): void => this.#settings.onFault(hasEnded(error));
    for (const [index, config] of configs.entries()) {
      const site = new Site({ api, site: index, config, uniform: Math.random, onFault });
      this.#ends.push(() => site.stop());
      this.#sites.push(site);
      try {
        await site.start();
      } catch (error) {
        throw hasEnded(error);
      }
    }
  }

  #startGateways(folder: string): void {
    const { program, onFault } = this.#settings;
    const gateways = SITES.map(({ name }, site) => {
      const onGone = (why: string): void => onFault(new Failure(`the gateway of site ${name} is gone: ${why}`));
      return new GatewayProcess({ program, folder, file: configFile(site), onGone });
    });
    this.#ends.push(async () => {
      await Promise.all(gateways.map((gateway) => gateway.stop()));
    });
  }

  #sample(): void {
    const since_ms = performance.now() - this.#began_ms;
    for (const site of this.#sites) site.sample(since_ms);
    this.#sensors.sample(since_ms);
  }

  view(): DemoView {
    return {
      seconds: Math.round((performance.now() - this.#began_ms) / 1000),
      cycle: Math.max(...this.#sites.map(({ cycle }) => cycle)),
      keys: KEYS.map(({ name, unit }, key) => ({
        name,
        unit,
        sites: this.#sites.map((site, index) => ({
          site: SITES[index].name,
          agreed: site.agreed(key),
          readings: [...site.readings(key), this.#sensors.reading(index, key)],
        })),
      })),
    };
  }

  async stop(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) await end();
  }
}

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as table from '../../../firmware/types/table.ts';
import { DIRECT_AGE, ROW, TRUST } from '../../../host-sim/node-platform/inspect.ts';
import { RateMeter } from '../../../host-sim/node-platform/rate.ts';
import { Battery } from '../../../host-sim/node-platform/vitals/battery.ts';
import { LoadMeter } from '../../../host-sim/node-platform/vitals/load.ts';

const ONE = 65_536;

describe('what is read of the firmware', () => {
  it('stands where the firmware keeps it', () => {
    expect({ ROW, DIRECT_AGE, TRUST }).toEqual({ ROW: table.ROW, DIRECT_AGE: table.DIRECT_AGE, TRUST: table.TRUST });
  });
});

describe('bytes a minute', () => {
  it('count the last minute only', () => {
    const meter = new RateMeter();
    expect(meter.per_minute()).toBe(0);
    for (let second = 0; second <= 120; second++) meter.note(second * 1000, second < 60 ? 0 : (second - 60) * 100);
    expect(meter.per_minute()).toBe(6000);
  });
});

describe('the load', () => {
  it('is the busy share of a whole window', () => {
    let now_ms = 0;
    let times = { busy_ms: 100, all_ms: 1000 };
    const meter = new LoadMeter(
      () => now_ms,
      () => times,
    );
    expect(meter.load()).toBe(-1);
    now_ms = 4000;
    times = { busy_ms: 2100, all_ms: 9000 };
    expect(meter.load()).toBe(ONE / 4);
    now_ms = 5000;
    times = { busy_ms: 9000, all_ms: 16_000 };
    expect(meter.load()).toBe(ONE / 4);
    now_ms = 9000;
    times = { busy_ms: 2100, all_ms: 9000 };
    expect(meter.load()).toBe(-1);
  });
});

describe('the battery', () => {
  function supplies(list: Record<string, Record<string, string>>): string {
    const folder = mkdtempSync(join(tmpdir(), 'lvs-power-'));
    for (const [name, files] of Object.entries(list)) {
      mkdirSync(join(folder, name));
      for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, name, file), `${text}\n`);
    }
    return folder;
  }

  async function chargeOf(folder: string): Promise<number> {
    const battery = new Battery(folder);
    await battery.start();
    battery.stop();
    return battery.charge();
  }

  it('is the lowest of those that are being emptied', async () => {
    const folder = supplies({
      AC: { type: 'Mains', online: '0' },
      BAT0: { type: 'Battery', status: 'Discharging', capacity: '50' },
      BAT1: { type: 'Battery', status: 'Discharging', capacity: '25' },
      mouse: { type: 'Battery', scope: 'Device', status: 'Discharging', capacity: '1' },
    });
    expect(await chargeOf(folder)).toBe(ONE / 4);
  });

  it('counts as mains while it charges, and where nothing is told', async () => {
    expect(await chargeOf(supplies({ BAT0: { type: 'Battery', status: 'Charging', capacity: '5' } }))).toBe(-1);
    expect(await chargeOf(supplies({ BAT0: { type: 'Battery', status: 'Discharging' } }))).toBe(-1);
    expect(await chargeOf('/nowhere')).toBe(-1);
  });
});

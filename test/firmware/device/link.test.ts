import { describe, expect, it } from 'vitest';
import { Backoff } from '../../../firmware/device/link/backoff.ts';
import { WiFiLink, type WiFiClass } from '../../../firmware/device/link/wifi.ts';
import { VirtualTime } from './fakes.ts';

describe('Backoff', () => {
  it('doubles from one second to a minute', () => {
    const backoff = new Backoff(() => -1);
    const waits = Array.from({ length: 9 }, () => backoff.next_ms());
    for (const [i, wait_ms] of waits.entries()) {
      const full_ms = Math.min(60_000, 1000 * 2 ** i);
      expect(wait_ms).toBeGreaterThanOrEqual(0.75 * full_ms);
      expect(wait_ms).toBeLessThanOrEqual(full_ms);
    }
  });

  it('jitters by a quarter, and begins anew after a reset', () => {
    const words = [0, 0x7fffffff, 12345, -99];
    const first = words.map((word) => new Backoff(() => word).next_ms());
    expect(new Set(first).size).toBe(4);
    const backoff = new Backoff(() => 0);
    backoff.next_ms();
    const second_ms = backoff.next_ms();
    backoff.reset();
    expect(backoff.next_ms()).toBe(750);
    expect(second_ms).toBe(1500);
  });
});

interface Radio {
  notify: (message: string, reason?: number) => void;
  joins: { ssid: string; password?: string }[];
  closed: boolean;
  disconnected: boolean;
  busy: boolean;
}

function fakeWiFi(): { io: WiFiClass; radio: Radio } {
  const radio: Radio = { notify: () => undefined, joins: [], closed: false, disconnected: false, busy: false };
  class WiFi {
    constructor(_options: undefined, onNotify: Radio['notify']) {
      radio.notify = onNotify;
    }
    close(): void {
      radio.closed = true;
    }
    static connect(station: { ssid: string; password?: string }): void {
      if (radio.busy) throw new Error('esp_wifi_connect failed');
      radio.joins.push(station);
    }
    static disconnect(): void {
      radio.disconnected = true;
    }
  }
  return { io: WiFi, radio };
}

function openLink(
  password = 'secret',
  busy = false,
): { time: VirtualTime; radio: Radio; events: string[]; link: WiFiLink } {
  const time = new VirtualTime();
  const { io, radio } = fakeWiFi();
  radio.busy = busy;
  const events: string[] = [];
  const link = new WiFiLink({
    io,
    ssid: 'home',
    password,
    timers: time,
    random: () => 0,
    onUp: () => events.push('up'),
    onDown: () => events.push('down'),
    onError: (reason, retry_ms) => events.push(`${reason} ${retry_ms}`),
  });
  return { time, radio, events, link };
}

describe('WiFiLink', () => {
  it('joins at once, and is up when there is an address', () => {
    const { radio, events } = openLink();
    expect(radio.joins).toEqual([{ ssid: 'home', password: 'secret' }]);
    radio.notify('connect');
    expect(events).toEqual([]);
    radio.notify('gotIP');
    expect(events).toEqual(['up']);
  });

  it('gives no password to an open network', () => {
    expect(openLink('').radio.joins).toEqual([{ ssid: 'home' }]);
  });

  it('tries again after waiting times that grow', () => {
    const { time, radio, events } = openLink();
    radio.notify('disconnect');
    expect(events).toEqual(['not connected 750']);
    time.pass(749);
    expect(radio.joins).toHaveLength(1);
    time.pass(1);
    expect(radio.joins).toHaveLength(2);
    radio.notify('disconnect', -1);
    expect(events.at(-1)).toBe('the password was refused 1500');
  });

  it('tells once that it is down, and comes back', () => {
    const { time, radio, events } = openLink();
    radio.notify('gotIP');
    radio.notify('disconnect');
    radio.notify('disconnect');
    expect(events).toEqual(['up', 'down', 'not connected 750']);
    time.pass(750);
    radio.notify('gotIP');
    expect(events.at(-1)).toBe('up');
    radio.notify('lostIP');
    expect(events.slice(-2)).toEqual(['down', 'the address was lost 750']);
  });

  it('gives up on a join that brings no address', () => {
    const { time, radio, events } = openLink();
    radio.notify('connect');
    time.pass(20_000);
    expect(events).toEqual(['no address came 750']);
  });

  it('takes a radio that refuses as a failed try, also the first', () => {
    expect(openLink('', true).events).toEqual(['the radio is busy 750']);
    const { time, radio, events } = openLink();
    radio.notify('disconnect');
    radio.busy = true;
    time.pass(750);
    expect(events.at(-1)).toBe('the radio is busy 1500');
    radio.busy = false;
    time.pass(1500);
    expect(radio.joins).toHaveLength(2);
  });

  it('takes an address that comes late', () => {
    const { time, radio, events } = openLink();
    time.pass(20_000);
    radio.notify('gotIP');
    time.pass(60_000);
    expect(events).toEqual(['no address came 750', 'up']);
    expect(radio.joins).toHaveLength(1);
  });

  it('does nothing more after close', () => {
    const { time, radio, link } = openLink();
    radio.notify('disconnect');
    link.close();
    time.pass(600_000);
    expect(radio).toMatchObject({ closed: true, disconnected: true });
    expect(radio.joins).toHaveLength(1);
  });
});

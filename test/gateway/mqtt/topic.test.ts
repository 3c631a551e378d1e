/** Topics, filters and waits. */
import { describe, expect, it } from 'vitest';
import { BACK_OFF, waitOf } from '../../../gateway/mqtt/back-off.ts';
import { faultOf } from '../../../gateway/mqtt/fault.ts';
import { shownUrl } from '../../../gateway/mqtt/link.ts';
import { filterProblem, matches, topicLevel, topicPath } from '../../../gateway/mqtt/topic.ts';

describe('a filter', () => {
  // mqtt-v5.0, 4.7.1: the examples of the standard.
  it.each([
    ['sport/tennis/player1/#', 'sport/tennis/player1', true],
    ['sport/tennis/player1/#', 'sport/tennis/player1/score/wimbledon', true],
    ['sport/#', 'sport', true],
    ['#', 'a/b/c', true],
    ['sport/tennis/+', 'sport/tennis/player1', true],
    ['sport/tennis/+', 'sport/tennis/player1/ranking', false],
    ['sport/+', 'sport', false],
    ['sport/+', 'sport/', true],
    ['+/+', '/finance', true],
    ['/+', '/finance', true],
    ['+', '/finance', false],
    ['#', '$SYS/broker', false],
    ['+/monitor/Clients', '$SYS/monitor/Clients', false],
    ['$SYS/#', '$SYS/broker', true],
    ['a/b', 'a/b', true],
    ['a/b', 'a/B', false],
  ])('%s and the topic %s: %s', (filter, topic, fits) => {
    expect(matches(filter, topic)).toBe(fits);
  });

  it.each(['', 'sport/tennis#', 'sport/tennis/#/ranking', 'sport+', 'a\u0000b', 'x'.repeat(70_000)])(
    '"%s" is none',
    (filter) => {
      expect(filterProblem(filter)).not.toBe('');
    },
  );

  it.each(['#', 'a/#', '+', '+/tennis/#', '/', 'a//b'])('"%s" is one', (filter) => {
    expect(filterProblem(filter)).toBe('');
  });
});

describe('a name in a topic', () => {
  it('keeps its levels, and no name gives another one’s topic', () => {
    const names = ['room1/temp', 'a+b', 'a%2bb', '#', '%', '', 'a//b', 'a/%/b', 'ä', 'a\nb'];
    expect(topicPath('room1/temp')).toBe('room1/temp');
    expect(new Set(names.map(topicPath)).size).toBe(names.length);
    expect(new Set(names.map(topicLevel)).size).toBe(names.length);
    for (const name of names) {
      expect(filterProblem(topicPath(name))).toBe('');
      expect(topicPath(name)).not.toMatch(/[+#]/);
      expect(topicLevel(name)).not.toContain('/');
    }
  });
});

describe('the wait before the next try', () => {
  it('doubles up to half a minute, with half of it by chance', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 1000].map((tries) => [
      waitOf(BACK_OFF, tries, false, 0),
      waitOf(BACK_OFF, tries, false, 1),
    ]);
    expect(waits.map(([, most]) => most)).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000]);
    for (const [least, most] of waits) expect(least).toBe(most / 2);
  });

  it('is minutes where a person has to act', () => {
    expect(waitOf(BACK_OFF, 1, true, 0)).toBeGreaterThanOrEqual(150_000);
  });
});

describe('a fault', () => {
  it.each([
    [134, 'password', true],
    [4, 'password', true],
    [135, 'password', true],
    [5, 'password', true],
    [132, 'version', true],
    [138, 'forbidden', true],
    [142, 'taken-over', true],
    [137, 'busy', false],
  ])('with reason code %d is "%s"', (code, name, slow) => {
    const fault = faultOf(Object.assign(new Error('Connection refused'), { code }), 'mqtt://h:1883');
    expect(fault).toMatchObject({ code: name, slow });
    expect(fault.text).toContain('MQTT broker mqtt://h:1883: ');
  });

  it('never shows a password of the address', () => {
    expect(shownUrl('mqtt://user:secret@host:1883')).toBe('mqtt://host:1883');
    expect(shownUrl('mqtt://user:secret@ho st')).not.toContain('secret');
  });

  it('that nobody foresaw keeps its words', () => {
    expect(faultOf(new Error('strange'), 'mqtt://h').text).toContain('strange');
  });
});

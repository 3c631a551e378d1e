/** What of a snapshot is published, and when. */
import { describe, expect, it } from 'vitest';
import { Changes } from '../../../gateway/mqtt/changes.ts';
import type { Message } from '../../../gateway/mqtt/outbox.ts';
import { stateTopics } from '../../../gateway/mqtt/state-topics.ts';
import type { Alarm, Snapshot } from '../../../gateway/view.ts';
import { keyView, snapshot } from '../support/snapshot.ts';

const START_MS = 1_700_000_000_000;

function changes(least_s = 1): Changes {
  return new Changes({
    topics: stateTopics('lvs/house'),
    keys: [
      { name: 'room1/temp', resolution: 0.05 },
      { name: 'room1/humidity', resolution: 1 },
    ],
    alarm_classes: ['source'],
    least_s,
    again_s: 60,
    version: '1',
    run: 'r',
  });
}

const at = (seconds: number, over: Partial<Snapshot> = {}): Snapshot =>
  snapshot({ time_ms: START_MS + 1000 * seconds, ...over });
const withTemp = (seconds: number, agreed: number | null): Snapshot => at(seconds, { keys: [keyView({ agreed })] });
const topics = (messages: Message[]): string[] => messages.map(({ topic }) => topic.slice('lvs/house/'.length));
const bodyOf = (messages: Message[], topic: string): Record<string, unknown> =>
  JSON.parse(messages.find((message) => message.topic.endsWith(topic))?.payload.toString() ?? '{}') as Record<
    string,
    unknown
  >;

describe('a snapshot', () => {
  it('is published whole at first, retained', () => {
    const messages = changes().messages(at(0));
    expect(topics(messages).sort()).toEqual([
      'alarm/other',
      'alarm/source',
      'alarms',
      'gateway',
      'key/room1/humidity',
      'key/room1/temp',
      'peers',
      'sites',
      'sources',
    ]);
    expect(messages.every(({ retain }) => retain)).toBe(true);
    expect(bodyOf(messages, 'key/room1/temp')).toEqual({
      agreed: 21.25,
      spread: 0.04,
      own: 21.5,
      mean: 21.3,
      sensors: 8,
      unit: '°C',
      recovering: false,
      time_ms: START_MS,
    });
    expect(bodyOf(messages, 'peers')).toMatchObject({ count: 2, trust_least: 0.5 });
  });

  it('says nothing new while nothing changes, and all of it again after a minute', () => {
    const each = changes();
    const first = each.messages(at(0)).length;
    for (let second = 1; second < 60; second++)
      expect(each.messages(at(second, { cycle: second })), `${second}`).toEqual([]);
    expect(each.messages(at(60))).toHaveLength(first);
  });

  it('is not silenced by a clock that is set back', () => {
    const each = changes();
    const first = each.messages(at(0)).length;
    expect(each.messages(at(-3600))).toHaveLength(first);
  });

  it('is published anew when it is forgotten: the broker may have lost it', () => {
    const each = changes();
    const first = each.messages(at(0)).length;
    each.forget();
    expect(each.messages(at(1))).toHaveLength(first);
  });
});

describe('a key', () => {
  it('is news when it moves by its resolution, also in small steps', () => {
    const each = changes();
    each.messages(withTemp(0, 20));
    const told = [20.02, 20.04, 20.06, 20.08, 20.1, 20.12].map((agreed, i) =>
      topics(each.messages(withTemp(i + 1, agreed))),
    );
    expect(told.map(({ length }) => length)).toEqual([0, 0, 1, 0, 0, 1]);
  });

  it('is news when it comes, goes or recovers', () => {
    const each = changes();
    each.messages(withTemp(0, 20));
    expect(each.messages(withTemp(1, null))).toHaveLength(1);
    expect(each.messages(withTemp(2, null))).toHaveLength(0);
    expect(each.messages(withTemp(3, 20))).toHaveLength(1);
    expect(each.messages(at(4, { keys: [keyView({ agreed: 20, recovering: true })] }))).toHaveLength(1);
  });

  it('that jumps about is published no more often than the least time between', () => {
    const each = changes(5);
    let count = 0;
    for (let second = 0; second < 50; second++) {
      count += topics(each.messages(withTemp(second, 20 + (second % 2)))).filter(
        (topic) => topic === 'key/room1/temp',
      ).length;
    }
    expect(count).toBe(10);
  });
});

describe('an alarm', () => {
  const alarm = (id: string): Alarm => ({ id, severity: 'warning', since_ms: START_MS, text: 'silent' });

  it('is told at once as state and as event, and so is its end', () => {
    const each = changes();
    each.messages(at(0));
    const raised = each.messages(at(1, { alarms: [alarm('source:room1/temp')] }));
    expect(topics(raised)).toEqual(['alarms', 'alarm/source', 'event']);
    expect(raised[1].payload).toBe('ON');
    expect(bodyOf(raised, '/event')).toMatchObject({ event: 'r-1', what: 'raised', id: 'source:room1/temp' });
    expect(raised[2].retain).toBe(false);
    expect(each.messages(at(2, { alarms: [alarm('source:room1/temp')] }))).toEqual([]);
    const cleared = each.messages(at(3));
    expect(topics(cleared)).toEqual(['alarms', 'alarm/source', 'event']);
    expect(cleared[1].payload).toBe('OFF');
    expect(bodyOf(cleared, '/event')).toMatchObject({ event: 'r-2', what: 'cleared' });
  });

  it('of a class without a topic of its own is another problem', () => {
    const each = changes();
    each.messages(at(0));
    expect(topics(each.messages(at(1, { alarms: [alarm('clock')] })))).toEqual(['alarms', 'alarm/other', 'event']);
  });
});

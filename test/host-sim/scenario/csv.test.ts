import { describe, expect, it } from 'vitest';
import { parseLinks } from '../../../host-sim/scenario/links.ts';
import { parseReadings } from '../../../host-sim/scenario/readings.ts';
import { LINKS_CSV, READINGS_CSV, refusal } from './helpers.ts';

const readings = (...rows: string[]) => parseReadings('r.csv', ['time_s,node,key,value', ...rows].join('\n'));
const links = (...rows: string[]) => parseLinks('l.csv', ['from,to,delivery', ...rows].join('\n'));

describe('readings', () => {
  it('are a table by key, time and series', () => {
    expect(parseReadings('r.csv', READINGS_CSV)).toEqual({
      times_s: [0, 60],
      keys: ['temperature'],
      series: [
        [
          [20, 21],
          [22, 23],
        ],
      ],
    });
  });

  it('take rows in any order, several keys, and Windows line ends', () => {
    const text =
      '\uFEFFtime_s,node,key,value\r\n60,7,b,4\r\n0,3,b,1\r\n60,3,b,3\r\n0,7,b,2\r\n0,3,a,5\r\n0,7,a,6\r\n\r\n';
    const table = parseReadings('r.csv', text);
    expect(table.keys).toEqual(['b', 'a']);
    expect(table.series[0]).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('carry the last reading over a hole, and the first one back to the start', () => {
    const table = readings('0,1,t,5', '60,2,t,7', '120,1,t,6');
    expect(table.series[0]).toEqual([
      [5, 7],
      [5, 7],
      [6, 7],
    ]);
  });

  it.each([
    [['0,1,t,5', '-1,1,t,5'], 'r.csv:3: time_s is "-1"; it must be a number from 0 to 1000000000000'],
    [['0,1.5,t,5'], 'r.csv:2: node is "1.5"; it must be a whole number from 0 to 65535'],
    [['0,1,,5'], 'r.csv:2: key is ""; it must be the name of a key'],
    [['0,1,t,warm'], 'r.csv:2: value is "warm"; it must be a number from 0 to 32767'],
    [['0,1,t,'], 'r.csv:2: value is ""; it must be a number from 0 to 32767'],
    [['0,1,t,-3'], 'r.csv:2: value is "-3"; it must be a number from 0 to 32767'],
    [['0,1,t'], 'r.csv:2: has 3 columns; there must be 4 (time_s,node,key,value)'],
    [['0,1,t,5', '0,1,t,6'], 'r.csv:3: node is "1"; it must be there once for time_s 0 and key t'],
    [['0,1,t,5', '0,2,h,6'], 'r.csv: node 2 has no reading of "t"; give it at least one'],
    [[], 'r.csv: no rows below the header'],
  ])('%j', (rows, says) => expect(refusal(() => readings(...rows))).toEqual([says]));

  it('need their header', () => {
    expect(refusal(() => parseReadings('r.csv', 'time,node,value\n'))).toEqual([
      'r.csv:1: the columns are "time,node,value"; they must be "time_s,node,key,value"',
    ]);
  });

  it('tell each wrong row, and of a file full of them the first few', () => {
    expect(refusal(() => readings('0,1,t,x', '0,2,t,5', '0,3,t,y'))).toHaveLength(2);
    const many = refusal(() => readings(...Array.from({ length: 50 }, (_, i) => `0,${i},t,x`)));
    expect(many).toHaveLength(9);
    expect(many[8]).toBe('r.csv: and 42 more wrong rows');
  });
});

describe('links', () => {
  it("leave out what nobody hears, and keep the rows as the sender's", () => {
    const { nodes, delivery } = parseLinks('l.csv', LINKS_CSV);
    expect(nodes).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(delivery[0 * 8 + 1]).toBe(0.12);
    expect(delivery[1 * 8 + 0]).toBe(0.21);
    expect(delivery[0]).toBe(0);
  });

  it.each([
    [['1,2,1.5'], 'l.csv:2: delivery is "1.5"; it must be a number from 0 to 1'],
    [['1,x,0.5'], 'l.csv:2: to is "x"; it must be a whole number from 0 to 65535'],
    [['1,1,0.5'], 'l.csv:2: to is "1"; it must be another node than "from"'],
    [['1,2,0.5', '1,2,0.6'], 'l.csv:3: to is "2"; it must be there once for "from" 1'],
    [['1,2'], 'l.csv:2: has 2 columns; there must be 3 (from,to,delivery)'],
  ])('%j', (rows, says) => expect(refusal(() => links(...rows))).toEqual([says]));

  it('say when no swarm is left', () => {
    expect(refusal(() => links('1,2,0.5', '2,1,0.5'))[0]).toContain(
      'l.csv: no sensor hears more than 3 others and is heard by as many',
    );
  });
});

import { describe, expect, it } from 'vitest';
import { firstSlot, parseSize, partitionProblems, readPartitions } from '../../../tools/boards/partitions.ts';

const GOOD = `# Name, Type, SubType, Offset, Size
otadata, data, ota, 0x9000, 0x2000
ota_0, app, ota_0, 0x10000, 0x1e0000
ota_1, app, ota_1, , 1920K
nvs, data, nvs, , 64K
`;

const problems = (csv: string, flash_mb = 4): string[] => partitionProblems(readPartitions(csv), flash_mb);

describe('parseSize', () => {
  it.each([
    ['0x1000', 4096],
    ['64K', 65536],
    ['2m', 2097152],
    ['512', 512],
    ['x', NaN],
    ['', NaN],
    ['0x', NaN],
  ])('%s', (text, size) => {
    expect(parseSize(text)).toBe(size);
  });
});

describe('readPartitions', () => {
  it('places what has no offset behind what is before it, where its kind may start', () => {
    const { partitions } = readPartitions(GOOD);
    expect(partitions.map(({ name, offset }) => [name, offset])).toEqual([
      ['otadata', 0x9000],
      ['ota_0', 0x10000],
      ['ota_1', 0x1f0000],
      ['nvs', 0x3d0000],
    ]);
    expect(firstSlot(readPartitions(GOOD))?.size).toBe(0x1e0000);
  });
});

describe('partitionProblems', () => {
  it('finds nothing in a good table', () => {
    expect(problems(GOOD)).toEqual([]);
  });

  it.each<[string, string, string]>([
    [
      'too much for the flash',
      GOOD.replace('64K', '1M'),
      'nvs ends at 0x4d0000 and the flash at 0x400000; make the partitions smaller',
    ],
    [
      'one slot',
      GOOD.replace('ota_1, app, ota_1', 'ota_1, app, test'),
      'two application slots are needed, app/ota_0 and app/ota_1',
    ],
    ['slots of two sizes', GOOD.replace('1920K', '1856K'), 'ota_0 and ota_1 must be of the same size'],
    ['no otadata', GOOD.replace('data, ota,', 'data, phy,'), 'data/ota of 0x2000 is needed'],
    ['a small NVS', GOOD.replace('64K', '16K'), 'data/nvs of at least 0x5000 is needed'],
    [
      'an overlap',
      GOOD.replace('app, ota_1, ,', 'app, ota_1, 0x100000,'),
      'ota_1 starts at 0x100000, inside ota_0, which ends at 0x1f0000',
    ],
    [
      'a slot off its page',
      GOOD.replace('0x10000,', '0x11000,'),
      'ota_0 starts at 0x11000; it must be a multiple of 0x10000',
    ],
    [
      'the table overwritten',
      GOOD.replace('0x9000', '0x8000'),
      'otadata starts at 0x8000, over the partition table; start at 0x9000',
    ],
    [
      'a size that is no number of sectors',
      GOOD.replaceAll('0x1e0000', '0x1d0123'),
      'ota_0 has 0x1d0123 bytes; it must',
    ],
    ['a name twice', GOOD.replace('ota_1, app', 'ota_0, app'), 'two partitions are named ota_0; give each'],
    [
      'a name too long',
      GOOD.replace('ota_1, app', 'ota_1_of_the_attic, app'),
      'the name ota_1_of_the_attic is too long',
    ],
    [
      'an NVS of another name',
      GOOD.replace('nvs, data', 'settings, data'),
      'data/nvs is named settings; it must be nvs',
    ],
    ['nonsense', `${GOOD}what, is, this\n`, 'line 6: "what, is, this" is not name, type, subtype, offset, size'],
  ])('names %s', (_what, csv, problem) => {
    expect(problems(csv).join('\n')).toContain(problem);
  });
});

/** What becomes of bytes: lines, in words. */
import { describe, expect, it } from 'vitest';
import { LineSplitter, type SplitLine } from '../../../tools/monitor/text/line-splitter.ts';
import { monitorEvents, monitorText } from './around.ts';
import { CYCLE_LINE } from './cycle-line.ts';

function split(...pieces: (string | Uint8Array)[]): SplitLine[] {
  const splitter = new LineSplitter();
  const lines = pieces.flatMap((piece) => splitter.push(typeof piece === 'string' ? Buffer.from(piece) : piece));
  return [...lines, ...splitter.flush()];
}

const texts = (lines: readonly SplitLine[]): string[] => lines.map(({ text }) => text);

describe('bytes to lines', () => {
  it('is the same however they arrive', () => {
    const bytes = Buffer.from('grün 🟢 °C\r\nzwei\n\r\ndrei\rvier\r\n');
    const whole = texts(split(bytes));
    expect(whole).toEqual(['grün 🟢 °C', 'zwei', '', 'drei', 'vier']);
    for (let at = 1; at < bytes.length; at++) {
      expect(texts(split(bytes.subarray(0, at), bytes.subarray(at))), `cut at ${at}`).toEqual(whole);
    }
    expect(texts(split(...Array.from(bytes, (byte) => Uint8Array.of(byte))))).toEqual(whole);
  });

  it('marks what has no end', () => {
    expect(split('half a li')).toEqual([{ text: 'half a li', cut: true }]);
    expect(split('whole\n')).toEqual([{ text: 'whole', cut: false }]);
  });

  it('parts a line that a restart cut off from the greeting of the ROM', () => {
    expect(split('lvs I status cycets Jun  8 2016 00:22:57\r\n')).toEqual([
      { text: 'lvs I status cyc', cut: true },
      { text: 'ets Jun  8 2016 00:22:57', cut: false },
    ]);
    expect(split('I (42) boot: ESP-IDF v5.1ESP-ROM:esp32c6-20220919\r\n')).toHaveLength(2);
  });

  it('breaks a line that never ends, and loses nothing of it', () => {
    const endless = 'abcdefgh'.repeat(10_000);
    const lines = split(endless);
    expect(lines.length).toBeGreaterThan(1);
    expect(texts(lines).join('')).toBe(endless);
  });

  it("takes out ESP-IDF's colours", () => {
    expect(texts(split('\u001b[0;31mE (12) tag: no\u001b[0m\n'))).toEqual(['E (12) tag: no']);
  });
});

describe('a line of the node', () => {
  it('is said in words, with the names of its keys', async () => {
    const log = [
      'lvs I settings board=m5atom swarm=lvs keys=room1/temp,room1/hum cycle_ms=1000 sleep=light port=19542 to=peers',
      'lvs W recovery-entered a=1',
      'lvs W low-power-entered a=3',
      'lvs W liar-caught a=-2',
      'lvs I started a=1',
      'lvs W network-failed reason="no address came" retry_ms=2500',
      'lvs I a-name-of-tomorrow x=1 y="two words"',
    ];
    const { out } = await monitorText(`${log.join('\r\n')}\r\n`);
    expect(out).toContain('board m5atom, swarm lvs, keys room1/temp,room1/hum, a cycle every 1.0 s');
    expect(out).toContain('W recovery-entered room1/hum: its own value is not to be trusted');
    expect(out).toContain('low power, for the peers are hard to hear');
    expect(out).toContain('node fffffffe relayed');
    expect(out).toContain('runs, with 1 key\n');
    expect(out).toContain('no network: no address came; next try in 2.5 s');
    expect(out).toContain('I a-name-of-tomorrow x=1 y="two words"');
  });

  it('has its values under each other', async () => {
    const { out } = await monitorText(
      'lvs I status cycle=60 peers=7 low=0 a=61.5312 b=none\n'.repeat(2) +
        'lvs I status cycle=12060 peers=17 low=1 a=9.5000 b=1.0000\n' +
        'lvs I status cycle=12120 peers=7 low=0 a=61.5312 b=1.0000\n',
    );
    const [, , wide, last] = out.trim().split('\n');
    expect(wide).toBe('I status          cycle 12,060   peers 17   power  low   a  9.5000   b 1.0000');
    expect(last).toBe('I status          cycle 12,120   peers  7   power full   a 61.5312   b 1.0000');
  });

  it('is an event with its fields as JSON', async () => {
    const [event] = await monitorEvents('lvs W network-failed reason="no address came" retry_ms=2500\n');
    expect(event).toMatchObject({
      type: 'line',
      level: 'W',
      speaker: 'node',
      name: 'network-failed',
      fields: { reason: 'no address came', retry_ms: '2500' },
      raw: 'lvs W network-failed reason="no address came" retry_ms=2500',
      time: '2026-01-02T03:04:05.006Z',
    });
  });

  it('survives names that every object has', async () => {
    const { out, code } = await monitorText(
      'lvs I constructor toString=1\nlvs I boot reset=constructor\nlvs I status __proto__=3\n',
    );
    expect(code).toBe(0);
    expect(out).toContain('before: constructor');
  });
});

describe('other lines', () => {
  it('are understood with a little noise before them, as a port gives when it starts', async () => {
    const { out } = await monitorText([Buffer.from([0xff, 0x00, 0x05, 0xc3]), Buffer.from('lvs I network-up\r\n')]);
    expect(out).toBe('I network-up      the network is there\n');
  });

  it('are told apart by who says them', async () => {
    const events = await monitorEvents('I (29) boot: ESP-IDF v6.0\nW (14:05:09.123) wifi: odd\nentry 0x40080400\n');
    expect(events.map(({ speaker, level, name, text }) => [speaker, level, name, text])).toEqual([
      ['idf', 'I', 'boot', 'ESP-IDF v6.0'],
      ['idf', 'W', 'wifi', 'odd'],
      ['chip', '', '', 'entry 0x40080400'],
    ]);
  });

  it('of a panic are errors until the chip restarts', async () => {
    const log = "before\nGuru Meditation Error: Core  0 panic'ed (Cache error).\nPC      : 0x1\nRebooting...\nafter\n";
    const lines = (await monitorEvents(log)).filter(({ type }) => type === 'line');
    expect(lines.map(({ level }) => level)).toEqual(['', 'E', 'E', 'E', '']);
  });

  it('cannot drive the terminal', async () => {
    const { out } = await monitorText(
      'title \u001b]0;owned\u0007 and a \u0008 bell, all of it long enough to be read as text\n',
    );
    expect(out).toBe('title ·]0;owned· and a · bell, all of it long enough to be read as text\n');
  });

  it('of a debug build are read out of the XML for its debugger', async () => {
    const log = [
      '<?xs.3FFC1234?>\r\n<xsbug><log>lvs I network-up&#10;</log></xsbug>\r\n',
      `<?xs.3FFC1234?>\r\n<xsbug><frames><frame name="runCycle" value="@3FFC0000" path="/b/node.mjs" line="${CYCLE_LINE}"/></frames>`,
      `<local name="x"></local><break path="/b/node.mjs" line="${CYCLE_LINE}"># Break: a &lt; b!&#10;</break></xsbug>\r\n`,
    ];
    const events = await monitorEvents(log.join(''));
    expect(events.find(({ name }) => name === 'network-up')).toMatchObject({ speaker: 'node', level: 'I' });
    expect(events.find(({ type }) => type === 'frame')).toMatchObject({
      function: 'runCycle',
      file: 'firmware/runtime/cycle.ts',
    });
    expect(events.find(({ text }) => String(text).includes('# Break: a < b!'))).toMatchObject({ speaker: 'xs' });
  });
});

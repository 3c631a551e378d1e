/** Programs that must be there: Node.js, npm, Python, a compiler. */
import { type Finding, type Machine, ok } from './finding.ts';

const NODE_WANTED = [20, 19];
/** ESP-IDF 6 refuses older ones (tools/python_version_checker.py). */
const PYTHON_WANTED = [3, 10];

function numbersIn(text: string): number[] {
  return (/\d+(\.\d+)*/.exec(text)?.[0] ?? '').split('.').map(Number);
}

function atLeast(text: string, [major, minor]: readonly number[]): boolean {
  const [itsMajor = 0, itsMinor = 0] = numbersIn(text);
  return itsMajor > major || (itsMajor === major && itsMinor >= minor);
}

export function lookAtNode({ node_version }: Machine): Finding {
  const wanted = NODE_WANTED.join('.');
  if (atLeast(node_version, NODE_WANTED)) return ok('Node.js', 'everything', node_version);
  const mend = `install Node.js ${wanted} or newer from https://nodejs.org or with your version manager`;
  return {
    name: 'Node.js',
    state: 'wrong',
    found: `${node_version}, older than ${wanted}`,
    mend,
    needed_for: 'everything',
  };
}

export async function lookAtNpm({ firstLine }: Machine): Promise<Finding> {
  const version = await firstLine('npm', ['--version']);
  if (version !== '') return ok('npm', 'everything', version);
  const mend = 'npm comes with Node.js; put it on your PATH, or install Node.js again';
  return { name: 'npm', state: 'missing', found: 'not on the PATH', mend, needed_for: 'everything' };
}

export async function lookAtPython({ firstLine, platform }: Machine): Promise<Finding> {
  const version = (await firstLine('python3', ['--version'])) || (await firstLine('python', ['--version']));
  const wanted = PYTHON_WANTED.join('.');
  if (atLeast(version, PYTHON_WANTED)) return ok('Python', 'boards', version);
  const how = platform === 'linux' ? 'with `apt install python3 python3-venv` or the like' : 'from https://python.org';
  const found = version === '' ? 'not on the PATH' : `${version}, older than ${wanted}`;
  const mend = `ESP-IDF runs on Python ${wanted} or newer; install it ${how}`;
  return { name: 'Python', state: version === '' ? 'missing' : 'wrong', found, mend, needed_for: 'boards' };
}

export async function lookAtCompiler({ firstLine, platform, env }: Machine): Promise<Finding> {
  const compiler = await firstLine(env.CC ?? 'cc', ['--version']);
  const make = await firstLine('make', ['--version']);
  if (compiler !== '' && make !== '') return ok('compiler', 'boards', `${compiler}; ${make}`);
  const how =
    platform === 'darwin'
      ? 'install both with `xcode-select --install`'
      : platform === 'win32'
        ? 'install Visual Studio with "Desktop development with C++"'
        : 'install both with `apt install gcc make` or the like';
  const lacks = [...(compiler === '' ? ['a C compiler'] : []), ...(make === '' ? ['make'] : [])].join(', ');
  return { name: 'compiler', state: 'missing', found: `not on the PATH: ${lacks}`, mend: how, needed_for: 'boards' };
}

export async function lookAtGlib({ firstLine, platform }: Machine): Promise<Finding | null> {
  if (platform !== 'linux') return null;
  const version = await firstLine('pkg-config', ['--modversion', 'gio-2.0']);
  if (version !== '') return ok('GLib', 'linux-simulator', version);
  const mend = 'install it with `apt install libglib2.0-dev pkg-config` or the like';
  return {
    name: 'GLib',
    state: 'missing',
    found: 'pkg-config does not find gio-2.0',
    mend,
    needed_for: 'linux-simulator',
  };
}

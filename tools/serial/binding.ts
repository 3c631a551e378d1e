/**
 * The operating system's serial ports, behind the interface that serialport gives them. Everything above takes the
 * binding as an argument, so that tests put a model in its place.
 */
import type {
  BindingInterface,
  BindingPortInterface,
  OpenOptions,
  PortInfo,
  SetOptions,
} from '@serialport/bindings-interface' with { 'resolution-mode': 'require' };
import { Failure } from '../cli/errors.ts';

export type SerialBinding = BindingInterface;
export type { BindingPortInterface, OpenOptions, PortInfo, SetOptions };

/**
 * The binding of this computer. Loaded only when it is needed: it is native code, and a computer without it can still
 * show help and merge images.
 *
 * @throws Failure where there is no native code for this computer
 */
export async function realBinding(): Promise<SerialBinding> {
  try {
    const { autoDetect } = await import('@serialport/bindings-cpp');
    return autoDetect();
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new Failure(
      `the serial driver of Node.js does not load: ${why}; run \`npm rebuild @serialport/bindings-cpp\` (it needs a C++ ` +
        `compiler where there is no ready one for ${process.platform}-${process.arch})`,
    );
  }
}

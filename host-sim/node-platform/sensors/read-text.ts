/** The beginning of a file, for readings: what grows without end, or is no reading at all, fills no memory. */
import { open } from 'node:fs/promises';

export async function readText(path: string, most_bytes: number): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(most_bytes), 0, most_bytes);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

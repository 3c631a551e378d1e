/** One question to a time server by the SDK's `sntp`, which repeats it a few times by itself. */

import SNTP from 'sntp';

export function askTime(host: string, onTime: (seconds: number) => void): void {
  new SNTP({ host }, (message, value) => {
    if (message === SNTP.time && value !== undefined) onTime(value);
    else if (message === SNTP.error) onTime(-1);
  });
}

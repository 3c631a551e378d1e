/** Small values kept in flash, by domain and name: NVS on an ESP32, a file on a computer. */

export interface Preferences {
  get(domain: string, name: string): unknown;
  set(domain: string, name: string, value: string | number | boolean | ArrayBuffer): void;
}

/** Settings, written by the provisioning tool. */
export const DOMAIN_SETTINGS = 'lvs';
/** The node's state, in two slots. */
export const DOMAIN_STATE = 'lvs-state';
/** Why the last run ended. */
export const DOMAIN_CRASH = 'lvs-crash';

/** A place inside a JSON value, such as `keys[0].floor`. */

export type Path = readonly (string | number)[];

/** `keys[0].floor` */
export function pathName(path: Path): string {
  return path.map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i > 0 ? '.' : ''}${step}`)).join('');
}

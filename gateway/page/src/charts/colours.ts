/** The style sheet's colours, for what is drawn on a canvas. */

export interface Colours {
  text: string;
  muted: string;
  grid: string;
  agreed: string;
  agreedFill: string;
  own: string;
  spread: string;
  spreadFill: string;
  whatIf: string;
}

export function readColours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    text: read('--text'),
    muted: read('--muted'),
    grid: read('--grid'),
    agreed: read('--accent'),
    agreedFill: read('--accent-soft'),
    own: read('--own'),
    spread: read('--spread'),
    spreadFill: read('--spread-soft'),
    whatIf: read('--what-if'),
  };
}

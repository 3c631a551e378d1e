/** Light, dark, or as the system says; the choice stays in this browser. */
import { setAttribute, svg } from './dom.ts';

type Theme = 'auto' | 'light' | 'dark';

const NEXT: Readonly<Record<Theme, Theme>> = { auto: 'light', light: 'dark', dark: 'auto' };
const WORDS: Readonly<Record<Theme, string>> = { auto: 'as the system', light: 'light', dark: 'dark' };
const SHAPES: Readonly<Record<Theme, string>> = {
  auto: 'M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18zM12 3v18M12 7h6.5M12 12h9M12 17h6.5',
  light:
    'M12 8a4 4 0 1 0 0 8a4 4 0 0 0 0-8zM12 2v2.5M12 19.500v2.500M2 12h2.500M19.5 12h2.500M5 5l1.7 1.700M17.3 17.300l1.7 1.700M5 19l1.7-1.700M17.3 6.700l1.7-1.7',
  dark: 'M20 14.500A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.500z',
};

function current(): Theme {
  const theme = document.documentElement.dataset.theme;
  return theme === 'light' || theme === 'dark' ? theme : 'auto';
}

function keep(theme: Theme): void {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem('theme', theme);
  } catch {
    // Storage is switched off: the choice lasts as long as the page.
  }
}

/** @param changed draws again what does not take its colours from the style sheet */
export function themeButton(button: HTMLElement, changed: () => void): void {
  const path = svg('path', { fill: 'none', stroke: 'currentColor', 'stroke-width': '1.8', 'stroke-linecap': 'round' });
  button.append(svg('svg', { viewBox: '0 0 24 24', width: '20', height: '20', 'aria-hidden': 'true' }, path));
  const show = (): void => {
    const theme = current();
    setAttribute(path, 'd', SHAPES[theme]);
    const text = `Colours: ${WORDS[theme]}. Change to ${WORDS[NEXT[theme]]}`;
    setAttribute(button, 'aria-label', text);
    setAttribute(button, 'title', text);
  };
  button.addEventListener('click', () => {
    keep(NEXT[current()]);
    show();
    changed();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
  show();
}

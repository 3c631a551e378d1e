/** A panel's title, and a line below it that says in words what the panel shows. */
import { byId, html } from '../dom.ts';

export interface Panel {
  element: HTMLElement;
  title: HTMLElement;
  note: HTMLElement;
}

/** @param id of the section in index.html, whose label is `id`-title */
export function panel(id: string, title: string): Panel {
  const heading = html('h2', { id: `${id}-title` }, title);
  const note = html('p', { class: 'note' });
  const element = byId(id);
  element.append(html('div', { class: 'panel-head' }, heading), note);
  return { element, title: heading, note };
}

/** A table that stands behind a picture, for who cannot see it or wants the figures. */
export function details(summary: string, content: HTMLElement): HTMLDetailsElement {
  return html('details', {}, html('summary', {}, summary), content);
}

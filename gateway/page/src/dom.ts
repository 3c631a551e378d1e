/** Makes and keeps elements. Text goes in as text, never as markup: names come from a configuration and from a network. */

type Child = Node | string;
type Attributes = Readonly<Record<string, string>>;

function filled<Kind extends Element>(element: Kind, attributes: Attributes, children: readonly Child[]): Kind {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export function html<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  return filled(document.createElement(tag), attributes, children);
}

export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[Tag] {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element "${id}"`);
  return found;
}

/** Writes only what is new: a screen reader and a selection keep their place. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function setAttribute(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

export interface Row<Item> {
  element: Element;
  update: (item: Item) => void;
}

/** Keeps one row for each item, in their order. A row lives as long as its name does, and the focus in it with it. */
export class Rows<Item> {
  readonly #parent: Element;
  readonly #nameOf: (item: Item) => string;
  readonly #make: (item: Item) => Row<Item>;
  readonly #rows = new Map<string, Row<Item>>();

  constructor(parent: Element, nameOf: (item: Item) => string, make: (item: Item) => Row<Item>) {
    this.#parent = parent;
    this.#nameOf = nameOf;
    this.#make = make;
  }

  show(items: readonly Item[]): void {
    const names = new Set(items.map(this.#nameOf));
    for (const [name, row] of this.#rows) {
      if (names.has(name)) continue;
      row.element.remove();
      this.#rows.delete(name);
    }
    items.forEach((item, i) => {
      const name = this.#nameOf(item);
      let row = this.#rows.get(name);
      if (row === undefined) {
        row = this.#make(item);
        this.#rows.set(name, row);
      }
      const there = this.#parent.children.item(i);
      if (there !== row.element) this.#parent.insertBefore(row.element, there);
      row.update(item);
    });
  }
}

/** A row of a table with a cell for each text; the first heads the row. */
export function tableRow<Item>(item: Item, columns: readonly ((item: Item) => string)[]): Row<Item> {
  const cells = columns.map((column, i) => ({ column, cell: i === 0 ? html('th', { scope: 'row' }) : html('td') }));
  const update = (now: Item): void => {
    for (const { column, cell } of cells) setText(cell, column(now));
  };
  update(item);
  return { element: html('tr', {}, ...cells.map(({ cell }) => cell)), update };
}

export function table(caption: string, heads: readonly string[]): { element: HTMLElement; body: HTMLElement } {
  const body = html('tbody');
  const head = html('tr', {}, ...heads.map((text) => html('th', { scope: 'col' }, text)));
  const element = html('table', {}, html('caption', { class: 'hidden' }, caption), html('thead', {}, head), body);
  return {
    element: html(
      'div',
      { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': `Table: ${caption}` },
      element,
    ),
    body,
  };
}

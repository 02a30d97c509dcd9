// Makes elements. The only place where the viewer does: whatever it is given becomes text, never markup, and
// attributes that run code or reach the network are refused.

import { shownText } from './shown-text.ts';

/** What an element can hold. Nothing stands for `undefined`, `false` and `null`. */
export type Child = Node | string | number | undefined | null | false;

/** Attributes; one that is `undefined` or `false` is left out, `true` is empty. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

const SVG = 'http://www.w3.org/2000/svg';

/** Makes an element of HTML. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  fill(made, attributes, children);
  return made;
}

/** Makes an element of SVG. */
export function svgElement<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[Name] {
  const made = document.createElementNS(SVG, name);
  fill(made, attributes, children);
  return made;
}

/** Puts children into an element, in place of those that it has. */
export function replaceChildren(parent: Element, ...children: readonly Child[]): void {
  parent.replaceChildren(...nodesOf(children));
}

/**
 * Sets or removes an attribute.
 *
 * @throws {Error} For one through which text could run or reach the network.
 */
export function setAttribute(target: Element, name: string, value: Attributes[string]): void {
  if (value === undefined || value === false) {
    target.removeAttribute(name);
    return;
  }
  const text = value === true ? '' : shownText(String(value));
  const isLink = name === 'href' || name.endsWith(':href') || name === 'src' || name === 'action';
  if (/^on/i.test(name) || name === 'style' || name === 'srcdoc' || (isLink && !text.startsWith('#'))) {
    throw new Error(`The attribute ${name}="${text}" is not for this page.`);
  }
  target.setAttribute(name, text);
}

function fill(made: Element, attributes: Attributes, children: readonly Child[]): void {
  for (const name of Object.keys(attributes)) setAttribute(made, name, attributes[name]);
  made.append(...nodesOf(children));
}

function nodesOf(children: readonly Child[]): Node[] {
  return children.flatMap((child) => {
    if (child === undefined || child === null || child === false) return [];
    return [child instanceof Node ? child : document.createTextNode(shownText(String(child)))];
  });
}

// The rule for code of the report page: nothing in it can turn text into markup or into a program.

import { Visitor } from 'oxc-parser';
import { findingAt, parse } from './rules.ts';
import type { Finding, SourceFile } from './rules.ts';

/** Properties and functions through which text becomes markup, a program or a request. */
const FORBIDDEN = new Set([
  'innerHTML',
  'outerHTML',
  'insertAdjacentHTML',
  'setHTML',
  'setHTMLUnsafe',
  'parseHTMLUnsafe',
  'parseFromString',
  'createContextualFragment',
  'srcdoc',
  'write',
  'writeln',
  'eval',
  'Function',
  'execCommand',
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
  'EventSource',
  'sendBeacon',
  'importScripts',
]);

/** What only element.ts may do, where it is looked at. */
const MAKING = new Set(['createElement', 'createElementNS', 'setAttribute', 'setAttributeNS']);

/** Code of the page makes elements by `element.ts` alone, and never from text. */
export function textOnly(file: SourceFile): Finding[] {
  const findings: Finding[] = [];
  const maker = file.path.endsWith('/viewer/element.ts');
  const check = (name: unknown, start: number): void => {
    if (typeof name !== 'string') return;
    if (FORBIDDEN.has(name)) findings.push(findingAt(file, start, `uses ${name}`));
    else if (MAKING.has(name) && !maker) {
      findings.push(findingAt(file, start, `uses ${name}, which is for element.ts alone`));
    }
  };
  new Visitor({
    MemberExpression({ property, computed, start }) {
      if (!computed && property.type === 'Identifier') check(property.name, start);
      else if (computed && property.type === 'Literal') check(property.value, start);
    },
    CallExpression({ callee, start }) {
      if (callee.type === 'Identifier' && callee.name !== 'setAttribute') check(callee.name, start);
    },
    NewExpression({ callee, start }) {
      if (callee.type === 'Identifier') check(callee.name, start);
    },
    ImportExpression: ({ start }) => void findings.push(findingAt(file, start, 'loads a module later')),
  }).visit(parse(file).program);
  return findings;
}

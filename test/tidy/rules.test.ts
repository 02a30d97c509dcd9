// Every tidy rule rejects what it is there to reject, and accepts what it should.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { textOnly } from './browser-code.ts';
import { layering } from './layers.ts';
import {
  barrels,
  defaultExports,
  erasableSyntax,
  fileLength,
  fileName,
  leftOutTests,
  lineLength,
  notesForLater,
  openingComment,
  ownPackage,
} from './rules.ts';
import type { Finding, SourceFile } from './rules.ts';

interface Case {
  name: string;
  rule: (file: SourceFile) => Finding[];
  good: readonly (string | SourceFile)[];
  bad: readonly (string | SourceFile)[];
}

const at = (path: string, text = ''): SourceFile => ({ path, text });
const lines = (count: number): string => 'let x;\n'.repeat(count);
const engine = (text: string): SourceFile => at('src/engine/engine.ts', text);
const report = (text: string): SourceFile => at('src/report/text.ts', text);

const cases: Case[] = [
  {
    name: 'fileLength',
    rule: fileLength,
    good: [lines(400), at('src/a/unicode-table.ts', lines(900))],
    bad: [lines(401)],
  },
  {
    name: 'lineLength',
    rule: lineLength,
    good: [`// ${'x'.repeat(107)}`, `// https://example.org/${'x'.repeat(200)}`],
    bad: [`// ${'x'.repeat(108)}`, `const url = 'https://example.org/${'x'.repeat(100)}';`],
  },
  {
    name: 'fileName',
    rule: fileName,
    good: [at('src/engine/event-queue.ts'), at('test/engine/event-queue.test.ts'), at('a/pct3.sim.ts')],
    bad: [
      at('src/engine/eventQueue.ts'),
      at('src/engine/event_queue.ts'),
      at('src/Engine/a.ts'),
      at('src/engine/utils.ts'),
      at('src/common/event.ts'),
      at('src/host/host-manager.ts'),
      at('test/helpers.test.ts'),
    ],
  },
  {
    name: 'defaultExports',
    rule: defaultExports,
    good: ['export const a = 1;', 'export { a } from "./a.ts";'],
    bad: ['export default 1;', 'const a = 1;\nexport { a as default };', 'export { default } from "./a.ts";'],
  },
  {
    name: 'erasableSyntax',
    rule: erasableSyntax,
    good: ['declare global { var a: number }', 'declare module "x" { const a: number; }', 'type A = "enum";'],
    bad: ['enum A { B }', 'const enum A { B }', 'namespace A { export const b = 1; }', '@a class B {}'],
  },
  {
    name: 'openingComment',
    rule: openingComment,
    good: [
      '// What it owns.\n\nlet a;',
      '#!/usr/bin/env node\n// One.\n// Two.\n// Three.\n// Four.\n\nlet a;',
      '/**\n * What it owns,\n * and what it does not.\n */\nlet a;',
      '// One.\n// Two.\n\n// Three.\n// Four.\n// Five.\nlet a;',
    ],
    bad: [
      'let a;\n// Late.',
      '',
      '//\nlet a;',
      '// 1\n// 2\n// 3\n// 4\n// 5\nlet a;',
      '/*\n1\n2\n3\n4\n5\n*/\nlet a;',
    ],
  },
  {
    name: 'notesForLater',
    rule: notesForLater,
    good: ['const a = "TODO";', '// todo lists are what the example is about'],
    bad: ['// TODO: later', '/* FIXME */', 'let a; // XXX'],
  },
  {
    name: 'barrels',
    rule: (file) => barrels(file, ['src/index.ts']),
    good: [
      at('src/index.ts', 'export { a } from "./a.ts";'),
      'export { a } from "./a.ts";\nexport const b = 1;',
    ],
    bad: ['export { a } from "./a.ts";', 'export * from "./a.ts";\nexport type { B } from "./b.ts";'],
  },
  {
    name: 'ownPackage',
    rule: ownPackage,
    good: ['import { a } from "./a.ts";', 'import a from "wavetank-other";'],
    bad: ['import { a } from "wavetank";', 'export { a } from "wavetank/markers";'],
  },
  {
    name: 'leftOutTests',
    rule: leftOutTests,
    good: [
      'test("a", () => {});',
      'test("a", { skip: "the reason" }, () => {});',
      'test("a", { skip: isWindows && "not on Windows" }, () => {});',
      't.skip("the reason");',
      'queue.skip();',
      'fc.option(a, { only: true });',
    ],
    bad: [
      'test.only("a", () => {});',
      'describe.skip("a", () => {});',
      'it.todo("a");',
      't.skip();',
      'test("a", { skip: true }, () => {});',
      'suite("a", { only: true }, () => {});',
    ],
  },
  {
    name: 'textOnly',
    rule: textOnly,
    good: [
      'made.textContent = text;',
      'made.append(element("p", {}, text));',
      'setAttribute(made, "title", text);',
      at('src/report/page/viewer/element.ts', 'document.createElement(name);'),
    ],
    bad: [
      'made.innerHTML = text;',
      'made["outerHTML"] = text;',
      'made.insertAdjacentHTML("beforeend", text);',
      'document.write(text);',
      'eval(text);',
      'globalThis.eval(text);',
      'new Function(text)();',
      'new DOMParser().parseFromString(text, "text/html");',
      'fetch(text);',
      'new WebSocket(text);',
      'import(text);',
      'document.createElement(name);',
      'made.setAttribute(name, text);',
    ],
  },
  {
    name: 'layering',
    rule: layering,
    good: [
      engine('import { a } from "./event.ts";\nimport { b } from "../time/duration.ts";'),
      engine('import { WavetankError } from "../errors.ts";\nimport fc from "fast-check";'),
      report('import type { Verdict } from "../checkers/verdict.ts";'),
      report('import { type Verdict } from "../checkers/verdict.ts";'),
      report('export type { Verdict } from "../checkers/verdict.ts";'),
      at('src/index.ts', 'export { explore } from "./explore/explore.ts";'),
      at('src/errors.ts', 'import type { Result } from "./scenario/result.ts";'),
    ],
    bad: [
      engine('import { a } from "../host/host.ts";'),
      engine('import type { A } from "../host/host.ts";'),
      engine('export * from "../host/host.ts";'),
      engine('const a = await import("../host/host.ts");'),
      engine('let a: import("../host/host.ts").A;'),
      engine('import { a } from "../index.ts";'),
      engine('import { a } from "../../test/runner.ts";'),
      report('import { a } from "../checkers/verdict.ts";'),
      report('import { a, type B } from "../checkers/verdict.ts";'),
      report('import "../checkers/verdict.ts";'),
      at('src/errors.ts', 'import { a } from "./scenario/result.ts";'),
      at('src/other.ts', ''),
      at('src/sundries/a.ts', ''),
    ],
  },
];

for (const { name, rule, good, bad } of cases) {
  describe(`tidy rule ${name}`, () => {
    const file = (given: string | SourceFile): SourceFile =>
      typeof given === 'string' ? at('src/a/b.ts', given) : given;
    const title = ({ path, text }: SourceFile): string => JSON.stringify(text.slice(0, 60) || path);

    for (const given of good.map(file)) {
      test(`accepts ${title(given)}`, () => assert.deepEqual(rule(given), []));
    }
    for (const given of bad.map(file)) {
      test(`rejects ${title(given)}`, () => {
        const findings = rule(given);
        assert.equal(findings.length, 1, findings.join('\n'));
        assert.ok(findings[0]?.startsWith(`${given.path}:`), findings[0]);
      });
    }
  });
}

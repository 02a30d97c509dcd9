// Finds every import of a file, whatever its form, and which folder of src/ each one reaches.

import { posix } from 'node:path';
import { Visitor, parseSync } from 'oxc-parser';

/** One import, re-export, `import()` or `import('...')` type. */
export interface Import {
  specifier: string;
  typesOnly: boolean;
  start: number;
}

/** All imports of a file, in the order in which they stand there. */
export function importsOf(file: { path: string; text: string }): Import[] {
  const found: Import[] = [];
  const add = (specifier: unknown, typesOnly: boolean, start: number): void => {
    if (typeof specifier === 'string') found.push({ specifier, typesOnly, start });
  };
  new Visitor({
    ImportDeclaration: ({ source, importKind, specifiers, start }) => {
      const eachIsType = specifiers.every(
        (one) => one.type === 'ImportSpecifier' && one.importKind === 'type',
      );
      add(source.value, importKind === 'type' || (specifiers.length > 0 && eachIsType), start);
    },
    ExportNamedDeclaration: ({ source, exportKind, specifiers, start }) => {
      const eachIsType = specifiers.every((one) => one.exportKind === 'type');
      add(source?.value, exportKind === 'type' || (specifiers.length > 0 && eachIsType), start);
    },
    ExportAllDeclaration: ({ source, exportKind, start }) => add(source.value, exportKind === 'type', start),
    ImportExpression: ({ source, start }) => {
      add(source.type === 'Literal' ? source.value : undefined, false, start);
    },
    TSImportType: ({ source, start }) => add(source.value, true, start),
  }).visit(parseSync(file.path, file.text, { lang: 'ts', sourceType: 'module' }).program);
  return found;
}

/** The path that an import by path reaches, from the root of the repository; nothing for a package. */
export function reached(from: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : undefined;
}

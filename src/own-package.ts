// Where this package is. Its code asks here and not by a path of its own, which is another one once the build
// has joined files.

/** The folder of its code, `src` in a checkout and `dist` in a package, and how files of code end there. */
function ownCode(): { readonly folder: string; readonly extension: string } {
  const [, folder = './', extension = ''] = /^(.*\/(?:src|dist)\/).*(\.\w+)$/.exec(import.meta.url) ?? [];
  return { folder: new URL(folder, import.meta.url).href, extension };
}

/** The folder of its code, with a slash at the end. */
export function ownFolder(): URL {
  return new URL(ownCode().folder);
}

/** A file of the package, by its path from the folder that `package.json` is in. */
export function ownFile(path: string): URL {
  return new URL(`../${path}`, ownCode().folder);
}

/** An entry point of the command line, by its path in the folder of the code, without its ending. */
export function ownEntry(path: string): URL {
  const { folder, extension } = ownCode();
  return new URL(`${path}${extension}`, folder);
}

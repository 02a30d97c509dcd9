// What an entry of a folder is, in the numbers of libuv: `fs.constants` has them, the types do not.

import type { EntryKind } from '../../storage/project-files.ts';

/** `UV_DIRENT_FILE`, `UV_DIRENT_DIR` and `UV_DIRENT_LINK`. */
export const KIND_CODES: Readonly<Record<EntryKind, number>> = { file: 1, folder: 2, link: 3 };

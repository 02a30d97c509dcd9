// The errors of `fs.cp`, which Node.js makes in a class of its own.

import os from 'node:os';

const CAUSES = {
  ERR_FS_CP_DIR_TO_NON_DIR: ['Cannot overwrite non-directory with directory', 'EISDIR'],
  ERR_FS_CP_EEXIST: ['Target already exists', 'EEXIST'],
  ERR_FS_CP_EINVAL: ['Invalid src or dest', 'EINVAL'],
  ERR_FS_CP_NON_DIR_TO_DIR: ['Cannot overwrite directory with non-directory', 'ENOTDIR'],
  ERR_FS_EISDIR: ['Path is a directory', 'EISDIR'],
} as const;

/** Makes one, in the shape of Node.js' `SystemError`. */
export function copyError(code: keyof typeof CAUSES, message: string, at: string): Error {
  const [what, cause] = CAUSES[code];
  const errno = os.constants.errno[cause];
  const error = new Error(`${what}: cp returned ${cause} (${message}) ${at}`);
  Object.defineProperty(error, 'name', { value: 'SystemError', configurable: true, writable: true });
  const info = { message, path: at, syscall: 'cp', errno, code: cause };
  return Object.assign(error, { code, info, errno, syscall: 'cp', path: at });
}

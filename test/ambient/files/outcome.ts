// What a program sees of an error, in plain data.

/** The shape of an error: what a program may test for. */
export function shownError(error: unknown): unknown {
  const { name, message, code, errno, syscall, path, dest, constructor } = error as NodeJS.ErrnoException & {
    dest?: string;
  };
  // Their order differs between versions, and between the ways in which Node.js makes its errors.
  const keys = Object.keys(error as object).toSorted();
  // The errors of `fs.cp` are of an internal class, which is named differently by each version.
  const className = name === 'SystemError' ? name : constructor.name;
  return { className, name, message, code, errno, syscall, path, dest, keys };
}

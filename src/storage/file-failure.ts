// Why an operation on a simulated disk failed, by the code that the operating system would give. What a
// program sees of it, the error of Node.js, is made where the program calls.

/** An operation that a disk refuses. */
export class FileFailure extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** The code of an error that a disk or the file system underneath threw; undefined for any other error. */
export function failureCode(error: unknown): string | undefined {
  const code: unknown = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

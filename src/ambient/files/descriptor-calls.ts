// The functions of the binding below node:fs that take file descriptors, and those that open.

import { FileFailure } from '../../storage/file-failure.ts';
import type { OpenFiles, Span } from '../../storage/open-files.ts';
import type { HostContext } from '../context.ts';
import { attempt } from './fs-error.ts';
import { statValues } from './stat-values.ts';
import { type FileCall, promised } from './file-call.ts';
import type { FileScope } from './file-scope.ts';

const OPEN_US = 40;
const TRANSFER_US = 50;
const SYNC_US = 1000;
const CHANGE_US = 30;

/** Standard input, output and error. */
const STANDARD_MAX = 2;

type Perform = (files: OpenFiles, args: readonly unknown[], scope: FileScope) => unknown;

/** A call with a descriptor. `rest` counts the arguments between the descriptor and the request. */
function onDescriptor(syscall: string, us: number, rest: number, perform: Perform): FileCall {
  return {
    syscall,
    us,
    paths: 0,
    request: 1 + rest,
    perform: (scope, args) => perform(scope.files, args, scope),
  };
}

function syncing(syscall: string): FileCall {
  return {
    ...onDescriptor(syscall, SYNC_US, 0, (files, [fd]) => files.sync(fd as number)),
    delayUs: ({ files }, [fd]) => files.syncDelayUs(fd as number),
  };
}

/** What stands for the binding's own handle inside of a `FileHandle`. */
class HostFileHandle {
  readonly fd: number;
  readonly #scope: FileScope;

  constructor(scope: FileScope, fd: number) {
    this.#scope = scope;
    this.fd = fd;
  }

  close(): Promise<void> {
    const { host } = this.#scope;
    return promised(host, 'fs.close', CHANGE_US, () => this.closeSync());
  }

  closeSync(): void {
    attempt({ syscall: 'close' }, () => this.#scope.files.close(this.fd));
  }

  releaseFD(): number {
    return this.fd;
  }

  getAsyncId(): number {
    return this.fd;
  }

  onread(): void {}
}

const opening: Record<string, FileCall> = {
  open: {
    syscall: 'open',
    paths: 1,
    request: 3,
    us: OPEN_US,
    perform: ({ files }, [at, flags, mode]) => files.open(at as string, flags as number, mode as number),
  },
  openFileHandle: {
    syscall: 'open',
    paths: 1,
    request: 3,
    us: OPEN_US,
    perform: (scope, [at, flags, mode]) =>
      new HostFileHandle(scope, scope.files.open(at as string, flags as number, mode as number)),
  },
  close: onDescriptor('close', CHANGE_US, 0, (files, [fd]) => {
    if ((fd as number) > STANDARD_MAX) files.close(fd as number);
  }),
};

const transferring: Record<string, FileCall> = {
  read: onDescriptor('read', TRANSFER_US, 4, (files, [fd, buffer, offset, length, position]) => {
    if (fd === 0) return 0;
    return files.read(fd as number, span(buffer, offset, length, position));
  }),
  readBuffers: onDescriptor('read', TRANSFER_US, 2, (files, [fd, buffers, position]) =>
    inTurn(buffers, position, (part) => files.read(fd as number, part)),
  ),
  writeBuffer: onDescriptor('write', TRANSFER_US, 4, (files, [fd, buffer, offset, length, position], scope) =>
    write(files, scope.host, fd as number, span(buffer, offset, length, position)),
  ),
  writeBuffers: onDescriptor('write', TRANSFER_US, 2, (files, [fd, buffers, position], scope) =>
    inTurn(buffers, position, (part) => write(files, scope.host, fd as number, part)),
  ),
  writeString: onDescriptor('write', TRANSFER_US, 3, (files, [fd, text, position, encoding], scope) => {
    const bytes = Buffer.from(text as string, (encoding ?? 'utf8') as BufferEncoding);
    return write(files, scope.host, fd as number, span(bytes, 0, bytes.length, position));
  }),
};

const others: Record<string, FileCall> = {
  fstat: onDescriptor('fstat', CHANGE_US, 1, (files, [fd, isBigint]) =>
    statValues(files.stat(fd as number), isBigint),
  ),
  fsync: syncing('fsync'),
  fdatasync: syncing('fdatasync'),
  ftruncate: onDescriptor('ftruncate', CHANGE_US, 1, (files, [fd, length]) =>
    files.truncate(fd as number, Number(length)),
  ),
  fchmod: onDescriptor('fchmod', CHANGE_US, 1, (files, [fd, mode]) =>
    files.chmod(fd as number, mode as number),
  ),
  fchown: onDescriptor('fchown', CHANGE_US, 2, (files, [fd, uid, gid]) =>
    files.chown(fd as number, uid as number, gid as number),
  ),
  futimes: onDescriptor('futime', CHANGE_US, 2, (files, [fd, atime, mtime]) =>
    files.setTimes(fd as number, atime as number, mtime as number),
  ),
};

/** All of them, by their names in the binding. */
export const descriptorCalls: Record<string, FileCall> = { ...opening, ...transferring, ...others };

/** Writes to a file, or prints. */
export function write(files: OpenFiles, host: HostContext, fd: number, part: Span): number {
  if (fd > STANDARD_MAX) return files.write(fd, part);
  if (fd <= 0) throw new FileFailure('EBADF');
  const { buffer, offset, length } = part;
  const text = Buffer.from(buffer.buffer, buffer.byteOffset + offset, length).toString();
  host.print(fd === 1 ? 'stdout' : 'stderr', text.endsWith('\n') ? text.slice(0, -1) : text);
  return length;
}

/** A part of a buffer; the binding says -1 or null for the place where the last operation ended. */
function span(buffer: unknown, offset: unknown, length: unknown, position: unknown): Span {
  const at = typeof position === 'bigint' || typeof position === 'number' ? Number(position) : -1;
  return {
    buffer: buffer as NodeJS.ArrayBufferView,
    offset: Number(offset),
    length: Number(length),
    position: at < 0 ? undefined : at,
  };
}

/** Transfers one buffer after the other, until one comes short. */
function inTurn(buffers: unknown, position: unknown, transfer: (part: Span) => number): number {
  let total = 0;
  for (const buffer of buffers as NodeJS.ArrayBufferView[]) {
    const at = typeof position === 'number' ? position + total : undefined;
    const done = transfer(span(buffer, 0, buffer.byteLength, at));
    total += done;
    if (done < buffer.byteLength) break;
  }
  return total;
}

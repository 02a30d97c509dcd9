// The lock service, the storage and the report, each compared with the model of what it is.

import type { World } from 'wavetank';
import { linearizable, type Decision, type Operation } from 'wavetank/checkers';
import { appendOnlyLog, fencedLock, fencedRegister, leaderElection, register } from 'wavetank/models';
import { UNKNOWN } from 'wavetank/models';
import type { ElectionInput, FencedLockInput, FencedRegisterInput } from 'wavetank/models';
import type { LogInput, RegisterInput } from 'wavetank/models';
import { requestsTo, type Answered, type Asked } from '../recorded.ts';
import type { Lease, LeaseRequest } from './services/locks.ts';

/** A lock whose leases may end at any time: its tokens only ever grow. */
export function isFencedLock(world: World): Decision {
  return linearizable(fencedLock(), requestsTo(world, 'locks'), {
    input({ name, input }): FencedLockInput {
      const { path, body } = input as Asked;
      if (name === 'POST') return { name: 'acquire', owner: (JSON.parse(body) as LeaseRequest).owner };
      return { name: 'release', token: Number(path.split('/').at(-1)) };
    },
    output({ name, value }) {
      const { status, body } = value as Answered;
      if (name === 'DELETE') return UNKNOWN; // It says 204, whether the lock was still held or not.
      return status === 201 ? (JSON.parse(body) as Lease).token : null;
    },
  });
}

/** Who works on the report holds a lease, and none that another worker was given: its token is its term. */
export function workIsUnderOwnLease(world: World): Decision {
  const given = requestsTo(world, 'locks').flatMap(({ name, value }): ElectionInput[] => {
    if (name !== 'POST' || !isDone(value)) return [];
    const { owner, token } = JSON.parse((value as Answered).body) as Lease;
    return [{ name: 'elected', node: owner, term: token }];
  });
  const used = requestsTo(world, 'storage').flatMap(({ input, value }): ElectionInput[] => {
    const { worker: node = '', 'fencing-token': token } = (input as Asked).headers;
    return isDone(value) ? [{ name: 'leading', node, term: Number(token) }] : [];
  });
  const history = [...given, ...used].map(({ name, ...input }, id): Operation => {
    // Each service counts moments of its own. What is known: a lease is given before it is used.
    const moment = name === 'elected' ? 0 : 1;
    const times = { invokedMs: moment, endedMs: moment };
    return { id, client: `request ${id}`, name, input, type: 'ok', value: true, ...times };
  });
  return linearizable(leaderElection(), history);
}

/** Whatever was refused aside: a read of the file answers the last upload, with a fence or without. */
export function isRegister(world: World): Decision {
  const accesses = requestsTo(world, 'storage').filter(
    ({ name, type, value }) => name !== 'POST' && (type !== 'ok' || isDone(value)),
  );
  return linearizable(register(''), accesses, {
    input({ name, input }): RegisterInput<string> {
      return name === 'PUT' ? { name: 'write', value: (input as Asked).body } : { name: 'read' };
    },
    output: ({ value }) => (value as Answered).body,
  });
}

/**
 * The report is a log of lines: each is appended once, and those that were added earlier come earlier. A desk
 * that has no answer adds its line again, which is one append in all.
 */
export function linesAreAppended(world: World): Decision {
  const { history, nowMs } = world;
  const appends = [...new Set(history.map(({ input }) => input))].map((line): Operation => {
    const attempts = history.filter(({ input }) => input === line);
    const done = attempts.find(({ type }) => type === 'ok');
    const [first] = attempts as [Operation];
    const { endedMs: _, value: __, error: ___, ...began } = first;
    return done === undefined ? { ...began, type: 'info' } : { ...done, invokedMs: began.invokedMs };
  });
  const read: Operation = {
    ...{ id: history.length, client: 'the check', name: 'read', input: null, type: 'ok' },
    ...{ invokedMs: nowMs, endedMs: nowMs, value: reportOf(world) },
  };
  return linearizable(appendOnlyLog<string>(), [...appends, read], {
    input: ({ name, input }): LogInput<string> =>
      name === 'read' ? { name, from: 0 } : { name: 'append', entry: input as string },
    // Nobody is told in which place a line is.
    output: ({ name, value }) => (name === 'read' ? (value as string[]) : UNKNOWN),
  });
}

/** The lines of the report, as the storage has it. */
export function reportOf(world: World): string[] {
  const files = world.host('storage').exports?.['files'] as Map<string, string> | undefined;
  return (files?.get('report') ?? '').split('\n').filter((line) => line !== '');
}

function isDone(value: unknown): boolean {
  const { status } = (value ?? { status: 0 }) as Answered;
  return status >= 200 && status < 300;
}

/** A file that nobody reads or writes with an older token than one that was shown. */
export function isBehindFence(world: World): Decision {
  return linearizable(fencedRegister(''), requestsTo(world, 'storage'), {
    input({ name, input }): FencedRegisterInput<string> {
      const { headers, body } = input as Asked;
      const token = Number(headers['fencing-token']);
      return name === 'PUT' ? { name: 'write', value: body, token } : { name: 'read', token };
    },
    output({ name, value }) {
      const { status, body } = value as Answered;
      if (name === 'PUT') return status === 204;
      if (status === 412) return false;
      return name === 'GET' ? body : UNKNOWN; // To ask for an upload reads nothing, and shows its token.
    },
  });
}

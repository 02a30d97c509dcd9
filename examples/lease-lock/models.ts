// The lock service and the storage, each compared with the model of what it is.

import type { World } from 'wavetank';
import { linearizable, type Decision } from 'wavetank/checkers';
import { fencedLock, fencedRegister, UNKNOWN } from 'wavetank/models';
import type { FencedLockInput, FencedRegisterInput } from 'wavetank/models';
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

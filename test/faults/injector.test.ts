import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault, FaultChance, FaultPlan, MessageFault } from '../../src/faults/fault.ts';
import { calmPlan } from '../../src/faults/fault.ts';
import { compileInjector } from '../../src/faults/injector.ts';
import { Ledger } from '../../src/faults/ledger.ts';
import { latency } from '../../src/network/latency.ts';
import type { Envelope, MessageKind } from '../../src/network/message.ts';
import { Network } from '../../src/network/network.ts';
import type { Verdict } from '../../src/network/verdict.ts';
import { KeyedRandom } from '../../src/random/keyed.ts';

const MESSAGES: readonly MessageKind[] = [
  'request',
  'response',
  'datagram',
  'chunk',
  'segment',
  'connection',
  'signal',
];
const request = { from: 'a', to: 'b', message: 'request', label: 'GET /', nth: 1 } as const;

/** Asks the injector of a plan about messages, and what it wrote down. */
function injecting(plan: Partial<FaultPlan>, seed = 1) {
  const random = new KeyedRandom(seed);
  const ledger = new Ledger();
  const network = new Network({ random, latency: latency.constant(1), loss: 0, overrides: new Map() });
  const injector = compileInjector({ ...calmPlan, ...plan }, random, ledger);
  const send = (
    kind: MessageKind,
    nth: number,
    options: { label?: string; to?: string; mayDuplicate?: boolean; mayRefuse?: boolean } = {},
  ): Verdict | undefined => {
    const { label = 'GET /', to = 'b', mayDuplicate = true, mayRefuse = true } = options;
    const link = network.link('a', to);
    const topic = link.topic(kind, label);
    const envelope: Envelope = { link, topic, nth, sentUs: 0, mayDuplicate, mayRefuse, byteLength: 0 };
    return injector?.(envelope);
  };
  return { send, ledger, injector };
}

test('a plan without message faults has no injector, so that a calm run pays nothing', () => {
  const faults: Fault[] = [{ kind: 'crash', host: 'a', atMs: 1, downMs: 1 }];
  assert.equal(injecting({ faults }).injector, undefined);
  assert.equal(injecting({ faults, chances: [] }).injector, undefined);
});

test('a planned fault strikes exactly the message that it names', () => {
  const fault: Fault = { kind: 'drop', ...request, nth: 2 };
  const { send, ledger } = injecting({ faults: [fault] });
  assert.equal(send('request', 1), undefined);
  assert.equal(send('response', 2), undefined);
  assert.equal(send('request', 2, { label: 'GET /other' }), undefined);
  assert.equal(send('request', 2, { to: 'c' }), undefined);
  assert.deepEqual(send('request', 2), { kind: 'drop' });
  assert.deepEqual(ledger.toFaults(), [fault]);
});

test('each kind of fault becomes its verdict', () => {
  const verdicts: [MessageFault, Verdict][] = [
    [{ kind: 'drop', ...request }, { kind: 'drop' }],
    [
      { kind: 'reset', ...request },
      { kind: 'fail', code: 'ECONNRESET' },
    ],
    [
      { kind: 'refuse', ...request },
      { kind: 'fail', code: 'ECONNREFUSED' },
    ],
    [
      { kind: 'duplicate', ...request, afterMs: 2 },
      { kind: 'deliver', extraUs: undefined, againAfterUs: 2_000 },
    ],
    [
      { kind: 'delay', ...request, byMs: 1.5 },
      { kind: 'deliver', extraUs: 1_500 },
    ],
  ];
  for (const [fault, expected] of verdicts)
    assert.deepEqual(injecting({ faults: [fault] }).send('request', 1), expected);
});

test('a message that cannot arrive twice does not, and the ledger does not say so', () => {
  const { send, ledger } = injecting({ faults: [{ kind: 'duplicate', ...request, afterMs: 2 }] });
  assert.equal(send('request', 1, { mayDuplicate: false }), undefined);
  assert.deepEqual(ledger.toFaults(), []);
});

test('what travels on an open connection is not refused, and the ledger does not say so', () => {
  const planned = injecting({ faults: [{ kind: 'refuse', ...request }] });
  assert.equal(planned.send('request', 1, { mayRefuse: false }), undefined);
  assert.deepEqual(planned.ledger.toFaults(), []);
  const drawn = injecting({ chances: [{ kind: 'refuse', rate: 1 }] });
  assert.equal(drawn.send('request', 1, { mayRefuse: false }), undefined);
  assert.notEqual(drawn.send('connection', 1), undefined);
});

test('what a host says to itself is not struck by chance, unless the plan names that link', () => {
  const chance: FaultChance = { kind: 'drop', rate: 1 };
  assert.equal(injecting({ chances: [chance] }).send('segment', 1, { to: 'a' }), undefined);
  const named = injecting({ chances: [{ ...chance, links: ['a -> a'] }] });
  assert.notEqual(named.send('segment', 1, { to: 'a' }), undefined);
});

test('a message that is delayed and doubled is both', () => {
  const faults: Fault[] = [
    { kind: 'delay', ...request, byMs: 3 },
    { kind: 'duplicate', ...request, afterMs: 2 },
  ];
  assert.deepEqual(injecting({ faults }).send('request', 1), {
    kind: 'deliver',
    extraUs: 3_000,
    againAfterUs: 2_000,
  });
});

test('a certain chance strikes every message of the kinds that it can befall, and no other', () => {
  const befallen: Record<MessageFault['kind'], MessageKind[]> = {
    drop: ['request', 'response', 'datagram', 'segment', 'connection'],
    reset: ['request', 'response', 'segment'],
    refuse: ['request', 'connection'],
    duplicate: ['request', 'datagram'],
    delay: ['request', 'response', 'datagram', 'chunk', 'segment', 'connection'],
  };
  for (const [kind, kinds] of Object.entries(befallen)) {
    const chance = { kind, rate: 1 } as FaultChance;
    const { send } = injecting({ chances: [chance] });
    for (const message of MESSAGES) {
      assert.equal(send(message, 1) !== undefined, kinds.includes(message), `${kind} on a ${message}`);
    }
  }
});

test('a chance strikes as often as its rate says, only on its links, and for its time at most', () => {
  const chances: FaultChance[] = [{ kind: 'delay', rate: 0.3, links: ['a -> b'], msMax: 20 }];
  const { send } = injecting({ chances });
  let struck = 0;
  for (let nth = 1; nth <= 2_000; nth++) {
    const answer = send('request', nth);
    if (answer === undefined) continue;
    struck++;
    assert.ok(answer.kind === 'deliver' && answer.extraUs !== undefined);
    assert.ok(answer.extraUs >= 1 && answer.extraUs <= 20_000);
  }
  assert.ok(struck > 500 && struck < 700, String(struck));
  for (let nth = 1; nth <= 200; nth++) assert.equal(send('request', nth, { to: 'c' }), undefined);
});

test('what strikes a message does not depend on other messages, kinds of fault or the order', () => {
  const drop: FaultChance = { kind: 'drop', rate: 0.2 };
  const reset: FaultChance = { kind: 'reset', rate: 0.2 };
  const alone = injecting({ chances: [drop] });
  const together = injecting({ chances: [reset, drop] });
  const drops = (side: typeof alone, nth: number): boolean => side.send('request', nth)?.kind === 'drop';
  const forwards = Array.from({ length: 300 }, (_, i) => drops(alone, i + 1));
  const backwards = Array.from({ length: 300 }, (_, i) => drops(together, 300 - i)).toReversed();
  assert.deepEqual(backwards, forwards);
  assert.ok(forwards.includes(true) && forwards.includes(false));
});

test('a fault that is planned for a message goes before the chances', () => {
  const { send, ledger } = injecting({
    faults: [{ kind: 'delay', ...request, byMs: 1 }],
    chances: [{ kind: 'drop', rate: 1 }],
  });
  assert.deepEqual(send('request', 1), { kind: 'deliver', extraUs: 1_000 });
  assert.deepEqual(send('request', 2), { kind: 'drop' });
  assert.deepEqual(ledger.toFaults(), [{ kind: 'drop', ...request, nth: 2 }]);
});

test('of several faults of chance that end a message one strikes, always the same', () => {
  const chances: FaultChance[] = (['reset', 'refuse', 'drop'] as const).map((kind) => ({ kind, rate: 1 }));
  for (const order of [chances, chances.toReversed()]) {
    const { send, ledger } = injecting({ chances: order });
    assert.deepEqual(send('request', 1), { kind: 'drop' });
    assert.equal(ledger.toFaults().length, 1);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { latency, type Latency } from '../../src/network/latency.ts';
import type { Link } from '../../src/network/link.ts';
import type { Envelope, MessageKind, MessageView } from '../../src/network/message.ts';
import { Network, type LinkOptions, type Routing } from '../../src/network/network.ts';
import { block, unblock } from '../../src/network/partition.ts';
import { verdict, type NetworkRule } from '../../src/network/verdict.ts';
import { KeyedRandom } from '../../src/random/keyed.ts';

interface Options {
  seed?: number;
  latency?: Latency;
  loss?: number;
  links?: Record<string, LinkOptions>;
}

function createNetwork({
  seed = 1,
  latency: base = latency.constant(1),
  loss = 0,
  links = {},
}: Options = {}): Network {
  return new Network({
    random: new KeyedRandom(seed),
    latency: base,
    loss,
    overrides: new Map(Object.entries(links)),
  });
}

function envelope(link: Link, kind: MessageKind, nth = 1, label = 'GET /'): Envelope {
  const topic = link.topic(kind, label);
  return { link, topic, nth, sentUs: 0, mayDuplicate: kind === 'datagram', mayRefuse: true, byteLength: 0 };
}

/** What becomes of the `nth` message of a kind from a to b. */
function send(network: Network, kind: MessageKind = 'request', nth = 1, label = 'GET /'): Routing {
  return network.route(envelope(network.link('a', 'b'), kind, nth, label));
}

function delaysOf(network: Network, count: number, kind: MessageKind = 'request'): number[] {
  return Array.from({ length: count }, (_, i) => {
    const routing = send(network, kind, i + 1);
    return routing.kind === 'deliver' ? routing.delayUs : -1;
  });
}

test('a message takes the latency of the network, or of its link', () => {
  const network = createNetwork({
    latency: latency.constant(3),
    links: { 'a -> b': { latency: latency.constant(8) } },
  });
  const towards = (source: string, target: string): Routing =>
    network.route(envelope(network.link(source, target), 'request'));
  assert.deepEqual(towards('a', 'b'), { kind: 'deliver', delayUs: 8_000, extraUs: 0, againUs: -1 });
  assert.deepEqual(towards('b', 'a'), { kind: 'deliver', delayUs: 3_000, extraUs: 0, againUs: -1 });
});

test('the latency of a message depends on the seed, its link, its label and its occurrence only', () => {
  const options = { latency: latency.uniform({ maxMs: 100 }) };
  const all = delaysOf(createNetwork(options), 20);
  const network = createNetwork(options);
  send(network, 'response', 1);
  send(network, 'request', 3, 'POST /other');
  assert.deepEqual(send(network, 'request', 7), send(createNetwork(options), 'request', 7));
  assert.deepEqual(delaysOf(network, 20), all);
  assert.notDeepEqual(delaysOf(createNetwork({ ...options, seed: 2 }), 20), all);
  assert.notDeepEqual(
    Array.from({ length: 20 }, (_, i) => send(network, 'request', i + 1, 'POST /other')),
    Array.from({ length: 20 }, (_, i) => send(network, 'request', i + 1)),
  );
});

test('on a calm network every message takes the base of its link, and none is lost', () => {
  const network = createNetwork({ latency: latency.uniform({ minMs: 2, maxMs: 90 }), loss: 0.9 });
  network.isCalm = true;
  assert.deepEqual(new Set(delaysOf(network, 50)), new Set([2_000]));
  assert.deepEqual(new Set(delaysOf(network, 50, 'datagram')), new Set([2_000]));
});

test('later messages may overtake earlier ones', () => {
  const delays = delaysOf(createNetwork({ latency: latency.uniform({ maxMs: 100 }) }), 20);
  assert.ok(delays.some((delay, i) => i > 0 && delay < (delays[i - 1] as number)));
});

test('a datagram that the link loses is gone; a segment of a stream is sent again, later and later', () => {
  const network = createNetwork({ loss: 0.5 });
  const fates = Array.from({ length: 400 }, (_, i) => send(network, 'datagram', i + 1).kind);
  const lost = fates.filter((kind) => kind === 'lost').length;
  assert.ok(lost > 150 && lost < 250, String(lost));
  const delays = delaysOf(network, 400);
  assert.ok(!delays.includes(-1), 'no segment is lost for good');
  // 200 ms, and twice as long each time, on top of the latency of 1 ms.
  assert.deepEqual(
    [...new Set(delays)].toSorted((a, b) => a - b).slice(0, 4),
    [1_000, 201_000, 601_000, 1_401_000],
  );
});

test('a segment arrives in the end, even if everything is lost', () => {
  const [delayUs] = delaysOf(createNetwork({ loss: 1 }), 1);
  assert.ok((delayUs as number) > 60_000_000 && Number.isSafeInteger(delayUs));
});

// Rules.

test('the first rule that does not pass wins', () => {
  const network = createNetwork();
  const asked: string[] = [];
  const rule =
    (name: string, answer: ReturnType<NetworkRule>): NetworkRule =>
    () => {
      asked.push(name);
      return answer;
    };
  network.addRule(rule('passes', undefined));
  network.addRule(rule('delays', verdict.deliver({ delayMs: 7 })));
  network.addRule(rule('drops', verdict.drop()));
  assert.deepEqual(send(network), { kind: 'deliver', delayUs: 8_000, extraUs: 7_000, againUs: -1 });
  assert.deepEqual(asked, ['passes', 'delays']);
});

test('a rule sees who sends what to whom, and can be removed again', () => {
  const network = createNetwork();
  const seen: MessageView[] = [];
  const remove = network.addRule((message) => {
    seen.push(message);
    return verdict.fail('EHOSTUNREACH');
  });
  assert.deepEqual(send(network, 'request', 3, 'POST /charge'), { kind: 'fail', code: 'EHOSTUNREACH' });
  remove();
  remove();
  assert.equal(send(network).kind, 'deliver');
  assert.deepEqual(seen, [{ from: 'a', to: 'b', kind: 'request', label: 'POST /charge', nth: 3, sentMs: 0 }]);
});

test('a rule goes before the fault plan, and the fault plan before the link', () => {
  const network = createNetwork({ loss: 1 });
  network.injector = () => ({ kind: 'deliver', extraUs: 5_000 });
  assert.deepEqual(send(network, 'datagram'), {
    kind: 'deliver',
    delayUs: 6_000,
    extraUs: 5_000,
    againUs: -1,
  });
  network.addRule(() => verdict.drop());
  assert.deepEqual(send(network, 'datagram'), { kind: 'drop' });
});

test('a rule that lets a message through leaves its latency to the link', () => {
  const network = createNetwork({ latency: latency.uniform({ minMs: 1, maxMs: 50 }) });
  const before = delaysOf(network, 10);
  network.addRule(() => verdict.deliver());
  assert.deepEqual(delaysOf(network, 10), before);
});

test('only what may arrive twice does, however often a rule says so', () => {
  const network = createNetwork();
  network.addRule(() => verdict.duplicate({ afterMs: 4 }));
  assert.deepEqual(send(network, 'datagram'), {
    kind: 'deliver',
    delayUs: 1_000,
    extraUs: 0,
    againUs: 5_000,
  });
  for (const kind of ['request', 'response', 'chunk', 'signal'] as const) {
    assert.deepEqual(send(network, kind), { kind: 'deliver', delayUs: 1_000, extraUs: 0, againUs: -1 }, kind);
  }
});

test('a rule that returns no verdict is refused, not obeyed', () => {
  for (const answer of ['drop', {}, { kind: 'hold' }, true, Promise.resolve(verdict.drop())]) {
    const network = createNetwork();
    network.addRule(() => answer as never);
    assert.throws(() => send(network), { code: 'WT_OPTION', message: /what a network rule returned/ });
  }
});

// Partitions and held links.

test('a held link keeps everything, whatever rules, faults and partitions say', () => {
  const network = createNetwork();
  network.addRule(() => verdict.drop());
  network.link('a', 'b').isHeld = true;
  block(network, { from: ['a'], to: ['b'], isOneWay: false });
  assert.deepEqual(send(network), { kind: 'held' });
  assert.deepEqual(send(network, 'datagram'), { kind: 'held' });
});

test('a partition stalls streams and loses datagrams', () => {
  const network = createNetwork();
  block(network, { from: ['a'], to: ['b'], isOneWay: true });
  for (const kind of ['request', 'response', 'chunk', 'signal'] as const) {
    assert.deepEqual(send(network, kind), { kind: 'blocked' });
  }
  assert.deepEqual(send(network, 'datagram'), { kind: 'lost', why: 'partition' });
});

test('a one-way partition stops one direction, a two-way one both, and neither its own side', () => {
  for (const isOneWay of [true, false]) {
    const network = createNetwork();
    block(network, { from: ['a', 'b'], to: ['c', 'd'], isOneWay });
    const isOpen = (source: string, target: string): boolean =>
      network.route(envelope(network.link(source, target), 'request')).kind === 'deliver';
    assert.deepEqual([isOpen('a', 'c'), isOpen('b', 'd')], [false, false]);
    assert.deepEqual([isOpen('c', 'a'), isOpen('d', 'b')], [isOneWay, isOneWay]);
    assert.deepEqual(
      [isOpen('a', 'b'), isOpen('b', 'a'), isOpen('c', 'd'), isOpen('a', 'e')],
      [true, true, true, true],
    );
  }
});

test('a link is open when no partition blocks it, in whatever order they come and go', () => {
  const host = fc.constantFrom<string>('a', 'b', 'c', 'd');
  const cut = fc.record({
    from: fc.uniqueArray(host, { maxLength: 3 }),
    to: fc.uniqueArray(host, { maxLength: 3 }),
    isOneWay: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(cut, { maxLength: 5 }), fc.array(fc.nat(4)), (cuts, healed) => {
      const network = createNetwork();
      for (const each of cuts) block(network, each);
      const left = new Set(cuts);
      for (const at of healed) {
        const each = cuts[at];
        // Healing it again changes nothing.
        if (each !== undefined) unblock(network, each);
        if (each !== undefined) left.delete(each);
      }
      for (const source of ['a', 'b', 'c', 'd']) {
        for (const target of ['a', 'b', 'c', 'd']) {
          if (source === target) continue;
          const isCut = [...left].some(
            ({ from, to, isOneWay }) =>
              (from.includes(source) && to.includes(target)) ||
              (!isOneWay && from.includes(target) && to.includes(source)),
          );
          const { kind } = network.route(envelope(network.link(source, target), 'request'));
          assert.equal(kind, isCut ? 'blocked' : 'deliver', `${source} -> ${target}`);
        }
      }
    }),
  );
});

test('healing tells on which links something changed, and healing again that nothing did', () => {
  const network = createNetwork();
  const cut = { from: ['a'], to: ['b', 'c'], isOneWay: true };
  block(network, cut);
  assert.deepEqual(
    unblock(network, cut).map(({ target }) => target),
    ['b', 'c'],
  );
  assert.deepEqual(unblock(network, cut), []);
});

test('after a partition TCP sends again when its backoff says so, and not before the healing', () => {
  const network = createNetwork();
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.nat(600_000_000), (sentUs, longUs) => {
      const healedUs = sentUs + longUs;
      const againUs = network.retransmittedAtUs(sentUs, healedUs);
      assert.ok(againUs >= healedUs);
      assert.ok(againUs - healedUs <= Math.min(120_000_000, Math.max(200_000, longUs + 200_000)));
    }),
  );
  assert.deepEqual(
    [0, 1, 200, 201, 600, 601].map((healedMs) => network.retransmittedAtUs(0, healedMs * 1000) / 1000),
    [0, 200, 200, 600, 600, 1_400],
  );
});

test('what a host says to itself takes no time of the network, and is not lost', () => {
  const network = createNetwork({ latency: latency.uniform({ minMs: 5, maxMs: 50 }), loss: 0.9 });
  const own = network.link('a', 'a');
  for (let nth = 1; nth <= 50; nth++) {
    const routing = network.route(envelope(own, 'segment', nth));
    assert.deepEqual(routing, { kind: 'deliver', delayUs: 20, extraUs: 0, againUs: -1 });
  }
  const named = createNetwork({ links: { 'a -> a': { latency: latency.constant(7) } } });
  assert.equal(named.link('a', 'a').latency.baseUs, 7_000);
});

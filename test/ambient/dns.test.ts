import assert from 'node:assert/strict';
import dns from 'node:dns';
import dnsPromises from 'node:dns/promises';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { rejectionOf, thrownBy } from './alike.ts';
import { type FakeHost, onHost } from './fake-host.ts';

const onAlpha = async <Result>(body: (host: FakeHost) => Result): Promise<Awaited<Result>> =>
  (await onHost(body)).value;

const errorOf = async (call: () => Promise<unknown>): Promise<unknown> => {
  try {
    return { value: await call() };
  } catch (error) {
    const { name, message, code, errno, syscall, hostname } = error as NodeJS.ErrnoException & {
      hostname?: string;
    };
    return { name, message, code, errno, syscall, hostname };
  }
};

const lookup = promisify(dns.lookup);

test('names of hosts and clients have the addresses of the simulated network', async () => {
  const found = await onAlpha(async () => [
    await lookup('beta'),
    await lookup('alpha', 4),
    await lookup('BETA.', { all: true }),
    await dnsPromises.lookup('beta'),
    await dnsPromises.lookup('beta', { all: true, verbatim: false }),
    await dns.promises.lookup('localhost', 4),
    await dnsPromises.lookup('localhost', { family: 6 }),
    await lookup('beta', { family: 6, hints: dns.V4MAPPED }),
  ]);
  assert.deepEqual(found, [
    { address: '10.0.0.2', family: 4 },
    { address: '10.0.0.1', family: 4 },
    [{ address: '10.0.0.2', family: 4 }],
    { address: '10.0.0.2', family: 4 },
    [{ address: '10.0.0.2', family: 4 }],
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
    { address: '::ffff:10.0.0.2', family: 6 },
  ]);
});

test('addresses pass as they are', async () => {
  const body = async (): Promise<unknown> => [
    await lookup('192.0.2.1'),
    await dnsPromises.lookup('2001:db8::1', { all: true }),
    await promisify(dns.resolve4)('192.0.2.1'),
  ];
  const [first, second, third] = (await onAlpha(body)) as unknown[];
  assert.deepEqual(first, { address: '192.0.2.1', family: 4 });
  assert.deepEqual(second, [{ address: '2001:db8::1', family: 6 }]);
  assert.deepEqual(third, ['192.0.2.1']);
});

test('an unknown name gives the errors of Node.js', async () => {
  const [first, second, mapped, ...queries] = await onAlpha(async () => [
    await errorOf(() => lookup('nosuch')),
    await errorOf(() => dnsPromises.lookup('nosuch', { all: true })),
    await errorOf(() => lookup('beta', 6)),
    await errorOf(() => promisify(dns.resolve)('nosuch')),
    await errorOf(() => dnsPromises.resolve4('nosuch')),
    await errorOf(() => dnsPromises.resolveMx('nosuch')),
  ]);
  const lookedUp = { name: 'Error', code: 'ENOTFOUND', errno: -3008, syscall: 'getaddrinfo' };
  assert.deepEqual(first, { ...lookedUp, message: 'getaddrinfo ENOTFOUND nosuch', hostname: 'nosuch' });
  assert.deepEqual(second, first);
  assert.deepEqual(mapped, { ...lookedUp, message: 'getaddrinfo ENOTFOUND beta', hostname: 'beta' });
  const queried = (syscall: string): unknown => ({
    name: 'Error',
    message: `${syscall} ENOTFOUND nosuch`,
    code: 'ENOTFOUND',
    errno: undefined,
    syscall,
    hostname: 'nosuch',
  });
  assert.deepEqual(queries, [queried('queryA'), queried('queryA'), queried('queryMx')]);
});

test('a known name has an address and no other record', async () => {
  const found = await onAlpha(async () => [
    await dnsPromises.resolve4('beta'),
    await dnsPromises.resolve4('beta', { ttl: true }),
    await promisify(dns.resolveAny)('beta'),
    await new dnsPromises.Resolver().resolve4('beta'),
    ...(await Promise.all(
      [dnsPromises.resolve6, dnsPromises.resolveTxt, dnsPromises.resolveSrv, dnsPromises.resolveCname].map(
        async (query) => ((await errorOf(() => query('beta'))) as Error).message,
      ),
    )),
  ]);
  assert.deepEqual(found, [
    ['10.0.0.2'],
    [{ address: '10.0.0.2', ttl: 60 }],
    [{ address: '10.0.0.2', ttl: 60, type: 'A' }],
    ['10.0.0.2'],
    'queryAaaa ENODATA beta',
    'queryTxt ENODATA beta',
    'querySrv ENODATA beta',
    'queryCname ENODATA beta',
  ]);
});

test('an address has the name that it belongs to', async () => {
  const found = await onAlpha(async () => [
    await promisify(dns.reverse)('10.0.0.2'),
    await dnsPromises.reverse('127.0.0.1'),
    ((await errorOf(() => dnsPromises.reverse('10.9.9.9'))) as Error).message,
    ((await errorOf(() => dnsPromises.reverse('nonsense'))) as Error).message,
    await dnsPromises.lookupService('10.0.0.2', 443),
    await promisify(dns.lookupService)('10.0.0.2', 4000),
    ((await errorOf(() => dnsPromises.lookupService('10.9.9.9', 80))) as Error).message,
  ]);
  assert.deepEqual(found, [
    ['beta'],
    ['localhost'],
    'getHostByAddr ENOTFOUND 10.9.9.9',
    'getHostByAddr EINVAL nonsense',
    { hostname: 'beta', service: 'https' },
    { hostname: 'beta', service: '4000' },
    'getnameinfo ENOTFOUND 10.9.9.9',
  ]);
});

test('wrong arguments are refused as by Node.js', async () => {
  const body = async (): Promise<unknown> => [
    thrownBy(() => dns.lookup('beta', 5 as never, () => {})),
    thrownBy(() => dns.lookup('beta', {} as never)),
    thrownBy(() => dns.lookup('beta', { hints: 12_345 }, () => {})),
    thrownBy(() => dns.resolve('beta', 'NONSENSE' as never, () => {})),
    thrownBy(() => dns.resolve4(5 as never, () => {})),
    thrownBy(() => dns.setServers(['nonsense'])),
    thrownBy(() => dns.lookupService('beta', 80, () => {})),
    await rejectionOf(async () => dnsPromises.lookup('beta', { family: 5 })),
    await rejectionOf(async () => dnsPromises.lookup(5 as never)),
    await rejectionOf(async () => dnsPromises.lookupService('beta', 80)),
    await rejectionOf(async () => dnsPromises.lookupService('10.0.0.2', -1)),
  ];
  assert.deepEqual(await onAlpha(body), await body());
});

test('an answer takes virtual time, and comes in an event of its own', async () => {
  const { value, engine } = await onHost(async () => {
    const log: string[] = [];
    const answered = new Promise<void>((resolve) => {
      dns.lookup('beta', () => {
        log.push('answered');
        resolve();
      });
    });
    log.push('asked');
    await answered;
    return log;
  });
  assert.deepEqual(value, ['asked', 'answered']);
  assert.ok(engine.nowUs > 0);
});

test('servers are the host’s own, and nobody asks them', async () => {
  const real = dns.getServers();
  const first = await onAlpha(() => {
    const before = dns.getServers();
    dns.setServers(['192.0.2.53', '[2001:db8::53]:5353']);
    const resolver = new dns.Resolver();
    resolver.setServers(['192.0.2.54']);
    return [before, dns.getServers(), dnsPromises.getServers(), resolver.getServers()];
  });
  const set = ['192.0.2.53', '[2001:db8::53]:5353'];
  assert.deepEqual(first, [['127.0.0.53'], set, set, ['192.0.2.54']]);
  assert.deepEqual(await onAlpha(() => dns.getServers()), ['127.0.0.53']);
  assert.deepEqual(dns.getServers(), real);
});

test('a resolver cancels what it asked, and nobody else’s question', async () => {
  const found = await onAlpha(async () => {
    const resolver = new dnsPromises.Resolver();
    const asked = errorOf(() => resolver.resolve4('beta'));
    const other = dnsPromises.resolve4('beta');
    resolver.cancel();
    return [((await asked) as Error).message, await other];
  });
  assert.deepEqual(found, ['queryA ECANCELLED beta', ['10.0.0.2']]);
});

test('what faults do to a name reaches look-ups and queries', async () => {
  const { value, engine } = await onHost(async (host) => {
    host.trouble = (hostname) =>
      hostname === 'beta' ? { code: 'EAI_AGAIN', delayUs: 5_000_000 } : undefined;
    return [
      await errorOf(() => lookup('beta')),
      ((await errorOf(() => dnsPromises.resolve4('beta'))) as Error).message,
      (await lookup('alpha')).address,
    ];
  });
  const [first, ...rest] = value;
  assert.equal((first as Error).message, 'getaddrinfo EAI_AGAIN beta');
  assert.deepEqual(rest, ['queryA ESERVFAIL beta', '10.0.0.1']);
  assert.ok(engine.nowUs > 10_000_000);
});

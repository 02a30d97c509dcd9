import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handler } from '../../src/host/definition.ts';
import { program } from '../../src/host/program.ts';
import { driven, outcomeOf, sleep } from '../scenario/driven.ts';
import { programFiles } from './program-files.ts';
import { story, storyOf } from './program-story.ts';

// The process of a program: how it begins, what reaches it, and all the ways in which it ends.

test('a program has its own environment, arguments, process id and folder', async () => {
  const { log } = await story(
    `
    import { argv, env, pid, ppid } from 'node:process';
    import * as all from 'node:process';
    console.log(JSON.stringify(env), env === process.env, all.pid === pid, all.default === process);
    process.env.NUMBER = 3 as never;
    console.log(
      typeof process.env.NUMBER, 'HOME' in process.env, delete process.env.A, Object.keys(process.env).join(),
    );
    console.log(argv[0] === process.execPath, argv[1] === import.meta.filename, argv.slice(2).join());
    console.log(pid, ppid, process.title, process.execArgv.length, process.argv0 !== undefined);
    const before = process.cwd();
    process.chdir('..');
    console.log(before.startsWith(process.cwd()), process.cwd() === before);
    `,
    async (world) => {
      world.host('server').crash();
      await world.host('server').restart();
    },
    { env: { A: '1', B: '2' }, args: ['--port', '80'] },
  );
  const lines = [
    '0: {"A":"1","B":"2"} true true true',
    '0: string false true B,NUMBER',
    '0: true true --port,80',
    '0: 1001 1 node 0 true',
    '0: true false',
  ];
  const at = log.findIndex((line) => line.startsWith('0: {'));
  assert.deepEqual(log.slice(at, at + 5), lines);
  assert.ok(log.includes('0: 1002 1 node 0 true'), 'the next incarnation has another process id');
  assert.notEqual(process.env['A'], '1');
});

test('what a program prints is whole lines, with their time', async () => {
  const { log } = await story(`
    import { once } from 'node:events';
    process.stdout.write('begun, ');
    setTimeout(async () => {
      process.stdout.write('ended\\nsecond\\nrest', () => console.log(' written'));
      process.stderr.write(Buffer.from('bytes\\n'));
      console.error('error %d', 1);
      console.log([process.stdout.isTTY, process.stdout.columns, process.stdout.fd, process.stdout.writable]);
      for await (const chunk of process.stdin) console.log('never', chunk);
      console.log('end of stdin', process.stdin.readableEnded);
      process.stdout.write('without an end');
    }, 5);
  `);
  assert.deepEqual(log.slice(1), [
    '5: begun, ended\nsecond',
    '5: ! bytes',
    '5: ! error 1',
    '5: rest[ undefined, undefined, 1, true ]',
    '5:  written',
    '5: end of stdin true',
    '5: without an end',
    '5: (exited with code 0)',
  ]);
});

test('a line that was begun is printed when the process crashes', async () => {
  const { log } = await story('process.stdout.write("begun"); setInterval(() => {}, 10);', (world) =>
    world.host('server').crash(),
  );
  assert.deepEqual(log.slice(1, 3), ['0: begun', '0: (crashed)']);
});

test('a script that ran to its end ends its process, and is not started again', async () => {
  const { log, violations, value } = await story(
    `
    process.on('beforeExit', (code) => console.log('beforeExit', code));
    process.once('beforeExit', () => setTimeout(() => console.log('more'), 10));
    process.on('exit', (code) => console.log('exit', code, process.exitCode));
    setTimeout(() => console.log('timer'), 10);
    setTimeout(() => console.log('never'), 100).unref();
    `,
    async (world) => {
      await sleep(500);
      return world.host('server').isUp;
    },
  );
  assert.deepEqual(log, [
    '0: (booted)',
    '10: timer',
    '10: beforeExit 0',
    '20: more',
    '20: beforeExit 0',
    '20: exit 0 undefined',
    '20: (exited with code 0)',
  ]);
  assert.deepEqual([violations, value], [[], false]);
});

test('a request on its way and an immediate keep a program alive', async () => {
  const slow = handler(() => () => sleep(50).then(() => new Response('late')));
  const files = programFiles({
    'main.ts': `
      setImmediate(async () => console.log(await (await fetch('http://slow/')).text()));
    `,
  });
  const { result } = await driven(
    { hosts: { slow, server: program(files.path('main.ts')) }, calmMs: 10 },
    () => sleep(200),
    { record: true },
  );
  const { log } = storyOf(undefined, result);
  assert.deepEqual(log.slice(-2), ['52: late', '52: (exited with code 0)']);
});

test('a program that waits for ever on its top level ends with code 13', async () => {
  const { log, violations } = await story('console.log("begins"); await new Promise(() => {});');
  assert.equal(log[0], '0: begins');
  assert.deepEqual(violations, [
    'host `server` ended with exit code 13 by waiting for ever in a top-level await',
  ]);
});

test('process.exit ends the incarnation at once: exit listeners run, and nothing after it', async () => {
  const { log, violations, value } = await story(
    `
    process.on('exit', (code) => { console.log('exit', code); setTimeout(() => console.log('never'), 1); });
    setTimeout(() => console.log('never'), 20);
    setTimeout(() => {
      try { process.exit(); } catch { console.log('never'); } finally { console.log('never'); }
    }, 10);
    process.exitCode = '0';
    `,
    async (world) => {
      await sleep(100);
      return world.host('server').isUp;
    },
  );
  assert.deepEqual(log, ['0: (booted)', '10: exit 0', '10: (exited with code 0)']);
  assert.deepEqual([violations, value], [[], false]);
});

test('process.exit in a promise, a tick and while booting ends the program as quietly', async () => {
  for (const way of [
    'await null; process.exit();',
    'process.nextTick(() => process.exit()); setInterval(() => {}, 1);',
    'queueMicrotask(() => process.exit()); setInterval(() => {}, 1);',
    'void (async () => { process.exit(); })(); setInterval(() => {}, 1);',
    'import { exit } from "node:process"; exit();',
  ]) {
    const { log, violations } = await story(`console.log('begins'); ${way}`);
    assert.deepEqual(
      [violations, log.filter((line) => !line.includes('booted'))],
      [[], ['0: begins', '0: (exited with code 0)']],
      way,
    );
  }
});

test('a program that gives up is a violation, unless the scenario expects it', async () => {
  const text = `setTimeout(() => process.exit(3), 10);`;
  const { violations, log } = await story(text);
  assert.deepEqual(violations, ['host `server` ended with exit code 3 by process.exit(3)']);
  assert.equal(log.at(-1), '10: (exited with code 3)');
  const expected = await story(text, () => sleep(50), { expectUncaught: ['server'] });
  assert.deepEqual(expected.violations, []);
  // It is down like a crashed host, so it is up again in the calm.
  assert.ok(expected.log.filter((line) => line.includes('booted')).length > 1);
  assert.match(
    (
      await story(
        `process.on('uncaughtException', () => process.exit(1));
         setTimeout(() => { throw new Error('lost'); }, 1);`,
      )
    ).violations[0] ?? '',
    /ended with exit code 1 by process\.exit\(1\), told of uncaughtException: Error: lost/,
  );
  assert.match((await story('process.abort();')).violations[0] ?? '', /exit code 134 by process\.abort\(\)/);
  assert.match(
    (await story('process.exitCode = 4;')).violations[0] ?? '',
    /exit code 4 by running to its end/,
  );
});

// Signals and graceful stops.

test('a graceful stop sends SIGTERM, and ends when the program exits', async () => {
  const { log, violations } = await story(
    `
    const beat = setInterval(() => {}, 10);
    process.on('SIGTERM', (signal, number) => {
      console.log(signal, number);
      setTimeout(() => process.exit(0), 30);
    });
    process.on('exit', (code) => console.log('exit', code));
    `,
    async (world) => {
      await sleep(5);
      await world.host('server').stop();
      return world.nowMs;
    },
  );
  assert.deepEqual(log.slice(0, 5), [
    '0: (booted)',
    '5: (stopping)',
    '5: SIGTERM 15',
    '35: exit 0',
    '35: (stopped)',
  ]);
  assert.deepEqual(violations, []);
});

test('a graceful stop ends when nothing keeps the program alive any more', async () => {
  const { log, violations, value } = await story(
    `
    const beat = setInterval(() => {}, 10);
    process.once('SIGTERM', () => setTimeout(() => clearInterval(beat), 40));
    `,
    async (world) => {
      await world.host('server').stop();
      return world.nowMs;
    },
  );
  assert.deepEqual(log.slice(1, 3), ['0: (stopping)', '40: (stopped)']);
  assert.deepEqual([violations, value], [[], 40]);
});

test('a program that does not end when asked to is killed at the deadline', async () => {
  const { log, violations } = await story(
    `setInterval(() => {}, 10);
     process.on('SIGTERM', () => console.log('no'));
     process.on('exit', () => console.log('never'));`,
    (world) => world.host('server').stop({ graceMs: 200 }),
  );
  assert.deepEqual(log.slice(1, 4), ['0: (stopping)', '0: no', '200: (crashed)']);
  assert.deepEqual(violations, []);
});

test('a program that does not listen ends of SIGTERM at once, and no exit listener runs', async () => {
  const { log, violations } = await story(
    `setInterval(() => {}, 10); process.on('exit', () => console.log('never'));`,
    (world) => world.host('server').stop(),
  );
  assert.deepEqual([log.slice(1, 3), violations], [['0: (stopping)', '0: (stopped)'], []]);
});

test('process.kill reaches the process itself and nobody else', async () => {
  const { log, violations } = await story(
    `
    process.on('SIGUSR2', (name) => console.log(name));
    const outcome = (run: () => unknown) => { try { return run(); } catch (error) { return error.code; } };
    console.log([
      outcome(() => process.kill(process.pid, 0)),
      outcome(() => process.kill(process.pid, 'SIGUSR2')),
      outcome(() => process.kill(process.pid, 'SIGWINCH')),
      outcome(() => process.kill(4242)),
      outcome(() => process.kill(process.ppid, 'SIGTERM')),
      outcome(() => process.kill('x' as never)),
      outcome(() => process.kill(process.pid, 'SIGNONSENSE')),
      outcome(() => process.exit('x' as never)),
    ].join());
    setTimeout(() => process.kill(process.pid, 'SIGINT'), 10);
    setInterval(() => {}, 1);
    `,
  );
  assert.deepEqual(log.slice(0, 3), [
    '0: true,true,true,ESRCH,ESRCH,ERR_INVALID_ARG_TYPE,ERR_UNKNOWN_SIGNAL,ERR_INVALID_ARG_TYPE',
    '0: (booted)',
    '0: SIGUSR2',
  ]);
  assert.deepEqual(violations, ['host `server` ended with exit code 130 by SIGINT']);
});

test('listeners of one host are not those of another, nor of the process that runs the test', async () => {
  const before = process.listenerCount('SIGTERM');
  const text = `
    process.on('SIGTERM', () => {}).once('custom', (value) => console.log('custom', value));
    const isHeard = process.emit('custom' as never, 7 as never);
    console.log(process.listenerCount('SIGTERM'), process.eventNames().length, isHeard);
    setInterval(() => {}, 10);
  `;
  const files = programFiles({ 'main.ts': text });
  const { result } = await driven(
    { hosts: { first: program(files.path('main.ts')), second: program(files.path('main.ts')) } },
    () => sleep(1),
    { record: true },
  );
  const { log } = storyOf(undefined, result);
  assert.deepEqual(
    log.filter((line) => !line.includes('booted')),
    ['0: custom 7', '0: 1 1 true', '0: custom 7', '0: 1 1 true'],
  );
  assert.equal(process.listenerCount('SIGTERM'), before);
});

test('a handler host that calls process.exit ends itself, and not the test', async () => {
  const server = handler(() => () => process.exit(0));
  const { value } = await driven({ hosts: { server } }, (world) =>
    world.client('guest', async () => [await outcomeOf(fetch('http://server/')), world.host('server').isUp]),
  );
  assert.deepEqual(value, ['TypeError: fetch failed (ECONNRESET)', false]);
});

test('an open server keeps a program alive; closed on SIGTERM, it lets it end', async () => {
  const files = programFiles({
    'main.ts': `
      import { createServer } from 'node:http';
      let served = 0;
      export const server = createServer((request, response) => response.end(String(++served)));
      server.listen(3000, () => console.log('listening'));
      process.on('SIGTERM', () => server.close(() => console.log('closed')));
    `,
    'client.ts': `
      import { get } from 'node:http';
      export const answers: string[] = [];
      const ask = () => get('http://server:3000/', async (response) => {
        for await (const chunk of response) answers.push(String(chunk));
      }).on('error', (error) => answers.push(error.code));
      const timer = setInterval(ask, 20);
      process.on('SIGTERM', () => clearInterval(timer));
    `,
  });
  const hosts = { server: program(files.path('main.ts')), client: program(files.path('client.ts')) };
  const run = async (): Promise<unknown[]> => {
    const { value, result } = await driven(
      { hosts },
      async (world) => {
        await sleep(70);
        await world.host('server').stop();
        const stoppedMs = world.nowMs;
        await sleep(30);
        await world.host('server').restart();
        await sleep(30);
        await world.host('client').stop();
        const { answers } = world.host('client').exports as { answers: string[] };
        return [stoppedMs, ...answers];
      },
      { record: true },
    );
    return [
      value,
      storyOf(undefined, result).log.filter((line) => line.includes('closed')).length,
      result.hash,
    ];
  };
  const once = await run();
  assert.deepEqual(once.slice(0, 2), [[70, '1', '2', '3', 'ECONNREFUSED', '1', '2'], 1]);
  assert.deepEqual(await run(), once);
});

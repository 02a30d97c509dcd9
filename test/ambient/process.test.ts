import assert from 'node:assert/strict';
import realProcess from 'node:process';
import { test } from 'node:test';
import { acquireAmbient } from '../../src/ambient/install.ts';
import { FakeWorld, onHost } from './fake-host.ts';

// `process` on a host that is code of the test's own process, and that of one that was given its own.

const captured = process;
const realEnv = process.env;

/** Runs a body while the ambient layer is installed. */
function installed<Value>(body: () => Value): Value {
  const release = acquireAmbient();
  try {
    return body();
  } finally {
    release();
  }
}

/** What a package took while the layer was installed. */
const capturedEnv = installed(() => process.env);

test('a host that was given no environment sees the real one, and its own process id', async () => {
  const { value } = await onHost(() => [
    process.env['PATH'] === capturedEnv['PATH'],
    process.argv.length === captured.argv.length,
    process.pid,
    process.ppid,
    process.cwd() === captured.cwd(),
    process instanceof Object.getPrototypeOf(captured).constructor,
    Object.prototype.toString.call(process),
  ]);
  assert.deepEqual(value, [true, true, 1001, 1, true, true, '[object process]']);
});

test('a host that was given an environment sees it alone, also by what a package took', async () => {
  const { host } = await onHost((own) => {
    own.process.start({ env: { ONLY: '1' }, argv: ['/main.js', 'word'] });
    assert.deepEqual({ ...process.env }, { ONLY: '1' });
    assert.deepEqual({ ...capturedEnv }, { ONLY: '1' });
    assert.deepEqual([captured.env['ONLY'], 'PATH' in capturedEnv], ['1', false]);
    capturedEnv['SET'] = 5 as never;
    Object.defineProperty(process.env, 'DEFINED', { value: 'x', enumerable: true, configurable: true });
    assert.deepEqual(Object.keys(process.env), ['ONLY', 'SET', 'DEFINED']);
    assert.equal(process.env['SET'], '5');
    delete capturedEnv['SET'];
    assert.equal(process.env['SET'], undefined);
    process.env = { OTHER: '2' };
    assert.deepEqual({ ...capturedEnv }, { OTHER: '2' });
    assert.deepEqual(process.argv, [process.execPath, '/main.js', 'word']);
    assert.deepEqual([captured.argv[2], captured.execArgv, captured.title], ['word', [], 'node']);
    assert.equal(
      process.on('exit', () => {}),
      process,
    );
    process.title = 'mine';
    process.argv = ['none'];
  });
  assert.equal(host.process.env?.['OTHER'], '2');
  assert.notEqual(process.title, 'mine');
  assert.notEqual(process.argv[0], 'none');
  assert.equal(capturedEnv['OTHER'], undefined);
});

test('two hosts share nothing of their processes', async () => {
  const world = new FakeWorld();
  const [left, right] = [world.host('left'), world.host('right')];
  const heard: string[] = [];
  const release = acquireAmbient();
  await world.run(() => {
    for (const host of [left, right]) {
      host.run(() => {
        host.process.start({ env: { NAME: host.name }, argv: [] });
        process.on('message' as never, () => heard.push(`${host.name} ${process.env['NAME']}`));
        process.exitCode = host.name === 'left' ? 3 : 4;
        Reflect.set(process, 'own', host.name);
      });
    }
    left.run(() => {
      process.emit('message' as never, undefined as never);
      heard.push(String(process.exitCode), String(Reflect.get(process, 'own')));
    });
    right.run(() => heard.push(String(process.exitCode), String(Reflect.get(process, 'own'))));
  });
  release();
  assert.deepEqual(heard, ['left left', '3', 'left', '4', 'right']);
  assert.deepEqual([process.exitCode, Reflect.get(process, 'own')], [undefined, undefined]);
  assert.deepEqual([...left.uncaughts, ...right.uncaughts], []);
});

test('exit, abort and kill end the host and not the process', async () => {
  for (const [end, said] of [
    [() => process.exit(2), 'process.exit(2): 2'],
    [() => captured.exit(), 'process.exit(): 0'],
    [() => process.abort(), 'process.abort(): 134'],
  ] as const) {
    const { host } = await onHost(
      () => {
        try {
          end();
        } catch (thrown) {
          assert.match(String(thrown), /^process\.exit\(\d+\) on a simulated host$/);
        }
      },
      { mayFail: true },
    );
    assert.deepEqual(host.ends, [said]);
  }
});

test('exit codes are checked as by Node.js', async () => {
  await onHost(() => {
    for (const wrong of ['x', 1.5, {}, true, '']) {
      assert.throws(() => Reflect.set(process, 'exitCode', wrong), { code: 'ERR_INVALID_ARG_TYPE' });
    }
    for (const right of [undefined, null, 0, 3, '7']) Reflect.set(process, 'exitCode', right);
    assert.equal(process.exitCode, '7');
  });
});

test('arguments that Node.js refuses are refused with its errors', async () => {
  await onHost(() => {
    assert.throws(() => process.emitWarning(5 as never), { code: 'ERR_INVALID_ARG_TYPE' });
    assert.throws(() => process.chdir(5 as never), { code: 'ERR_INVALID_ARG_TYPE' });
    assert.throws(() => process.setUncaughtExceptionCaptureCallback('x' as never), {
      code: 'ERR_INVALID_ARG_TYPE',
    });
    assert.throws(() => process.on('exit', 'x' as never), { code: 'ERR_INVALID_ARG_TYPE' });
  });
});

test('outside of hosts everything is the real one while the layer is installed, and is set for good', () => {
  installed(() => {
    assert.equal(process, captured);
    assert.equal(realProcess, captured);
    assert.deepEqual([process.pid, process.ppid], [captured.pid, captured.ppid]);
    process.env['WAVETANK_TEST'] = '1';
    assert.deepEqual([capturedEnv['WAVETANK_TEST'], realEnv['WAVETANK_TEST']], ['1', '1']);
    delete process.env['WAVETANK_TEST'];
    process.title = 'changed outside';
    process.argv = [...process.argv, 'added'];
  });
  assert.equal(process.title, 'changed outside');
  assert.equal(process.argv.at(-1), 'added');
  process.argv.pop();
  assert.equal(process.env, realEnv);
});

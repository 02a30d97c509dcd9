import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { test } from 'node:test';
import * as workerThreads from 'node:worker_threads';
import { EventKind } from '../../src/engine/event.ts';
import { isAlike, thrownBy } from './alike.ts';
import { onHost } from './fake-host.ts';

type NodePort = workerThreads.MessagePort;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const channel = (): workerThreads.MessageChannel => new workerThreads.MessageChannel();

test('messages arrive in order, cloned, after the code that sent them', () =>
  isAlike(async () => {
    const log: unknown[] = [];
    const { port1, port2 } = channel();
    const sent = { list: [1], when: new Date(5) };
    await new Promise<void>((resolve) => {
      port2.on('message', (message) => {
        log.push(message, message === sent);
        if (message === 'last') resolve();
      });
      log.push(port1.postMessage(sent));
      sent.list.push(2);
      port1.postMessage('last');
      log.push('sent');
    });
    port1.close();
    return log;
  }));

test('onmessage and addEventListener get MessageEvents, on and once the bare message', () =>
  isAlike(async () => {
    const log: unknown[] = [];
    const { port1, port2 } = channel();
    const web = port2 as unknown as EventTarget & { onmessage: ((event: MessageEvent) => void) | null };
    const note = (who: string) => (event: MessageEvent) => {
      log.push([
        who,
        event.type,
        event.data,
        event.constructor.name,
        event.target === port2,
        event.ports.length,
      ]);
    };
    /* oxlint-disable unicorn/prefer-add-event-listener -- the property is what is tested. */
    web.onmessage = note('replaced');
    web.onmessage = note('onmessage');
    web.addEventListener('message', note('listener') as never);
    port2.on('message', (message: unknown) => log.push(['on', message]));
    port2.once('message', (message: unknown) => log.push(['once', message]));
    port1.postMessage(1);
    port1.postMessage(2);
    await pause(10);
    log.push(typeof web.onmessage);
    web.onmessage = null;
    log.push(web.onmessage, port2.listenerCount('message'));
    port1.close();
    await pause(5);
    return log;
  }));

test('a port starts with its first listener, and holds the process until the last is gone', () =>
  isAlike(async () => {
    const log: unknown[] = [];
    const { port1, port2 } = channel();
    const listener = (message: unknown): void => void log.push(message);
    port1.postMessage('kept until the start');
    await pause(5);
    log.push((port2 as NodePort & { hasRef(): boolean }).hasRef());
    port2.on('message', listener);
    log.push((port2 as NodePort & { hasRef(): boolean }).hasRef());
    await pause(5);
    port2.off('message', listener);
    log.push((port2 as NodePort & { hasRef(): boolean }).hasRef());
    port1.close();
    return log;
  }));

test('emit calls the listeners with what it is given', () =>
  isAlike(() => {
    const log: unknown[] = [];
    const { port1 } = channel();
    port1.on('message', (message: unknown) => log.push(message));
    const emitter = port1 as unknown as { emit(type: string, value: unknown): boolean };
    log.push(emitter.emit('message', 'by hand'), emitter.emit('nobody listens', 1));
    port1.close();
    return log;
  }));

test('what was sent before a close arrives, then both ends hear of it', () =>
  isAlike(async () => {
    const log: unknown[] = [];
    const { port1, port2 } = channel();
    port1.on('close', () => log.push('close 1'));
    port2.on('close', () => log.push('close 2'));
    port2.on('message', (message: unknown) => log.push(message));
    port1.postMessage('before');
    (port1 as unknown as { close(callback: () => void): void }).close(() => log.push('callback'));
    port1.postMessage('after');
    port2.postMessage('to a closed one');
    log.push('closing');
    await pause(10);
    port1.close();
    port2.close();
    await pause(5);
    const at = log.indexOf('before');
    return [log[0], log.indexOf('close 2') > at, log.map(String).toSorted()];
  }));

test('what had come and was not read is lost in a close, and closing twice is closing once', () =>
  isAlike(async () => {
    const log: unknown[] = [];
    const { port1, port2 } = channel();
    port1.on('message', (message: unknown) => log.push(message));
    for (const port of [port1, port2]) port.on('close', () => log.push('closed'));
    port2.postMessage('lost');
    port1.close();
    port1.close();
    port2.close();
    await pause(5);
    return log;
  }));

test('a port that nobody started hears of a close', () =>
  isAlike(async () => {
    const log: unknown[] = [];
    const { port1, port2 } = channel();
    port2.on('close', () => log.push('closed'));
    port1.close();
    await pause(5);
    return log;
  }));

test('receiveMessageOnPort takes the oldest message', () =>
  isAlike(async () => {
    const { port1, port2 } = channel();
    port1.postMessage('a');
    port1.postMessage('b');
    const taken = [1, 2, 3].map(() => workerThreads.receiveMessageOnPort(port2));
    const log: unknown[] = [];
    port1.postMessage('c');
    port2.on('message', (message: unknown) => log.push(message));
    await pause(5);
    port1.close();
    return [taken, log, thrownBy(() => workerThreads.receiveMessageOnPort({} as never))];
  }));

test('buffers in the transfer list move, what cannot be cloned is refused at once', () =>
  isAlike(async () => {
    const { port1, port2 } = channel();
    const log: unknown[] = [];
    port2.on('message', (message: ArrayBuffer) => log.push(message.byteLength));
    const buffers = [new ArrayBuffer(4), new ArrayBuffer(5), new ArrayBuffer(6)] as const;
    port1.postMessage(buffers[0], [buffers[0]]);
    port1.postMessage(buffers[1], { transfer: [buffers[1]] } as never);
    port1.postMessage(buffers[2]);
    log.push(buffers.map((buffer) => buffer.byteLength));
    const error = thrownBy(() => port1.postMessage(() => {})) as { name: string; code: number };
    await pause(5);
    port1.close();
    return [log, error.name, error.code];
  }));

test('ports of a host are instances of the classes, and cannot be transferred', async () => {
  const { value } = await onHost(() => {
    const web = new MessageChannel();
    const { port1, port2 } = channel();
    return [
      web instanceof MessageChannel,
      web instanceof workerThreads.MessageChannel,
      port1 instanceof workerThreads.MessagePort,
      port1 instanceof MessagePort,
      port1 instanceof EventTarget,
      (thrownBy(() => port1.postMessage(port2, [port2])) as Error).name,
    ];
  });
  assert.deepEqual(value, [true, true, true, true, true, 'DataCloneError']);
});

test('listeners run in the context in which the channel was made', () =>
  isAlike(async () => {
    const storage = new AsyncLocalStorage<string>();
    const log: unknown[] = [];
    const { port1, port2 } = storage.run('made', channel);
    storage.run('listening', () => port2.on('message', () => log.push(storage.getStore())));
    storage.run('sending', () => port1.postMessage(1));
    await pause(5);
    port1.close();
    return log;
  }));

test('two ports that play for ever let time go on', async () => {
  const { engine } = await onHost(
    () => {
      const { port1, port2 } = channel();
      port1.on('message', (message: unknown) => port1.postMessage(message));
      port2.on('message', (message: unknown) => port2.postMessage(message));
      port1.postMessage('ball');
    },
    { stepsMax: 1000 },
  );
  assert.equal(engine.steps, 1000);
  assert.ok(engine.nowUs > 1000);
});

test('an exception of a listener reaches the host', async () => {
  const { host } = await onHost(
    async () => {
      const { port1, port2 } = channel();
      port2.on('message', () => {
        throw new Error('listener');
      });
      port1.postMessage(1);
      await pause(5);
      port1.close();
    },
    { mayFail: true },
  );
  assert.deepEqual(
    host.uncaughts.map(({ error }) => (error as Error).message),
    ['listener'],
  );
});

test('a message is an event of kind port, and ends with the host', async () => {
  const kinds: number[] = [];
  const { engine } = await onHost((host) => {
    host.timers.engine.onStep = (event) => kinds.push(event.kind);
    const { port1, port2 } = channel();
    port2.on('message', () => {
      host.state = 'gone';
      port1.postMessage('never');
    });
    port1.postMessage(1);
  });
  assert.deepEqual(kinds, [EventKind.port]);
  assert.equal(engine.queue.size, 0);
});

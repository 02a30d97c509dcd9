// A recorded run knows of each write what its host was doing: through awaits, timers, datagrams and sockets.

import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { test } from 'node:test';
import express from 'express';
import { calmPlan, daemon, defineScenario, handler, simulate } from '../../src/index.ts';
import type { Fault, Host, HostDefinition, JournalEntry, RunResult } from '../../src/index.ts';
import { ambientRegistry } from '../../src/ambient/registry.ts';
import { describeOrigin } from '../../src/history/provenance.ts';

interface Notes {
  notes: string[];
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const post = (url: string, body: string) => fetch(url, { method: 'POST', body });

async function recorded(
  hosts: Record<string, HostDefinition>,
  visit: () => Promise<unknown>,
  faults: readonly Fault[] = [],
): Promise<RunResult> {
  const scenario = defineScenario({
    name: 'notes',
    hosts,
    drive: async (world) => {
      await world.client('ann', async () => void (await visit()));
      await sleep(200);
    },
    network: { mayDuplicate: ['POST'] },
  });
  const plan = { ...calmPlan, faults };
  const plain = await simulate(scenario, { plan });
  const result = await simulate(scenario, { plan, record: true });
  assert.deepEqual(plain.violations, []);
  assert.equal(result.hash, plain.hash, 'recording changes nothing');
  assert.equal(plain.journal, undefined);
  assert.equal(ambientRegistry().activities, undefined, 'nothing is followed any more');
  return result;
}

/** The origins of the notes that a host took, in words, by note. */
function origins({ journal = [] }: RunResult): Record<string, string> {
  const said: Record<string, string> = {};
  for (const entry of journal) {
    for (const note of notesOf(entry)) said[note] = describeOrigin(entry).replace(/^.*?\), /, '');
  }
  return said;
}

function notesOf({ store, patches }: JournalEntry): string[] {
  if (store === 'disk') return patches.map(({ path }) => String(path[0]));
  return patches.filter(({ path }) => path.length === 2).map(({ value }) => String(value));
}

function noting(host: Host): (note: string) => void {
  const store = host.store<Notes>({ notes: [] });
  return (note) => void store.update((draft) => void draft.notes.push(note));
}

test('a handler that awaits is still handling its request, whatever woke it', async () => {
  const echo = handler(() => () => new Response('echo'));
  const notes = handler((host) => {
    const note = noting(host);
    return async (request) => {
      const text = await request.text();
      note(`${text} at once`);
      await fetch('http://echo/');
      note(`${text} after a call`);
      await sleep(5);
      note(`${text} after a sleep`);
      host.disk.put(`${text} on disk`, true);
      setTimeout(() => note(`${text} in a timer`), 10);
      return new Response('noted');
    };
  });
  const result = await recorded({ notes, echo }, () =>
    Promise.all(['a', 'b'].map((text) => post('http://notes/', text))),
  );
  const said = origins(result);
  for (const [text, nth] of [
    ['a', 1],
    ['b', 2],
  ]) {
    const request = `POST / #${nth} from \`ann\``;
    assert.equal(said[`${text} at once`], `handling ${request}`);
    assert.equal(
      said[`${text} after a call`],
      `handling ${request}, after the response to GET / #${nth} from \`echo\``,
    );
    assert.match(
      said[`${text} after a sleep`] ?? '',
      new RegExp(`^handling POST / #${nth} from .*, after a timer of 5`),
    );
    assert.match(said[`${text} on disk`] ?? '', new RegExp(`^handling POST / #${nth} from `));
    assert.equal(said[`${text} in a timer`], `in a timer of 10 ms, set handling ${request}`);
  }
});

test('a daemon writes at boot, in what it began at boot, on a datagram, and in an interval', async () => {
  const listener = daemon(async (host) => {
    const note = noting(host);
    note('at boot');
    let ticks = 0;
    setInterval(() => note(`tick ${++ticks}`), 40);
    host.onMessage(async (payload) => {
      await sleep(1);
      note(String(payload));
    });
    await fetch('http://speaker/');
    note('after asking');
  });
  const speaker = handler((host) => () => {
    host.send('listener', 'a datagram', 'news');
    return new Response('asked');
  });
  const said = origins(await recorded({ speaker, listener }, () => sleep(100)));
  assert.equal(said['at boot'], 'in what it began at boot');
  assert.match(
    said['after asking'] ?? '',
    /^in what it began at boot, after the response to GET \/ #1 from `speaker`/,
  );
  assert.match(said['a datagram'] ?? '', /^handling datagram news #1 from `speaker`, after a timer of 1 ms/);
  assert.equal(said['tick 1'], 'in a timer of 40 ms, set since its boot');
  assert.equal(said['tick 2'], 'in a timer of 40 ms, set since its boot');
});

test('a request that the network delivers twice is told apart from its copy', async () => {
  const notes = handler((host) => {
    const note = noting(host);
    let count = 0;
    return () => {
      note(`note ${++count}`);
      return new Response('noted');
    };
  });
  const fault: Fault = {
    kind: 'duplicate',
    from: 'ann',
    to: 'notes',
    message: 'request',
    label: 'POST /',
    nth: 1,
    afterMs: 7,
  };
  const said = origins(await recorded({ notes }, () => post('http://notes/', ''), [fault]));
  assert.equal(said['note 1'], 'handling POST / #1 from `ann`');
  assert.equal(said['note 2'], 'handling POST / #1 from `ann`, delivered a second time');
});

test('an Express app on sockets is handling the request, also on a connection that is reused', async () => {
  const notes = handler((host) => {
    const note = noting(host);
    const app = express();
    app.use(express.text());
    // oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Express 5 waits for them
    app.post('/:name', async (request, response) => {
      note(`${request.params.name} at once`);
      await sleep(3);
      note(`${request.params.name} later`);
      response.end('noted');
    });
    return app;
  });
  const { journal = [], ...result } = await recorded({ notes }, async () => {
    for (const name of ['a', 'b']) await post(`http://notes/${name}`, 'text');
    await Promise.all(['c', 'd'].map((name) => post(`http://notes/${name}`, 'text')));
  });
  const said = origins({ ...result, journal });
  for (const name of ['a', 'b', 'c', 'd']) {
    assert.match(said[`${name} at once`] ?? '', new RegExp(`^handling POST /${name} #1 from .ann.`));
    assert.match(
      said[`${name} later`] ?? '',
      new RegExp(`^handling POST /${name} #1 from .ann., after a timer of 3`),
    );
  }
});

test('a context of the code under test changes nothing of what is known', async () => {
  const context = new AsyncLocalStorage<string>();
  const notes = handler((host) => {
    const note = noting(host);
    return async (request) => {
      const text = await request.text();
      return context.run(text, async () => {
        setTimeout(() => note(`${context.getStore()} in a timer`), 2);
        await sleep(4);
        note(`${context.getStore()} later`);
        return new Response('noted');
      });
    };
  });
  const said = origins(await recorded({ notes }, () => post('http://notes/', 'x')));
  assert.equal(said['x in a timer'], 'in a timer of 2 ms, set handling POST / #1 from `ann`');
  assert.match(said['x later'] ?? '', /^handling POST \/ #1 from `ann`, after a timer of 4 ms/);
});

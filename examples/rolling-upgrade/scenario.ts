// A rolling upgrade in the tank: two replicas of one service, which are given a new version one by one, and
// perhaps the old one again, while somebody changes a profile.

import fc from 'fast-check';
import { handler, latency, swarm } from 'wavetank';
import type { Client, HostDefinition, ScenarioOptions, World } from 'wavetank';
import { Recorded } from '../recorded.ts';
import { FIELDS, profileKeepsFields, rowIsComparedAndSet, type Field, type Save } from './models.ts';
import { databaseService, type Row } from './services/database.ts';
import { profilesServiceV1, type UnknownFields } from './services/profiles-v1.ts';
import { profilesServiceV2 } from './services/profiles-v2.ts';

const REPLICAS = ['profiles-1', 'profiles-2'] as const;

/** Somebody changes a field of the own profile, some time after the change before. */
interface Change {
  readonly field: Field;
  /** The replica that is asked first. */
  readonly by: (typeof REPLICAS)[number];
  readonly afterMs: number;
}

const change: fc.Arbitrary<Change> = fc.record({
  field: fc.constantFrom(...FIELDS),
  by: fc.constantFrom(...REPLICAS),
  afterMs: fc.integer({ min: 0, max: 400 }),
});

/** The two versions, oldest first. */
export function versions(unknownFields: UnknownFields): HostDefinition[] {
  return [
    handler(() => profilesServiceV1({ unknownFields }), { port: 4000 }),
    handler(() => profilesServiceV2(), { port: 4000 }),
  ];
}

/** What `defineScenario` takes. Both replicas begin with the first version. */
export function rollingUpgrade(options: {
  name: string;
  versions: HostDefinition[];
}): ScenarioOptions<Change[]> {
  return {
    name: options.name,
    tags: ['upgrade'],

    hosts: { database: handler(bootDatabase, { port: 5000 }) },
    versions: { 'profiles-1': options.versions, 'profiles-2': options.versions },
    network: { latency: latency.longTail({ medianMs: 2, p99Ms: 20 }) },
    faults: swarm({
      upgrade: REPLICAS,
      delay: true,
      survivable: { hostsDown: 2 },
      horizonMs: 1_000,
    }),

    workload: fc.array(change, { minLength: 1, maxLength: 6 }),
    async drive(world, changes) {
      await world.client('ada', async (client) => {
        for (const each of changes) {
          await sleep(each.afterMs);
          await save(client, each);
        }
      });
    },

    always: {
      'a phone number that was saved stays': phoneNumbersStay,
      'every change that was saved is there': changesAreThere,
      'nothing is there that nobody saved': onlyWhatWasSaved,
      'who saves is shown what was saved': changesAreShown,
    },
    // Asked once, at the end.
    finally: {
      'the profile is a key-value store': profileKeepsFields,
      'the row is compared and set': rowIsComparedAndSet,
    },
    sometimes: { 'both versions were up at once': bothVersionsAreUp },
  };
}

/** Changes a field; by the other replica, and so on in turn, where there is no answer. */
async function save(client: Client, { field, by }: Change): Promise<void> {
  const wanted: Save = { field, value: `the ${field} of ${client.name}` };
  const body = JSON.stringify({ [field]: wanted.value });
  let isUnanswered = false;
  const ask = async () => {
    for (let next = REPLICAS.indexOf(by); ; next++) {
      const url = `http://${REPLICAS[next % REPLICAS.length]}:4000/profiles/${client.name}`;
      const asked = fetch(url, { method: 'PATCH', body, signal: AbortSignal.timeout(2_000) });
      const answer = await asked.catch(() => undefined);
      // What the profile is now; a refusal counts by its status.
      if (answer !== undefined) return answer.ok ? answer.json() : answer;
      isUnanswered = true;
      await sleep(20);
    }
  };
  await client.operation('save', wanted, ask, {
    // One replica refused it. The other, which did not answer, may have saved it.
    outcome: ({ type }) => (type === 'fail' && isUnanswered ? 'info' : undefined),
  });
}

/** No one takes a phone number away, so a profile that has got one has one. */
function phoneNumbersStay(world: World): string | undefined {
  const saved = world.history.filter(({ input, type }) => (input as Save).field === 'phone' && type === 'ok');
  const rows = (world.host('database').exports as { rows: Map<string, Row> } | undefined)?.rows;
  const lost = saved.find(({ client }) => rows?.get(client)?.fields['phone'] === undefined);
  return lost === undefined ? undefined : `the phone number of ${lost.client} was saved, and is gone`;
}

/** Each change that was saved has made a revision of the row; one without an answer may have made more. */
function changesAreThere(world: World): string | undefined {
  const saved = world.history.filter(({ type }) => type === 'ok').length;
  const revision = rowOf(world)?.revision ?? 0;
  return revision >= saved ? undefined : `${saved} changes were saved, and the profile has had ${revision}`;
}

function onlyWhatWasSaved(world: World): string | undefined {
  const fields = Object.keys(rowOf(world)?.fields ?? {});
  const alien = fields.find((field) => !world.history.some(({ input }) => (input as Save).field === field));
  return alien === undefined ? undefined : `the profile has a ${alien}, which nobody saved`;
}

function changesAreShown({ history }: World): string | undefined {
  for (const { input, value: shown, type } of history) {
    const { field, value } = input as Save;
    if (type === 'ok' && (shown as Record<string, unknown>)[field] !== value)
      return `a ${field} was saved, and the answer has ${JSON.stringify(shown)}`;
  }
  return undefined;
}

/** The profile of the only client. */
function rowOf(world: World): Row | undefined {
  const exposed = world.host('database').exports as { rows: Map<string, Row> } | undefined;
  return exposed?.rows.get('ada');
}

function bothVersionsAreUp(world: World): boolean {
  const replicas = REPLICAS.map((name) => world.host(name));
  return replicas.every(({ isUp }) => isUp) && new Set(replicas.map(({ version }) => version)).size > 1;
}

// The rows are what a database has on its disk; it does not go down here.
function bootDatabase(host: { expose(exports: Record<string, unknown>): void }) {
  const rows = new Map<string, Row>();
  const requests = new Recorded(databaseService({ rows }));
  host.expose({ rows, requests });
  return requests.handle;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

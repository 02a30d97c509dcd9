// The commands: what `--help` says of each, which options it takes, and where it is.

import type { Command, OptionTable } from './command.ts';

const NUMBERS = {
  runs: { type: 'string' },
  time: { type: 'string' },
  seed: { type: 'string' },
} satisfies OptionTable;

const REPORTERS = { reporter: { type: 'string', multiple: true } } satisfies OptionTable;

const MASKS = {
  mask: { type: 'string', multiple: true },
  unmask: { type: 'string', multiple: true },
  'no-mask': { type: 'boolean' },
} satisfies OptionTable;

/** By name, in the order of `--help`. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  explore: {
    help: `\
  wavetank explore [FILE ...]      explores the scenarios of *.sim.ts files (default: all below this folder)
      --runs N                     runs for each scenario (default 100, or as many as --time allows)
      --time 10s                   real time for each scenario: 500ms, 10s, 2m
      --until-failure              goes on without a limit of runs until something fails
      --bail                       the first failure of a scenario ends its exploration
      --shrink off                 tells failures as they were found
      --workers N                  processes that make runs (default: one for each processor); 0: this one
      --seed S                     base seed, 0 to 4294967295 (default 1)
      --shard 2/4                  makes this part, for merge-reports (default: what GitLab, Kubernetes say)
      --reporter NAME[:FILE],...   default, dot, agent, github, json, junit, html, blob, otlp, chrome-trace;
                                   a FILE of - prints
      --mask NAME, --unmask NAME   masks what stands under NAME (or /PATTERN/) as a secret; shows it
      --no-mask                    shows secrets
`,
    options: {
      ...NUMBERS,
      ...REPORTERS,
      ...MASKS,
      shard: { type: 'string' },
      workers: { type: 'string' },
      bail: { type: 'boolean' },
      shrink: { type: 'string' },
      'until-failure': { type: 'boolean' },
    },
    load: async () => (await import('./explore-command.ts')).exploreCommand,
  },
  replay: {
    help: `\
  wavetank replay FILE TOKEN       makes exactly one run again
      --reporter, --mask, ...      as above
      --otlp FILE, --chrome-trace FILE   writes the run for OpenTelemetry's tools, for ui.perfetto.dev
`,
    options: { ...REPORTERS, ...MASKS, otlp: { type: 'string' }, 'chrome-trace': { type: 'string' } },
    load: async () => (await import('./replay-command.ts')).replayCommand,
  },
  report: {
    help: `\
  wavetank report FILE ...         makes reports of stored reports (json, blob); --reporter as above
`,
    options: REPORTERS,
    load: async () => (await import('./report-command.ts')).reportCommand,
  },
  'merge-reports': {
    help: `\
  wavetank merge-reports FILE ...  joins the blobs of all parts (or of a folder): as if one had explored
`,
    options: { ...REPORTERS, ...MASKS },
    load: async () => (await import('./merge-command.ts')).mergeCommand,
  },
  fleet: {
    help: `\
  wavetank fleet explore [FILE ...] --database URL --revision R   has workers make the runs, joins them
      --runs, --seed, --time, --bail, --shrink, --reporter, --mask, ...   as above
      --database URL               PostgreSQL, with pg and pg-boss installed (default: WAVETANK_DATABASE)
      --revision R                 which code it is: a commit, an image (default: WAVETANK_REVISION, ...)
  wavetank fleet work --database URL --revision R   makes runs for all who explore, until it is ended
      --workers N                  as above
      --lease 20s                  a worker that is silent for so long is lost: others make its runs
  wavetank fleet status --database URL   shows what is under way
`,
    options: {
      ...NUMBERS,
      ...REPORTERS,
      ...MASKS,
      database: { type: 'string' },
      revision: { type: 'string' },
      lease: { type: 'string' },
      workers: { type: 'string' },
      bail: { type: 'boolean' },
      shrink: { type: 'string' },
    },
    load: async () => (await import('./fleet-command.ts')).fleetCommand,
  },
  mutate: {
    help: `\
  wavetank mutate [FILE ...]       alters runs that pass, and lists the alterations that no check noticed
      --runs N                     altered runs for each scenario (default 300, or as many as --time allows)
      --time 10s, --seed S         as above
      --accept TEXT                a survivor that is as it should be: part of what is said of it
      --json                       prints the reports as JSON, one line for each scenario
  wavetank mutate FILE --only TOKEN   makes one altered run again
`,
    options: {
      ...NUMBERS,
      only: { type: 'string' },
      json: { type: 'boolean' },
      accept: { type: 'string', multiple: true },
    },
    load: async () => (await import('./mutate-command.ts')).mutateCommand,
  },
};

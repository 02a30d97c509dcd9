// The commands: what `--help` says of each, which options it takes, and where it is.

import type { Command, OptionTable } from './command.ts';

const NUMBERS = {
  runs: { type: 'string' },
  time: { type: 'string' },
  seed: { type: 'string' },
} satisfies OptionTable;

const SELECTING = {
  grep: { type: 'string', multiple: true },
  tag: { type: 'string', multiple: true },
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
      --seed S                     base seed, 0 to 4294967295 (default 1; in CI, of the commit)
                                   WAVETANK_RUNS and WAVETANK_SEED are heeded where these are not given
      --strategy exhaustive        makes all runs of a small scenario within a bound (default --runs 10000)
      --faults N                   that bound: every order of events, under up to N faults: 0, 1 (default), 2
      --strategy NAME              who chooses the runs: portfolio, timed-random, pct, bounded,
                                   feedback (default portfolio: all in turn)
      --corpus                     begins with what was news in earlier explorations, and keeps what is
                                   (.wavetank/corpus); with --strategy portfolio or feedback, no --seed
      --shard 2/4                  makes this part, for merge-reports (default: what GitLab, Kubernetes say)
      --grep TEXT                  only scenarios with TEXT, or /a pattern/, in their name
      --tag TAG, --tag '!TAG'      only scenarios with one of these tags; none with that one
      --reporter NAME[:FILE],...   default, dot, agent, github, json, junit, html, blob, otlp, chrome-trace;
                                   a FILE of - prints
      --mask NAME, --unmask NAME   masks what stands under NAME (or /PATTERN/) as a secret; shows it
      --no-mask                    shows secrets
`,
    options: {
      ...NUMBERS,
      ...SELECTING,
      ...REPORTERS,
      ...MASKS,
      strategy: { type: 'string' },
      faults: { type: 'string' },
      corpus: { type: 'boolean' },
      shard: { type: 'string' },
      workers: { type: 'string' },
      bail: { type: 'boolean' },
      shrink: { type: 'string' },
      'until-failure': { type: 'boolean' },
    },
    load: async () => (await import('./explore-command.ts')).exploreCommand,
  },
  check: {
    help: `\
  wavetank check [FILE ...]        a short look before a commit, at known counterexamples and fresh seeds: the
                                   first failure of each scenario, or one line; options as of explore, and
      --time 5s                    for everything, from the start of the process on (default 5s)
      --changed                    only scenarios that changed files are part of, as git has it
`,
    options: {
      ...{
        time: NUMBERS.time,
        seed: NUMBERS.seed,
        workers: { type: 'string' },
        changed: { type: 'boolean' },
      },
      ...SELECTING,
      ...REPORTERS,
      ...MASKS,
    },
    load: async () => (await import('./check-command.ts')).checkCommand,
  },
  replay: {
    help: `\
  wavetank replay FILE TOKEN       makes exactly one run again
      --reporter, --mask, ...      as above
      --otlp FILE, --chrome-trace FILE   writes the run for OpenTelemetry's tools, for ui.perfetto.dev
      --until STEP                 ends the run after this step, and tells the story so far
      --break-on NAME              the same where NAME happens first: a marker, an operation, a message
                                   ("POST /charge #2"), a check that fails, "payments crashed", part of a log
      --inspect[=[HOST:]PORT]      stops there in a debugger, on the host; else where the run fails
`,
    options: {
      ...REPORTERS,
      ...MASKS,
      otlp: { type: 'string' },
      'chrome-trace': { type: 'string' },
      until: { type: 'string' },
      'break-on': { type: 'string' },
      inspect: { type: 'string' },
    },
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
  deflake: {
    help: `\
  wavetank deflake FILE ...        tells which tests of a file are flaky: of node:test, Vitest, Jest
      --runs N                     runs for each file (default 500, or as many as --time allows)
      --time 10s, --seed S         as above
      --today 2026-11-21           the day on which the tests run (default: this one)
      --in-order                   never runs the tests of a file in another order
  wavetank deflake FILE --replay TOKEN   makes one of the two outcomes of a test again
`,
    options: {
      ...NUMBERS,
      replay: { type: 'string' },
      today: { type: 'string' },
      'in-order': { type: 'boolean' },
    },
    load: async () => (await import('./deflake-command.ts')).deflakeCommand,
  },
  fleet: {
    help: `\
  wavetank fleet explore [FILE ...] --database URL --revision R   has workers make the runs, joins them
      --runs, --seed, --time, --strategy, --bail, --shrink, --reporter, --mask, ...   as above
      --corpus                     its workers share what is news, in the database; no --seed beside it
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
      strategy: { type: 'string' },
      corpus: { type: 'boolean' },
    },
    load: async () => (await import('./fleet-command.ts')).fleetCommand,
  },
  mutate: {
    help: `\
  wavetank mutate [FILE ...]       alters runs that pass, and lists the alterations that no check noticed
      --runs N                     altered runs for each scenario (default 300, or as many as --time allows)
      --time 10s, --seed S, --grep TEXT, --tag TAG   as above
      --accept TEXT                a survivor that is as it should be: part of what is said of it
      --json                       prints the reports as JSON, one line for each scenario
  wavetank mutate FILE --only TOKEN   makes one altered run again
`,
    options: {
      ...NUMBERS,
      ...SELECTING,
      only: { type: 'string' },
      json: { type: 'boolean' },
      accept: { type: 'string', multiple: true },
    },
    load: async () => (await import('./mutate-command.ts')).mutateCommand,
  },
  list: {
    help: `\
  wavetank list [FILE ...]         shows the scenarios: tags, hosts, faults, what came of them last
      --grep TEXT, --tag TAG       as above
      --json                       prints one line of JSON for each scenario
`,
    options: { ...SELECTING, json: { type: 'boolean' } },
    load: async () => (await import('./list-command.ts')).listCommand,
  },
  init: {
    help: `\
  wavetank init                    writes a scenario, its test and a pre-commit hook; replaces no file
      --dry-run                    says what it would write
`,
    options: { 'dry-run': { type: 'boolean' } },
    load: async () => (await import('./init-command.ts')).initCommand,
  },
};

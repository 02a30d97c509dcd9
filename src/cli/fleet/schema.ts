// The tables of a fleet, beside those of pg-boss: what became of each block, what was news, and who is at
// work.

/** Of the tables. Another layout gets another name, so that versions do not meet in one. */
export const SCHEMA = 'wavetank_fleet_1';
/** Of pg-boss: not that of an application, which may have another version of it. */
export const QUEUE_SCHEMA = 'wavetank_fleet_1_queue';

/**
 * Makes them, where they are not there yet.
 *
 * A block is a row from the moment it is made, and never altered: who makes it again changes nothing. Results
 * are text, since JSON of PostgreSQL has no \u0000.
 */
export const TABLES: string = `
create schema if not exists ${SCHEMA};
create table if not exists ${SCHEMA}.exploration (
  id text primary key,
  queue text not null,
  scenario text not null,
  file text not null,
  rules text not null,
  blocks integer not null,
  begun_at timestamptz not null default now(),
  -- Times that its jobs were given out: jobs of an earlier one are not given out again.
  generation integer not null default 1,
  is_over boolean not null default false,
  -- Which corpus its runs begin with and add to; null where they use none.
  corpus text,
  -- What it came to, once it was told.
  report text
);
create table if not exists ${SCHEMA}.corpus (
  name text primary key,
  -- How many explorations were told that used it.
  explorations integer not null default 0
);
create table if not exists ${SCHEMA}.corpus_entry (
  corpus text not null references ${SCHEMA}.corpus on delete cascade,
  nth bigserial,
  id text not null,
  entry text not null,
  primary key (corpus, id)
);
create table if not exists ${SCHEMA}.block (
  exploration text not null references ${SCHEMA}.exploration on delete cascade,
  place integer not null,
  runs integer not null,
  virtual_us double precision not null,
  result text not null,
  worker text not null,
  primary key (exploration, place)
);
create table if not exists ${SCHEMA}.failure (
  exploration text not null references ${SCHEMA}.exploration on delete cascade,
  place integer not null,
  signature text not null,
  run double precision not null,
  runs integer not null,
  primary key (exploration, place, signature)
);
-- What cannot be made, after several tries.
create table if not exists ${SCHEMA}.obstacle (
  exploration text not null references ${SCHEMA}.exploration on delete cascade,
  place integer not null,
  error text not null,
  primary key (exploration, place)
);
-- A worker and the job that it holds, until a moment that it puts off as long as it lives.
create table if not exists ${SCHEMA}.lease (
  worker text primary key,
  until timestamptz not null,
  queue text not null,
  job uuid,
  tries integer not null default 0,
  exploration text,
  place integer
);
`;

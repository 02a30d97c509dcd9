// What a fleet does, as text: who is at work, and how far each exploration is.

import type { Query } from './database.ts';
import { SCHEMA } from './schema.ts';

const SHOWN_MAX = 20;

/** The newest explorations, with what failed in them so far. */
export async function statusText(query: Query): Promise<string> {
  const [row] = await query(
    `select count(*)::integer as workers, count(job)::integer as busy
    from ${SCHEMA}.lease where until > now()`,
  );
  const explorations = await query(
    `select e.id, e.scenario, e.blocks, e.is_over, e.report is not null as is_told, e.corpus,
      (select count(*) from ${SCHEMA}.corpus_entry c where c.corpus = e.corpus)::integer as news,
      count(b.place)::integer as made, coalesce(sum(b.runs), 0)::double precision as runs
    from ${SCHEMA}.exploration e left join ${SCHEMA}.block b on b.exploration = e.id
    group by e.id order by e.begun_at desc limit ${SHOWN_MAX}`,
  );
  const lines = [`${row?.workers} workers, ${row?.busy} of them with a job`];
  for (const { id, scenario, blocks, made, runs, corpus, news, ...state } of explorations) {
    const told = state.is_told === true ? 'told' : state.is_over === true ? 'over' : 'under way';
    const shared = corpus === null ? '' : `, a corpus of ${news}`;
    lines.push(`${String(scenario)}: ${told}, ${made} of ${blocks} blocks, ${runs} runs${shared}`);
    const failures = await query(
      `select signature, sum(runs)::integer as runs from ${SCHEMA}.failure where exploration = $1
      group by signature order by min(run)`,
      [id],
    );
    for (const { signature, runs: times } of failures) lines.push(`  ${times} runs failed: ${signature}`);
  }
  return `${lines.join('\n')}\n`;
}

// `--grep` and `--tag`: which scenarios of the files are meant.

import { nearMiss } from '../errors.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Words } from './command.ts';
import { UsageError } from './exit-code.ts';

/** What is selected by. */
type Named = Pick<Scenario, 'name' | 'tags'>;

interface SelectingWords {
  readonly grep?: readonly string[];
  readonly tag?: readonly string[];
}

/** Names or tags that are listed for who selects none. */
const LISTED_MAX = 12;

/** The scenarios that were asked for; knows which there were, to say so when none is left. */
export class Selection {
  readonly #names: readonly string[];
  readonly #patterns: readonly ((name: string) => boolean)[];
  readonly #wanted: readonly string[];
  readonly #unwanted: readonly string[];
  readonly #seen: Named[] = [];
  #isEmpty = true;

  /**
   * @param words - `grep`: a part of the name, whatever its case, or `/pattern/flags`; one of them is enough.
   *   `tag`: a scenario has one of them; and none of those that begin with `!`.
   * @throws {UsageError} If one cannot be read.
   */
  constructor(words: Words) {
    const { grep = [], tag = [] } = words as SelectingWords;
    this.#names = grep;
    this.#patterns = grep.map(patternOf);
    for (const each of tag) {
      if (/^!?$/.test(each)) throw new UsageError(`Expected --tag to name a tag, got "${each}".`);
    }
    this.#wanted = tag.filter((each) => !each.startsWith('!'));
    this.#unwanted = tag.filter((each) => each.startsWith('!')).map((each) => each.slice(1));
  }

  /** Those that are meant, in their order. */
  of<Each extends Named>(scenarios: readonly Each[]): Each[] {
    const meant = scenarios.filter((each) => this.#isMeant(each));
    this.#seen.push(...scenarios);
    if (meant.length > 0) this.#isEmpty = false;
    return meant;
  }

  /** Once all were seen. @throws {UsageError} If there were scenarios, and none of them is meant. */
  check(): void {
    if (!this.#isEmpty || this.#seen.length === 0) return;
    throw new UsageError(`No scenario has ${this.#text()}${this.#hint()}`);
  }

  #isMeant({ name, tags }: Named): boolean {
    if (this.#patterns.length > 0 && !this.#patterns.some((matches) => matches(name))) return false;
    if (this.#wanted.length > 0 && !this.#wanted.some((tag) => tags.includes(tag))) return false;
    return !this.#unwanted.some((tag) => tags.includes(tag));
  }

  #text(): string {
    const quoted = (words: readonly string[]): string => words.map((word) => `"${word}"`).join(' or ');
    const parts = [
      this.#names.length === 0 ? '' : `${quoted(this.#names)} in its name`,
      this.#wanted.length === 0 ? '' : `the tag ${quoted(this.#wanted)}`,
      this.#unwanted.length === 0 ? '' : `no tag ${quoted(this.#unwanted)}`,
    ];
    return parts.filter((part) => part !== '').join(', and ');
  }

  /** What there is instead, of what nothing has. */
  #hint(): string {
    const names = [...new Set(this.#seen.map(({ name }) => name))];
    const tags = [...new Set(this.#seen.flatMap((each) => each.tags))];
    const strayTag = this.#wanted.find((tag) => !tags.includes(tag));
    if (strayTag !== undefined) return tags.length === 0 ? ': none has a tag.' : near(strayTag, tags);
    if (names.some((name) => this.#patterns.some((matches) => matches(name)))) return '.';
    return near(this.#names[0] ?? '', names);
  }
}

function near(word: string, known: readonly string[]): string {
  const rest = known.length - LISTED_MAX;
  if (rest <= 0) return nearMiss(word, known);
  const text = nearMiss(word, known);
  return text.startsWith(':')
    ? text
    : nearMiss(word, known.slice(0, LISTED_MAX)).replace(/\.$/, `, and ${rest} more.`);
}

function patternOf(word: string): (name: string) => boolean {
  if (word === '') throw new UsageError('Expected --grep to be a part of a name, or /a pattern/, got "".');
  const [, source, flags = ''] = /^\/(.+)\/([a-z]*)$/s.exec(word) ?? [];
  if (source === undefined) return (name) => name.toLowerCase().includes(word.toLowerCase());
  try {
    // A name is looked at anew each time: what a pattern remembers between two is of no use.
    const pattern = new RegExp(source, flags.replace(/[gy]/g, ''));
    return (name) => pattern.test(name);
  } catch (error) {
    throw new UsageError(
      `Expected --grep to be a part of a name, or /a pattern/: ${(error as Error).message}.`,
    );
  }
}

// What one operation does to a store of registers: as whoever reads a history says it, and by default.

import { HistoryError } from '../../errors.ts';
import type { Operation } from '../../history/operation.ts';
import { canonicalText } from '../canonical-text.ts';

/** What one operation does to a store of registers. */
export interface AccessStep {
  readonly kind: 'read' | 'write';
  /** Default: the store is a single register. */
  readonly key?: string | number;
  /** What it wrote; or what it read: null or undefined where nothing had been written yet. */
  readonly value?: unknown;
  /**
   * Which version of the key that is, where the store tells: a number that grows with each version. Default:
   * nobody knows. Where it is given, `value` may be left out.
   */
  readonly version?: number;
}

/** The same, checked, with its key and value as texts. */
export interface Step {
  readonly kind: 'read' | 'write';
  readonly key: string;
  readonly shown: string;
  readonly version: number | undefined;
  readonly isInitial: boolean;
}

/** @throws {HistoryError} If a step is none; it names the operation. */
export function checkedStep(step: AccessStep, operation: Operation): Step {
  const at = `operation ${operation.id} (${operation.client} ${operation.name})`;
  const { kind, key = '', value, version } = step;
  if (kind !== 'read' && kind !== 'write') {
    throw HistoryError.expected('`kind`: read or write', kind, at);
  }
  if (typeof key !== 'string' && typeof key !== 'number') {
    throw HistoryError.expected('`key`: a name or a number', key, at);
  }
  if (version !== undefined && !Number.isFinite(version)) {
    throw HistoryError.expected('`version`: a number', version, at);
  }
  const isInitial = value === undefined || value === null;
  if (kind === 'write' && isInitial && version === undefined && operation.type === 'ok') {
    throw HistoryError.expected('a value that is written', value, at);
  }
  // A version says as well as a value which write it was.
  const shown = isInitial && version !== undefined ? `version ${version}` : canonicalText(value);
  return { kind, key: key === '' ? 'the register' : canonicalText(key), shown, version, isInitial };
}

const READS: readonly string[] = ['read', 'get'];
const WRITES: readonly string[] = ['write', 'put', 'set'];

/**
 * What an operation does by its name and fields; see `SessionOptions.access`.
 *
 * @throws {HistoryError} If its name says nothing.
 */
export function defaultAccess({ id, client, name, input, value }: Operation): AccessStep {
  const asked = fieldsOf(input);
  const key = asked?.['key'] as string | undefined;
  const isRead = READS.includes(name);
  if (!isRead && !WRITES.includes(name)) {
    throw new HistoryError(
      `operation ${id} (${client} ${name}): expected a name among ${[...READS, ...WRITES].join(', ')}. ` +
        'Say by `access` what it does, or undefined to leave it out.',
    );
  }
  const answered = fieldsOf(value);
  const hasVersion = answered !== undefined && 'version' in answered;
  const version = hasVersion ? { version: answered['version'] as number } : {};
  const common = { ...(key === undefined ? {} : { key }), ...version };
  if (isRead) return { kind: 'read', ...common, value: hasVersion ? answered['value'] : value };
  return {
    kind: 'write',
    ...common,
    value: asked !== undefined && 'value' in asked ? asked['value'] : input,
  };
}

function fieldsOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

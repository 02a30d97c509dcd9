// What a scenario says about its reports: which names stand for secrets.

import { OptionError, checkKeys } from '../errors.ts';

/** What reports and messages may show. */
export interface ReportOptions {
  /**
   * Names under which further secrets stand: whole names, whatever their case and their `-` and `_`, or
   * patterns. `false`: nothing is masked. Default: the names that look like secrets (`password`, `token`,
   * `authorization`, ...).
   */
  readonly mask?: false | readonly (string | RegExp)[];
  /** Names that are no secrets, though they look like one. Default: none. */
  readonly unmask?: readonly (string | RegExp)[];
}

/** @throws {OptionError} If something in it is unknown, or is no list of names. */
export function checkReportOptions(options: unknown): ReportOptions {
  checkKeys('report', options, ['mask', 'unmask']);
  const { mask, unmask } = options as ReportOptions;
  if (mask !== undefined && mask !== false) checkNames('report.mask', mask, 'false, or a list');
  if (unmask !== undefined) checkNames('report.unmask', unmask, 'a list');
  return options as ReportOptions;
}

/** What an exploration says is added to what its scenario says; whether anything is masked, it decides. */
export function withReportOptions(scenario: ReportOptions, more: ReportOptions = {}): ReportOptions {
  const unmask = [...(scenario.unmask ?? []), ...(more.unmask ?? [])];
  if (more.mask === false || (more.mask === undefined && scenario.mask === false)) return { mask: false };
  const own = scenario.mask === false ? [] : (scenario.mask ?? []);
  return { mask: [...own, ...(more.mask ?? [])], unmask };
}

function checkNames(option: string, names: unknown, expected: string): void {
  const isName = (name: unknown): boolean =>
    (typeof name === 'string' && name !== '') || name instanceof RegExp;
  if (!Array.isArray(names) || !names.every(isName)) {
    throw OptionError.expected(option, `${expected} of names and regular expressions`, names);
  }
}

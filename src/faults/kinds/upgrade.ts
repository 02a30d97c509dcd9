// A process is asked to end, and another version of its program boots in its place: one step of a rolling
// upgrade, or of a rollback. Meanwhile the other replicas run what they ran.

import { OptionError } from '../../errors.ts';
import { usFromMs } from '../../time/duration.ts';
import { checkBudgetHosts, checkHost, checkTimes, msText } from '../timed.ts';
import type { DrawContext, Timed, TimedKind } from '../timed.ts';
import { STOP_GRACE_MS } from './stop.ts';

/**
 * A host is given another version of its program: it ends gracefully, within 10 seconds, and boots the other
 * version `downMs` later. Its disk stays. It keeps the version until the next upgrade, also in the calm.
 */
export interface UpgradeFault extends Timed {
  readonly kind: 'upgrade';
  readonly host: string;
  /** The number of the version in the scenario's `versions`, from 0. One that is not there does nothing. */
  readonly to: number;
  /** How long it is down after it ended, in virtual milliseconds. */
  readonly downMs: number;
}

/** See {@link UpgradeFault}. It strikes a host that runs, and not that version. */
export const upgradeKind: TimedKind<UpgradeFault> = {
  kind: 'upgrade',
  check(at, fault, hosts) {
    checkHost(`${at}.host`, fault['host'], hosts);
    checkTimes(at, fault, ['downMs']);
    const { to } = fault;
    if (!Number.isSafeInteger(to) || (to as number) < 0)
      throw OptionError.expected(`${at}.to`, 'the number of a version, an integer >= 0', to);
  },
  checkBudget: checkBudgetHosts('upgrade'),
  describe: ({ host, to, downMs }, at) =>
    `change of ${host} to version ${to} ${at}, back ${msText(downMs)} after its end`,
  strike(fault, storm) {
    const machine = storm.machine(fault.host);
    if (machine === undefined || machine.process === 'down' || machine.process === 'stopping') return;
    if (machine.installed === fault.to || machine.versions[fault.to] === undefined) return;
    storm.struck(fault);
    machine.install(fault.to);
    const bootLater = (): void => storm.later(usFromMs(fault.downMs), 'boot', () => void machine.boot());
    void machine.stop(usFromMs(STOP_GRACE_MS)).then(bootLater);
  },
  toll: ({ host, downMs }) => ({ down: [{ host, forMs: STOP_GRACE_MS + downMs }] }),
  draw: drawRollout,
};

/** Changes some hosts one after the other, and some of them back, or on. */
function drawRollout(context: DrawContext): UpgradeFault[] {
  const { budget, draw } = context;
  const rest = [...(budget.upgrade ?? [])];
  if (rest.length === 0 || draw(2) === 0) return [];
  const faults: UpgradeFault[] = [];
  for (let left = 1 + draw(rest.length); left > 0; left--) {
    const host = rest.splice(draw(rest.length), 1)[0] as string;
    const count = budget.versions?.[host] ?? 2;
    const times = [context.atMs(), ...(draw(3) === 0 ? [context.atMs()] : [])].toSorted((a, b) => a - b);
    let version = 0;
    for (const atMs of times) {
      // Any but the one that runs.
      const other = draw(count - 1);
      version = other < version ? other : other + 1;
      faults.push({ kind: 'upgrade', host, to: version, atMs, downMs: context.lengthMs(1_000) });
    }
  }
  return faults;
}

// The faults of clocks that say one number: by how much a clock is wrong, ahead or behind.

import type { MachineClock, WrongReading } from '../../time/machine-clock.ts';
import type { TimedFault } from '../fault.ts';
import { checkHost, type DrawContext, type Storm, type Timed, type TimedKind } from '../timed.ts';
import {
  allowanceOf,
  checkClockBudget,
  checkPositive,
  checkSigned,
  type ClockAllowance,
  drawForClocks,
  drawSigned,
  isRightAfterwards,
  rounderBehind,
  strikesWhenRead,
} from './clock-hosts.ts';

type AmountFault = Extract<TimedFault, { readonly kind: 'clockSkew' | 'clockStep' | 'clockDrift' }>;

/** What one of these kinds has to say of itself. */
interface Amount<F extends AmountFault> {
  readonly kind: F['kind'];
  /** The field of a fault, and the option of a budget that bounds it. */
  readonly field: 'byMs' | 'ppm';
  readonly option: 'msMax' | 'ppmMax';
  /** The most in any plan, and where a budget says nothing. */
  readonly most: number;
  readonly mostDefault: number;
  describe(fault: F, at: string): string;
  strike(clock: MachineClock, amount: number): void;
  /** Tells which readings are wrong then. */
  isWrong(reading: WrongReading): boolean;
  /** When it begins. */
  atMs(context: DrawContext): number;
}

/** Makes the kind. */
export function clockAmountKind<F extends AmountFault>(own: Amount<F>): TimedKind<F> {
  const { kind, field, option, most } = own;
  const amountOf = (fault: object): number => Reflect.get(fault, field) as number;
  const mostOf = (allowance: ClockAllowance): number => allowance[option] ?? own.mostDefault;
  return {
    kind,
    check(at, fault, hosts) {
      checkHost(`${at}.host`, fault['host'], hosts);
      checkSigned(`${at}.${field}`, fault[field], most);
    },
    checkBudget(allowed, hosts) {
      const allowance = checkClockBudget(kind, allowed, hosts, [option]);
      checkPositive(`faults.${kind}.${option}`, allowance[option], most);
    },
    describe: (fault, at) => own.describe(fault, at),
    strike(fault, storm: Storm) {
      const clock = storm.machine(fault.host)?.clock;
      strikesWhenRead(fault, storm, (reading) => own.isWrong(reading));
      isRightAfterwards(fault.host, storm);
      if (clock !== undefined) own.strike(clock, amountOf(fault));
    },
    draw(context) {
      const allowance = allowanceOf(context.budget[kind]);
      return drawForClocks(context, allowance.hosts, (host) => {
        const when: Timed = { atMs: own.atMs(context) };
        return { kind, host, ...when, [field]: drawSigned(context, mostOf(allowance)) } as unknown as F;
      });
    },
    *plainer(fault) {
      for (const amount of rounderAmounts(amountOf(fault), field)) yield { ...fault, [field]: amount };
    },
    isAllowed(fault, allowed) {
      const allowance = allowanceOf(allowed);
      return allowance.hosts.includes(fault.host) && Math.abs(amountOf(fault)) <= mostOf(allowance);
    },
  };
}

/** Plans round milliseconds ahead by themselves. */
function* rounderAmounts(amount: number, field: 'byMs' | 'ppm'): Generator<number> {
  if (field === 'byMs') yield* rounderBehind(amount);
  else for (const behind of rounderBehind(-Math.abs(amount))) yield amount > 0 ? -behind : behind;
}

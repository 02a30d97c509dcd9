// Where a reader is, as the part of the address after `#`: `#scenario-2/step-14`, scenarios counted from 1.
// Every part may be absent.

/** What an address names. */
export interface Place {
  /** Which scenario of the report, counted from 0. */
  readonly scenario?: number;
  readonly step?: number;
}

/** Reads `location.hash`. */
export function placeIn(hash: string): Place {
  const scenario = /^#(?:.*\/)?scenario-([1-9]\d{0,8})(?:\/|$)/.exec(hash)?.[1];
  const step = /^#(?:.*\/)?step-(\d{1,15})(?:\/|$)/.exec(hash)?.[1];
  return {
    ...(scenario === undefined ? {} : { scenario: Number(scenario) - 1 }),
    ...(step === undefined ? {} : { step: Number(step) }),
  };
}

/** The address of a place. */
export function hashOf({ scenario, step }: Place): string {
  const parts = [
    ...(scenario === undefined ? [] : [`scenario-${scenario + 1}`]),
    ...(step === undefined ? [] : [`step-${step}`]),
  ];
  return `#${parts.join('/')}`;
}

/** The address of a step in the scenario that is open. */
export function hashOfStep(step: number): string {
  return hashOf({ ...placeIn(location.hash), step });
}

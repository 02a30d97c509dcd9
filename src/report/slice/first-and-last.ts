// Of many places that are alike, the few that show it. Each choice is the same for a part of the list that
// still has what was chosen, so that a slice of a slice is the slice.

/** The first and the last of a list, in order. */
export function firstAndLast<Value>(
  values: readonly Value[],
  counts: { first: number; last: number },
): Value[] {
  const { first, last } = counts;
  if (values.length <= first + last) return [...values];
  return [...values.slice(0, first), ...values.slice(values.length - last)];
}

/** The first and the last of each group. */
export function endsOfGroups<Value>(values: readonly Value[], groupOf: (value: Value) => string): Value[] {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const group = groups.get(groupOf(value));
    if (group === undefined) groups.set(groupOf(value), [value]);
    else group.push(value);
  }
  return [...groups.values()].flatMap((group) => firstAndLast(group, { first: 1, last: 1 }));
}

// A runner's own `test`, which has `sim` besides.

/** Gives the runner's `test` with `sim` on it. What the runner exports stays as it is. */
export function withSim<Test extends object, Sim>(runnerTest: Test, sim: Sim): Test & { readonly sim: Sim } {
  const get = (target: Test, key: PropertyKey): unknown => (key === 'sim' ? sim : Reflect.get(target, key));
  return new Proxy(runnerTest, { get }) as Test & { readonly sim: Sim };
}

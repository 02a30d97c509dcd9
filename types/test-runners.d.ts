// The part of the test runners that the adapters use. They are optional peers and not installed here; the
// projects in test/fixtures/projects hold the adapters against the real ones.

declare module 'vitest' {
  export interface TestContext {
    readonly signal: AbortSignal;
  }
  type Body = (context: TestContext) => unknown;
  interface Declare {
    (name: string, options: { readonly timeout?: number }, body?: Body): void;
    (name: string, body?: Body): void;
  }
  export interface TestAPI extends Declare {
    readonly only: Declare;
    readonly skip: Declare;
    readonly todo: Declare;
  }
  export const test: TestAPI;
}

declare module '@jest/globals' {
  interface Declare {
    (name: string, body: () => Promise<unknown>, timeoutMs?: number): void;
  }
  export const test: Declare & {
    readonly only: Declare;
    readonly skip: Declare;
    readonly todo: (name: string) => void;
  };
}

declare module 'jest-environment-node' {
  import type { Context } from 'node:vm';

  interface Disposable {
    dispose(): void;
  }
  export class TestEnvironment {
    constructor(config: { readonly projectConfig: { readonly globals: object } }, context: unknown);
    global: typeof globalThis;
    moduleMocker: object | null;
    fakeTimers: Disposable | null;
    fakeTimersModern: Disposable | null;
    setup(): Promise<void>;
    teardown(): Promise<void>;
    getVmContext(): Context | null;
  }
}

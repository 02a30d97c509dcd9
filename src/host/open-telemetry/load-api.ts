// Loads OpenTelemetry's API where a scenario asks for it: the copy that its own modules would get. An
// optional peer dependency.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import type * as OpenTelemetryApi from '@opentelemetry/api';
import { adoptProvider } from '../../ambient/open-telemetry.ts';
import { EnvironmentError } from '../../errors.ts';

/** The package, as it is imported. */
export type Api = typeof OpenTelemetryApi;

const loaded = new Map<string | undefined, Api>();

/**
 * Loads the API, once, outside of every host.
 *
 * @param file - Who asks; default: the working folder.
 * @throws {EnvironmentError} If it is not installed, or no version that wavetank knows.
 */
export function loadApi(file: string | undefined): Api {
  let api = loaded.get(file);
  if (api === undefined) loaded.set(file, (api = loadFor(file)));
  return api;
}

function loadFor(file: string | undefined): Api {
  const places = [file, join(process.cwd(), 'wavetank.cjs')].filter((place) => place !== undefined);
  const path = places.map(resolvedFrom).find((found) => found !== undefined);
  if (path === undefined) {
    throw new EnvironmentError(
      'Expected @opentelemetry/api to be installed, got none: the scenario says `openTelemetry: true`. ' +
        'Install it (`npm install @opentelemetry/api`), or take the option out.',
    );
  }
  const api = createRequire(path)(path) as Api;
  const { trace, context, propagation } = api as Partial<Api>;
  if (trace === undefined || context === undefined || propagation === undefined)
    throw new EnvironmentError(`Expected version 1 of @opentelemetry/api, got another one in ${path}.`);
  adoptProvider(trace.getTracerProvider());
  return api;
}

function resolvedFrom(place: string): string | undefined {
  try {
    return createRequire(place).resolve('@opentelemetry/api');
  } catch {
    return undefined;
  }
}

// Prepares programs before a run: bundles and compiles each once a process, and again when a file of it
// changed.

import { enableSourceMaps } from '../../ambient/source-maps.ts';
import { bundle, stampOf, type BundleRequest } from './bundle.ts';
import { ProgramCode } from './program-code.ts';

/** Bundled programs by what was asked for, and compiled ones by what came of it. */
const prepared = new Map<string, Promise<ProgramCode>>();
const compiled = new Map<string, ProgramCode>();

/** Gives the program as it is on the disk now, with its packages loaded. */
export async function prepareProgram(request: BundleRequest): Promise<ProgramCode> {
  enableSourceMaps();
  const key = JSON.stringify([
    request.entry,
    [...request.replace],
    [...request.isolate].toSorted(),
    [...(request.provided ?? [])],
  ]);
  const known = prepared.get(key);
  if (known !== undefined && (await isCurrent(known))) return known;
  const preparing = prepare(request);
  prepared.set(key, preparing);
  // One that failed is tried again, when somebody has repaired a file.
  preparing.catch(() => prepared.delete(key));
  return preparing;
}

async function isCurrent(known: Promise<ProgramCode>): Promise<boolean> {
  const { inputs } = (await known).bundle;
  return [...inputs].every(([file, stamp]) => stampOf(file) === stamp);
}

async function prepare(request: BundleRequest): Promise<ProgramCode> {
  const made = await bundle(request);
  const key = `${request.entry} ${made.hash}`;
  let code = compiled.get(key);
  if (code === undefined) compiled.set(key, (code = new ProgramCode(made)));
  await code.load();
  return code;
}

// Asynchronous WebAssembly: compiled by threads of V8, so on a host by the synchronous twins behind promises.

import { type Patch, dispatch, patchMethod } from './patch.ts';

type Imports = object | undefined;

/** What Node.js' types do not declare. */
interface WebAssemblyNamespace {
  readonly Module: new (source: unknown) => object;
  readonly Instance: new (module: object, imports: Imports) => object;
}

const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyNamespace };

/** Patches `compile`, `instantiate` and their streaming twins. */
export function webAssemblyPatches(): Patch[] {
  const method = (key: string, virtual: (source: unknown, imports: Imports) => Promise<unknown>): Patch[] => {
    if (!(key in WebAssembly)) return [];
    return [
      patchMethod(`WebAssembly.${key}`, WebAssembly, key, (original) =>
        dispatch(original, (_host, [source, imports]) => virtual(source, imports as Imports)),
      ),
    ];
  };
  return [
    ...method('compile', async (source) => compiled(source, 'compile')),
    ...method('instantiate', async (source, imports) => instantiated(source, imports, 'instantiate')),
    ...method('compileStreaming', async (source) => compiled(await bodyOf(source), 'compileStreaming')),
    ...method('instantiateStreaming', async (source, imports) =>
      instantiated(await bodyOf(source), imports, 'instantiateStreaming'),
    ),
  ];
}

function compiled(source: unknown, key: string): object {
  return named(key, 'Module', () => new WebAssembly.Module(source));
}

function instantiated(source: unknown, imports: Imports, key: string): unknown {
  const link = (module: object): object =>
    named(key, 'Instance', () => new WebAssembly.Instance(module, imports));
  if (source instanceof WebAssembly.Module) return link(source);
  const module = compiled(source, key);
  return { module, instance: link(module) };
}

/** V8 begins its messages with the function that was called. */
function named<Made>(key: string, constructor: string, make: () => Made): Made {
  try {
    return make();
  } catch (error) {
    if (error instanceof Error)
      error.message = error.message.replace(`WebAssembly.${constructor}()`, `WebAssembly.${key}()`);
    throw error;
  }
}

async function bodyOf(source: unknown): Promise<ArrayBuffer> {
  const response = (await source) as Response;
  if (!(response instanceof Response)) {
    const message =
      'The "source" argument must be an instance of Response or an Promise resolving to Response.';
    throw Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' });
  }
  const type = response.headers.get('content-type');
  if (type !== 'application/wasm') throw unusable(`has unsupported MIME type '${type ?? ''}'`);
  if (!response.ok) throw unusable(`has status code ${response.status}`);
  if (response.bodyUsed) throw unusable('body has already been used');
  return response.arrayBuffer();
}

function unusable(why: string): TypeError {
  return Object.assign(new TypeError(`WebAssembly response ${why}`), {
    code: 'ERR_WEBASSEMBLY_RESPONSE',
  });
}

// Which names say that what stands under them is a secret.

/** What a scenario, an exploration or the command line says about masking. */
export interface MaskOptions {
  /**
   * Names of further secrets: a whole name, whatever its case and its `-` and `_`; or a pattern for names.
   * `false`: nothing is masked. Default: the names that look like secrets.
   */
  readonly mask?: false | readonly (string | RegExp)[];
  /** Names that are no secrets, though they look like one. */
  readonly unmask?: readonly (string | RegExp)[];
}

/**
 * `full`: all strings and numbers under it are secret, however deep. `shallow`: a string or a long number is,
 * and so is what an object names `id`, `value`, `number`, `key` or `raw`: a `token` may be a counter, and a
 * `session` has more than its id.
 */
export type Secrecy = 'full' | 'shallow';

/** Wherever they are in a name; `apikey` is in `X-Api-Key`. */
const FULL_PARTS = new RegExp(
  [
    ...['passw(?:or)?d', 'passphrase', 'passcode', 'secret', 'credential', 'privatekey'],
    ...['apikey', 'accesskey', 'signingkey', 'encryptionkey', 'authorization'],
    ...['socialsecurity', 'cardnumber', 'creditcard', 'cvv', 'iban', 'bearer', 'jwt'],
  ].join('|'),
);
/** A word of a name. */
const FULL_WORDS: ReadonlySet<string> = new Set(
  'pwd passwd pin cvc csc otp ssn totp mnemonic cookie pem dsn sid'.split(' '),
);
const SHALLOW_WORDS: ReadonlySet<string> = new Set('token session auth card csrf xsrf'.split(' '));
/** Within something shallow. */
const INNER_NAMES: ReadonlySet<string> = new Set('id value number key raw'.split(' '));

/** Tells secret names from others; remembers what it told. */
export class SecretNames {
  readonly #more: readonly (string | RegExp)[];
  readonly #less: readonly (string | RegExp)[];
  readonly #told = new Map<string, Secrecy | undefined>();

  constructor({ mask, unmask }: MaskOptions = {}) {
    this.#more = (mask === false ? [] : (mask ?? [])).map(plainPattern);
    this.#less = (unmask ?? []).map(plainPattern);
  }

  /** How secret what stands under a name is; undefined if it is not. */
  secrecyOf(name: string): Secrecy | undefined {
    if (name.length > NAME_MAX) return undefined;
    if (!this.#told.has(name)) this.#told.set(name, this.#secrecyOf(name));
    return this.#told.get(name);
  }

  /** As {@link secrecyOf}, for what stands under a name within an object that is secret itself. */
  within(outer: Secrecy | undefined, name: string): Secrecy | undefined {
    if (matches(this.#less, name)) return undefined;
    if (outer === 'full' || (outer === 'shallow' && INNER_NAMES.has(name.toLowerCase()))) return outer;
    return this.secrecyOf(name);
  }

  #secrecyOf(name: string): Secrecy | undefined {
    if (matches(this.#less, name)) return undefined;
    if (matches(this.#more, name) || FULL_PARTS.test(plainName(name))) return 'full';
    const words = wordsOf(name);
    if (words.some((word) => FULL_WORDS.has(word))) return 'full';
    return words.some((word) => SHALLOW_WORDS.has(word)) ? 'shallow' : undefined;
  }
}

const NAME_MAX = 100;

/** `X-Api-Key`, `x_api_key` and `xApiKey` are `xapikey`. */
function plainName(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** In lower case, in the singular. */
function wordsOf(name: string): string[] {
  const parted = name.replace(/(\p{Ll}|\p{N})(?=\p{Lu})/gu, '$1 ').toLowerCase();
  return (parted.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => word.replace(/s$/, ''));
}

function plainPattern(pattern: string | RegExp): string | RegExp {
  // A pattern with a position of its own would tell otherwise the second time.
  return typeof pattern === 'string'
    ? plainName(pattern)
    : new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
}

function matches(patterns: readonly (string | RegExp)[], name: string): boolean {
  return patterns.some((each) => (typeof each === 'string' ? each === plainName(name) : each.test(name)));
}

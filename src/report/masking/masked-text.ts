// Masks the secrets in running text: what stands behind a name that says so, and what looks like a secret by
// itself.

/** What the passes over a text ask of a masker. */
export interface TextMask {
  /** What stands behind a name; the same where it is no secret. `isProse`: it may be an ordinary sentence. */
  named(name: string, value: string, isProse?: boolean): string;
  /** What is a secret by its looks. */
  secret(value: string): string;
}

/** `name=value`, `"name": "value"`, `name: Bearer value`; quotes may be escaped, as JSON within JSON is. */
const NAME = /[A-Za-z][\w.-]{0,60}/;
const BETWEEN = /\\{0,15}["']?\s{0,4}[:=]\s{0,4}(?:(?:Bearer|Basic|Digest|Token|ApiKey)\s+)?/;
const QUOTED = /"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?/;
/** JSON in a string of JSON, however deep. */
const QUOTED_WITHIN = /\\{1,15}"(?:(?!\\{1,15}").)*/;
const BARE = /[^\s,;&"'{}[\]()<>\\]+/;
const VALUE = [QUOTED, QUOTED_WITHIN, BARE].map(({ source }) => source).join('|');
const PAIR = new RegExp(`(${NAME.source})(${BETWEEN.source})(${VALUE})`, 'gi');
/** In a query or a form: names and values are encoded. */
const QUERY = /(^|[?&])([^=&\s?#"'{}<>]{1,100})=([^&\s#"'<>]*)/g;
/** In a multipart form. */
const PART = /(name="([^"\r\n]+)"(?:\r?\n[^\r\n]+)*\r?\n\r?\n)([^\r\n]+)/g;
const ELEMENT = /(<([\w:.-]{1,60})(?:\s[^<>]*)?>)([^<>]+)(?=<\/\2>)/g;
const BEARER = /\b(Bearer\s+)([\w.~+/=-]{6,})/gi;
const BASIC = /\b(Basic\s+)((?=[\w+/]*[\d=])[\w+/]{6,}={0,2})/g;
/** `https://user:password@host`. */
const USER_INFO = /(:\/\/[^\s/:@]*:)([^\s/@]+)(?=@)/g;
const SCHEME_ALONE = /^(?:Bearer|Basic|Digest|Token|ApiKey)$/i;
const PEM = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;
const JWT = /\beyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*/g;

/** Masks what the passes find. */
export function maskedText(text: string, mask: TextMask): string {
  let masked = text;
  if (text.includes('-----BEGIN ')) masked = masked.replace(PEM, (key) => mask.secret(key));
  if (/[:=]/.test(masked)) {
    masked = masked
      .replace(QUERY, (_, before: string, name: string, value: string) => {
        const [plain, decoded] = [decodedText(name), decodedText(value)];
        const kept = mask.named(plain, decoded);
        return `${before}${name}=${kept === decoded ? value : kept}`;
      })
      .replace(PART, (_, head: string, name: string, value: string) => head + mask.named(name, value))
      .replace(PAIR, (pair, name: string, between: string, value: string) => {
        const [before, inner, after] = unquoted(value);
        // What follows it is masked already.
        if (SCHEME_ALONE.test(inner)) return pair;
        const isProse = before === '' && between.includes(':');
        return name + between + before + mask.named(name, inner, isProse) + after;
      })
      .replace(USER_INFO, (_, before: string, password: string) => before + mask.secret(password));
  }
  if (masked.includes('</')) {
    masked = masked.replace(ELEMENT, (_, head: string, name: string, value: string) => {
      return head + mask.named(name, value);
    });
  }
  return masked
    .replace(BEARER, (_, scheme: string, secret: string) => scheme + mask.secret(secret))
    .replace(BASIC, (_, scheme: string, secret: string) => scheme + mask.secret(secret))
    .replace(JWT, (secret) => mask.secret(secret));
}

function unquoted(value: string): [before: string, inner: string, after: string] {
  const [before = ''] = /^\\*["']/.exec(value) ?? [];
  if (before === '') return ['', value, ''];
  const inner = value.slice(before.length);
  return inner.endsWith(before) ? [before, inner.slice(0, -before.length), before] : [before, inner, ''];
}

function decodedText(encoded: string): string {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch {
    return encoded;
  }
}

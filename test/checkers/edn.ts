// Reads EDN, the notation in which histories of Jepsen are published, as far as they use it.

/** A value of EDN: keywords are strings without their colon, maps are objects. */
export type Edn = null | boolean | number | string | Edn[] | { readonly [key: string]: Edn };

const TOKEN = /[\s,]+|;[^\n]*|("(?:[^"\\]|\\.)*")|([[\](){}])|([^\s,;[\](){}"]+)/gy;

/** Reads all values of a text. */
export function readEdn(text: string): Edn[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new Error(`no EDN at ${at}: ${text.slice(at, at + 20)}`);
    const token = match[1] ?? match[2] ?? match[3];
    if (token !== undefined) tokens.push(token);
  }
  let next = 0;
  const read = (): Edn => {
    const token = tokens[next++];
    if (token === undefined) throw new Error('the text ends within a value');
    if (token === '[' || token === '(') return readList(token === '[' ? ']' : ')');
    if (token === '{') {
      const list = readList('}');
      return Object.fromEntries(
        list.flatMap((key, i) => (i % 2 === 0 ? [[key as string, list[i + 1] ?? null]] : [])),
      );
    }
    return readAtom(token);
  };
  const readList = (close: string): Edn[] => {
    const list: Edn[] = [];
    while (tokens[next] !== close) list.push(read());
    next++;
    return list;
  };
  const values: Edn[] = [];
  while (next < tokens.length) values.push(read());
  return values;
}

function readAtom(token: string): Edn {
  if (token.startsWith('"')) return JSON.parse(token) as string;
  if (token.startsWith(':')) return token.slice(1);
  if (token === 'nil') return null;
  if (token === 'true' || token === 'false') return token === 'true';
  return Number.isNaN(Number(token)) ? token : Number(token);
}

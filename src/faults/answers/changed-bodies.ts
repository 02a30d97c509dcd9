// Answers whose body breaks off or is not what its reader expects, and requests that are executed twice.

import { OptionError } from '../../errors.ts';
import type { Ending, WholeAnswer } from '../../host/answering.ts';
import { usFromMs } from '../../time/duration.ts';
import { checkTimes, msText } from '../timed.ts';
import type {
  MalformedBody,
  MalformedFault,
  OlderSchemaFault,
  TruncateFault,
  TwiceFault,
} from './answer-fault.ts';
import { isStatus } from './error-answers.ts';
import { withBody, type RequestKind } from './request-kind.ts';

const ENDINGS: readonly Ending[] = ['close', 'reset', 'hang'];
const ENDED: Readonly<Record<Ending, string>> = {
  close: 'closes the connection',
  reset: 'resets the connection',
  hang: 'falls silent',
};
const BYTES_MAX: readonly number[] = [1, 16, 256, 4_096];
const BODIES: readonly MalformedBody[] = ['html', 'broken-json', 'empty'];
const SHOWN: Readonly<Record<MalformedBody, string>> = {
  html: 'the error page of a proxy',
  'broken-json': 'half of the body',
  empty: 'an empty body',
};
const PAGE =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n' +
  '<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n';
const MS_MAX_DEFAULT = 1_000;

/** See {@link TruncateFault}. It strikes where there is a body. */
export const truncateKind: RequestKind<TruncateFault> = {
  kind: 'truncate',
  check(at, { bytes, ending }) {
    if (!Number.isSafeInteger(bytes) || (bytes as number) < 0)
      throw OptionError.expected(`${at}.bytes`, 'an integer >= 0', bytes);
    if (!ENDINGS.includes(ending as Ending))
      throw OptionError.expected(`${at}.ending`, '"close", "reset" or "hang"', ending);
  },
  describe: ({ to, bytes, ending }, request) =>
    `${to} executes ${request}, sends ${bytes} bytes of the body and ${ENDED[ending]}`,
  draw(ref, draw) {
    const bytes = draw(BYTES_MAX[draw(BYTES_MAX.length)] as number);
    return { kind: 'truncate', ...ref, bytes, ending: ENDINGS[draw(ENDINGS.length)] as Ending };
  },
  twist: (fault, { struck }) => ({
    answer(given) {
      if (given === undefined || given.body.length === 0) return given;
      const bytes = Math.min(fault.bytes, given.body.length - 1);
      struck({ ...fault, bytes });
      return { ...given, cut: { bytes, ending: fault.ending } };
    },
  }),
  *plainer(fault) {
    if (fault.bytes > 0) yield { ...fault, bytes: 0 };
    if (fault.bytes > 1) yield { ...fault, bytes: Math.floor(fault.bytes / 2) };
    for (const ending of ENDINGS.slice(0, ENDINGS.indexOf(fault.ending))) yield { ...fault, ending };
  },
};

/** See {@link MalformedFault}. It strikes where there is a body. */
export const malformedKind: RequestKind<MalformedFault> = {
  kind: 'malformed',
  check(at, { body, status }) {
    if (!BODIES.includes(body as MalformedBody))
      throw OptionError.expected(`${at}.body`, '"html", "broken-json" or "empty"', body);
    if (status !== undefined && (body !== 'html' || !isStatus(status, 200)))
      throw OptionError.expected(`${at}.status`, 'an integer from 200 to 599, with an error page', status);
  },
  describe({ to, body, status }, request) {
    const shown = status === undefined ? '' : `${status} and `;
    return `${to} executes ${request} and answers with ${shown}${SHOWN[body]}`;
  },
  draw(ref, draw) {
    const body = BODIES[draw(BODIES.length)] as MalformedBody;
    const isBadGateway = draw(2) === 0 && body === 'html';
    return { kind: 'malformed', ...ref, body, ...(isBadGateway ? { status: 502 } : {}) };
  },
  twist: (fault, { struck }) => ({
    answer(given) {
      if (given === undefined || given.body.length === 0) return given;
      struck(fault);
      return malformed(fault, given);
    },
  }),
  *plainer(fault) {
    const { status, ...plain } = fault;
    if (status !== undefined) yield plain;
    for (const body of BODIES.slice(0, BODIES.indexOf(fault.body))) yield { ...plain, body };
  },
};

function malformed({ body, status }: MalformedFault, given: WholeAnswer): WholeAnswer {
  if (body === 'empty') return withBody(given, '');
  if (body === 'broken-json') return withBody(given, given.body.slice(0, Math.ceil(given.body.length / 2)));
  const page = withBody(given, PAGE, 'text/html');
  return status === undefined ? page : { ...page, status, statusText: '' };
}

/** See {@link OlderSchemaFault}. It strikes where the body is JSON and the function changes it. */
export const olderSchemaKind: RequestKind<OlderSchemaFault> = {
  kind: 'olderSchema',
  check() {},
  describe: ({ to }, request) => `${to} answers ${request} in an older schema`,
  draw: (ref) => ({ kind: 'olderSchema', ...ref }),
  twist(fault, { olderSchema, struck }) {
    if (olderSchema === undefined) return undefined;
    return {
      answer(given) {
        const text = given === undefined ? '' : new TextDecoder().decode(given.body);
        const parsed = parsedJson(text);
        if (given === undefined || parsed === undefined) return given;
        const older = JSON.stringify(olderSchema(parsed.value)) as string | undefined;
        if (older === undefined || older === JSON.stringify(JSON.parse(text))) return given;
        struck(fault);
        return withBody(given, older);
      },
    };
  },
};

function parsedJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** See {@link TwiceFault}. */
export const twiceKind: RequestKind<TwiceFault> = {
  kind: 'twice',
  check: (at, fault) => checkTimes(at, fault, ['afterMs']),
  describe: ({ to, afterMs }, request) =>
    `${to} executes ${request} twice, because a proxy sent it again after ${msText(afterMs)}`,
  draw: (ref, draw, { msMax = MS_MAX_DEFAULT }) => ({
    kind: 'twice',
    ...ref,
    afterMs: (1 + draw(usFromMs(msMax))) / 1000,
  }),
  twist(fault, { mayDuplicate, struck }) {
    if (!mayDuplicate) return undefined;
    struck(fault);
    return { executions: 2, againUs: usFromMs(fault.afterMs) };
  },
};

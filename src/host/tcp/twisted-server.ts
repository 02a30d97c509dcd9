// Carries out what becomes of a request that reached an HTTP/1 server of Node.js over a connection; see
// answering.ts. The program's own listeners are asked as ever, or with a response that goes nowhere.

import http from 'node:http';
import type { Socket } from 'node:net';
import type { Activity } from '../../history/provenance.ts';
import type { RequestName } from '../../history/trace.ts';
import type { Twist, WholeAnswer } from '../answering.ts';
import type { Incarnation } from '../incarnation.ts';
import { wait, waitBefore } from '../twisted-exchange.ts';
import { bodyOf, captured, copyOf, type Handled } from './captured-response.ts';
import type { Endpoint } from './endpoint.ts';

type Emit = (name: string | symbol, ...args: unknown[]) => boolean;

interface Twisted extends Handled {
  readonly incarnation: Incarnation;
  readonly end: Endpoint;
  readonly twist: Twist;
  /** Hands a request to the program. */
  readonly serve: (handled: Handled) => void;
}

const WATCHED = Symbol('wavetank.watched');

/** Looks at every request to a server, if anything is planned for answers or a journal is kept. */
export function watchRequests(incarnation: Incarnation, server: object): void {
  const { answers, activities } = incarnation.machine.park;
  if ((answers === undefined && activities === undefined) || WATCHED in server) return;
  const emit = Reflect.get(server, 'emit') as Emit;
  const watched: Emit = function (this: object, name, ...args) {
    const [request, response] = args;
    if (name !== 'request' || !(request instanceof http.IncomingMessage))
      return Reflect.apply(emit, this, [name, ...args]);
    const handled: Handled = { request, response: response as http.ServerResponse };
    const serve = (given: Handled): void =>
      void Reflect.apply(emit, this, [name, given.request, given.response]);
    const end = endOf(incarnation, request.socket);
    const sent = end?.connection.nextRequest(request);
    const take = (): void => {
      if (!isTwisted({ ...handled, incarnation, end, serve }, sent)) serve(handled);
    };
    if (activities === undefined || end === undefined || sent === undefined) take();
    else activities.handle(requestActivity(end, sent), take);
    return true;
  };
  Object.defineProperty(server, 'emit', { value: watched, configurable: true, writable: true });
  Object.defineProperty(server, WATCHED, { value: true });
}

/** What the code does that this request leads to: the context of its parser knows only the connection. */
function requestActivity({ connection }: Endpoint, { label, nth }: RequestName): Activity {
  const { name: from } = connection.client.machine;
  return { kind: 'message', from, message: 'request', label, nth, isCopy: false };
}

function isTwisted(
  given: Omit<Twisted, 'end' | 'twist'> & { readonly end: Endpoint | undefined },
  sent: RequestName | undefined,
): boolean {
  const { incarnation, end, request } = given;
  const { machine } = incarnation;
  if (end === undefined || sent === undefined || !incarnation.isAlive) return false;
  const { machine: client } = end.connection.client;
  if (client === machine || machine.park.answers === undefined) return false;
  const topic = client.linkTo(machine).topic('request', sent.label);
  const { method = 'GET' } = request;
  const { name: to } = machine;
  const twist = machine.park.answers.twist({ from: client.name, to, method, topic, nth: sent.nth });
  if (twist === undefined) return false;
  void carryOut({ ...given, end, twist });
  return true;
}

/** The end of a connection below a socket, which may speak TLS. */
function endOf({ endpoints }: Incarnation, socket: Socket): Endpoint | undefined {
  const { remoteAddress, remotePort, localPort } = socket;
  for (const end of endpoints) {
    const { local, remote } = end;
    if (remote.port === remotePort && local.port === localPort && remote.address === remoteAddress)
      return remotePort === 0 ? undefined : end;
  }
  return undefined;
}

async function carryOut(twisted: Twisted): Promise<void> {
  const { incarnation, twist, response, end } = twisted;
  const { executions = 1, afterUs = 0 } = twist;
  if (twist.isRefused === true) return end.reset();
  await waitBefore(incarnation, twist);
  // Who queues requests does not pass on those that nobody waits for any more.
  if (response.destroyed) return;
  if (executions === 1 && afterUs === 0 && twist.answer === undefined) return twisted.serve(twisted);
  const given = executions === 0 ? undefined : await executed(twisted);
  if (response.destroyed) return;
  // The program ended the connection by itself.
  if (executions > 0 && given === undefined) return void response.destroy();
  if (afterUs > 0) await wait(incarnation, afterUs);
  const answer = twist.answer?.(given) ?? given ?? 'hang';
  if (response.destroyed || answer === 'hang') return;
  if (answer === 'reset') end.reset();
  else if (answer === 'close') response.socket?.end();
  else send(answer, twisted);
}

async function executed(twisted: Twisted): Promise<WholeAnswer | undefined> {
  const { incarnation, twist, request, serve } = twisted;
  if (twist.executions !== 2) {
    const capture = captured(twisted);
    serve({ request, response: capture.response });
    return capture.answer;
  }
  const body = await bodyOf(request);
  if (body === undefined) return undefined;
  let answer: WholeAnswer | undefined;
  for (const waitUs of [0, twist.againUs ?? 0]) {
    if (waitUs > 0) await wait(incarnation, waitUs);
    const copy = copyOf(request, body);
    const capture = captured({ request: copy, response: twisted.response });
    serve({ request: copy, response: capture.response });
    if (answer !== undefined && twist.answersFirst === true) return answer;
    answer = await capture.answer;
  }
  return answer;
}

function send({ status, statusText, headers, body, cut }: WholeAnswer, { response, end }: Twisted): void {
  response.writeHead(status, statusText, headers.flat());
  if (cut === undefined) {
    response.end(body);
    return;
  }
  const broken = (): void => {
    if (cut.ending === 'reset') end.reset();
    else if (cut.ending === 'close') response.socket?.end();
  };
  if (cut.bytes > 0) response.write(body.subarray(0, cut.bytes), broken);
  else {
    response.flushHeaders();
    broken();
  }
}

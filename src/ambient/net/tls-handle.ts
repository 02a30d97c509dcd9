// The handle below a `tls.TLSSocket` of Node.js: what its native TLSWrap is on top of a handle, without the
// cryptography. `tls.TLSSocket` and `tls.Server` themselves stay as they are.

import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { HostContext } from '../context.ts';
import { ownerSymbol } from './internals.ts';
import { releaseParser } from './parsers.ts';
import { receiveInto } from './receive.ts';
import type { SocketAddress, StreamErrorCode, TlsHello } from './stream.ts';
import { type ShutdownRequest, type StreamSink, systemError } from './tcp-handle.ts';
import { certificateFor, hasCertificate } from './tls-certificate.ts';
import { TlsConstants } from './tls-constants.ts';
import { protocolError, tlsError, type TlsFailure } from './tls-errors.ts';
import { protocolList, protocolsOf } from './tls-records.ts';
import { type SessionOwner, TlsSession } from './tls-session.ts';

/** The error of a write, as far as it is no error of the whole socket. */
export type WriteDone = (error?: StreamErrorCode | Error) => void;

/** What a TLS connection goes through: the handle of a socket, or any stream. */
export interface LowerHandle {
  /** Takes what arrives, in place of a socket. */
  sink: StreamSink | undefined;
  write(bytes: Uint8Array, done: WriteDone): void;
  shutdown(request?: ShutdownRequest): number;
  readStart(): number;
  readStop(): number;
  close(closed?: () => void): void;
}

type Addressed = LowerHandle & Record<string, ((...args: never[]) => unknown) | undefined>;

/** A socket of Node.js, or what stands for one above another kind of stream. */
export type WrappedSocket = Socket & { readonly _handle: unknown };

const CIPHER = 'TLS_AES_256_GCM_SHA384';

/** A handle of one TLS socket. */
export class TlsHandle extends TlsConstants implements LowerHandle, StreamSink, SessionOwner {
  readonly host: HostContext;
  sink: StreamSink | undefined;
  reading = false;
  bytesRead = 0;
  bytesWritten = 0;
  /** What the socket sets, and calls or is called by. */
  onhandshakedone: (() => void) | undefined;
  oncertcb: ((info: { servername: string; OCSPRequest: boolean }) => void) | undefined;
  onerror: ((error: Error) => void) | undefined;
  ALPNCallback: ((offered: Buffer) => number | undefined) | undefined;
  readonly lower: LowerHandle;
  readonly #wrapped: WrappedSocket | undefined;
  readonly #session: TlsSession;
  #pending: { bytes: Uint8Array; done: WriteDone }[] = [];
  #protocols: readonly string[] = [];
  #asksContext = false;
  #asksProtocol = false;
  #chosen: (() => void) | undefined;
  /** Whether what the owner before had written is on its way. */
  #isHeld: boolean;
  #early: (() => void) | undefined;

  constructor(
    host: HostContext,
    lower: LowerHandle,
    options: {
      wrapped: WrappedSocket | undefined;
      context: SecureContext | undefined;
      isServer: boolean;
      isHeld: boolean;
    },
  ) {
    super();
    this.host = host;
    this.lower = lower;
    this.#wrapped = options.wrapped;
    this.#isHeld = options.isHeld;
    this.#session = new TlsSession(this, options.isServer);
    if (hasCertificate(options.context)) this.#session.certificate = host.name;
    lower.sink = this;
    host.noteOnce('TLS: the cryptography is left out, both ends talk in clear');
  }

  get socket(): Socket | undefined {
    return (this as unknown as Record<symbol, Socket | undefined>)[ownerSymbol()];
  }

  /** What Node.js calls the handle below. */
  get _parent(): LowerHandle {
    return this.lower;
  }

  get writeQueueSize(): number {
    let size = (this.lower as Partial<{ writeQueueSize: number }>).writeQueueSize ?? 0;
    for (const { bytes } of this.#pending) size += bytes.length;
    return size;
  }

  // What the handshake asks.

  send(record: Buffer): void {
    if (this.#isHeld) {
      const before = this.#early;
      this.#early = () => {
        before?.();
        this.send(record);
      };
    } else this.lower.write(record, () => {});
  }

  chooseContext(servername: string, chosen: () => void): void {
    if (!this.#asksContext) return chosen();
    this.#chosen = chosen;
    this.oncertcb?.({ servername, OCSPRequest: false });
  }

  chooseProtocol(offered: readonly string[]): { protocol: string } | 'none' | undefined {
    if (this.#asksProtocol) {
      const at = this.ALPNCallback?.(protocolList(offered));
      const protocol = at === undefined ? undefined : protocolsOf(protocolList(offered).subarray(at))[0];
      return protocol === undefined ? 'none' : { protocol };
    }
    if (this.#protocols.length === 0) return undefined;
    const protocol = this.#protocols.find((name) => offered.includes(name));
    return protocol === undefined ? 'none' : { protocol };
  }

  secured(): void {
    this.onhandshakedone?.();
    for (const { bytes, done } of this.#pending.splice(0)) this.lower.write(bytes, done);
  }

  refused(failure: TlsFailure): void {
    const [first] = this.#pending.splice(0);
    if (first === undefined) this.onerror?.(tlsError(failure));
    else first.done(protocolError(failure));
  }

  deliver(bytes: Buffer): boolean {
    this.bytesRead += bytes.length;
    if (this.sink !== undefined) return this.sink.data(bytes);
    const { socket } = this;
    const isWanted = socket !== undefined && receiveInto(socket, bytes);
    if (!isWanted) this.reading = false;
    return isWanted;
  }

  // What the handle below tells.

  data(bytes: Buffer): boolean {
    return this.#session.receive(bytes);
  }

  ended(): void {
    if (this.sink !== undefined) return this.sink.ended();
    const { socket } = this;
    if (socket === undefined || socket.destroyed) return;
    socket.push(null);
    socket.read(0);
  }

  failed(code: StreamErrorCode): void {
    if (this.sink !== undefined) return this.sink.failed(code);
    this.socket?.destroy(systemError(code, 'read'));
  }

  discarded(): void {
    const { socket } = this;
    this.sink?.discarded();
    (this as unknown as Record<symbol, undefined>)[ownerSymbol()] = undefined;
    if (socket !== undefined) releaseParser(socket);
  }

  // What the socket calls, as on any handle.

  write(bytes: Uint8Array, done: WriteDone): void {
    this.bytesWritten += bytes.length;
    if (this.#session.isSecure) this.lower.write(bytes, done);
    else this.#pending.push({ bytes, done });
  }

  shutdown(request?: ShutdownRequest): number {
    return this.lower.shutdown(request);
  }

  readStart(): number {
    return this.lower.readStart();
  }

  readStop(): number {
    return this.lower.readStop();
  }

  close(closed?: () => void): void {
    const { socket } = this;
    if (socket !== undefined) (socket as unknown as { ssl: unknown }).ssl = null;
    const done = (): void => {
      for (const { done: finish } of this.#pending.splice(0)) finish();
      closed?.();
    };
    const wrapped = this.#wrapped;
    if (wrapped === undefined) this.lower.close(done);
    else if (wrapped._handle === null || wrapped._handle !== this.lower) this.lower.close(done);
    else {
      wrapped.once('close', done);
      wrapped.destroy();
    }
  }

  connect(...args: never[]): unknown {
    this.#announce();
    return this.#ask('connect', args);
  }

  connect6(...args: never[]): unknown {
    this.#announce();
    return this.#ask('connect6', args);
  }

  getpeername(out: Partial<SocketAddress>): unknown {
    return this.#ask('getpeername', [out as never]);
  }

  getsockname(out: Partial<SocketAddress>): unknown {
    return this.#ask('getsockname', [out as never]);
  }

  getAsyncId(): unknown {
    return this.#ask('getAsyncId', []);
  }

  ref(): void {
    this.#ask('ref', []);
  }

  unref(): void {
    this.#ask('unref', []);
  }

  hasRef(): boolean {
    return this.#ask('hasRef', []) === true;
  }

  // What `tls.TLSSocket` calls.

  start(): void {
    this.#session.begin();
  }

  receive(bytes: Buffer): void {
    this.data(bytes);
  }

  writesIssuedByPrevListenerDone(): void {
    this.#isHeld = false;
    this.#early?.();
    this.#early = undefined;
  }

  setVerifyMode(requestCert: boolean, rejectUnauthorized: boolean): void {
    const session = this.#session;
    session.wantsCertificate = session.isServer && requestCert;
    session.requiresCertificate = rejectUnauthorized;
  }

  setServername(name: string): void {
    this.#session.servername = name;
  }

  getServername(): string | false {
    return this.#session.servername ?? false;
  }

  setALPNProtocols(list: Uint8Array): void {
    this.#protocols = protocolsOf(list);
    if (!this.#session.isServer) this.#session.offered = this.#protocols;
  }

  enableALPNCb(): void {
    this.#asksProtocol = true;
  }

  getALPNNegotiatedProtocol(): string | false {
    return this.#session.protocol ?? false;
  }

  enableCertCb(): void {
    this.#asksContext = true;
  }

  certCbDone(): void {
    const chosen = this.#chosen;
    this.#chosen = undefined;
    chosen?.();
  }

  /** Every server is trusted, and every client that shows a certificate. */
  verifyError(): Error | undefined {
    if (!this.#session.wantsCertificate || this.hasPeerCertificate()) return undefined;
    const error = new Error('unable to get issuer certificate');
    return Object.assign(error, { code: 'UNABLE_TO_GET_ISSUER_CERT' });
  }

  hasPeerCertificate(): boolean {
    return this.#peerName() !== undefined;
  }

  getPeerX509Certificate(): object | undefined {
    return this.hasPeerCertificate() ? {} : undefined;
  }

  getPeerCertificate(): object | undefined {
    const name = this.#peerName();
    return name === undefined ? undefined : certificateFor(name);
  }

  getCertificate(): object | undefined {
    const { certificate } = this.#session;
    return certificate === undefined ? undefined : certificateFor(certificate);
  }

  getCipher(): object | undefined {
    const isKnown = this.#session.isSecure;
    return isKnown ? { name: CIPHER, standardName: CIPHER, version: 'TLSv1.3' } : undefined;
  }

  getEphemeralKeyInfo(): object | null {
    return this.#session.isServer ? null : { type: 'ECDH', name: 'X25519', size: 253 };
  }

  /** Tells a service that is no server of Node.js what to expect on this connection. */
  #announce(): void {
    const { servername, offered: alpn } = this.#session;
    (this.lower as { hello?: TlsHello }).hello = { servername, alpn };
  }

  #peerName(): string | undefined {
    const session = this.#session;
    return session.isServer ? session.peerCertificate : nameAskedBy(this.socket);
  }

  #ask(method: string, args: never[]): unknown {
    const lower = this.lower as Addressed;
    const call = lower[method];
    return call === undefined ? undefined : Reflect.apply(call, lower, args);
  }
}

interface ConnectOptions {
  readonly servername?: string;
  readonly host?: string;
  readonly socket?: { readonly _host?: string };
}

/** The name that a client checks the certificate of its server against. */
function nameAskedBy(socket: Socket | undefined): string {
  const known = socket === undefined ? [] : Object.getOwnPropertySymbols(socket);
  const symbol = known.find(({ description }) => description === 'connect-options');
  const options =
    symbol === undefined ? {} : ((socket as unknown as Record<symbol, unknown>)[symbol] as ConnectOptions);
  // `||`, as Node.js: no name is sent for an address.
  return options.servername || options.host || options.socket?._host || 'localhost';
}

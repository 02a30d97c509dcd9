// One end of a TLS connection without cryptography: its handshake, round trip for round trip, and its
// refusals.

import {
  ALERT_CERTIFICATE_REQUIRED,
  ALERT_NO_PROTOCOL,
  ALERT_UNEXPECTED,
  alertFailure,
  HTTP_REQUEST,
  NO_CERTIFICATE,
  NO_PROTOCOL,
  type TlsFailure,
  UNEXPECTED,
  WRONG_VERSION,
} from './tls-errors.ts';
import { type ClientHello, encodeRecord, readRecord, type TlsMessage } from './tls-records.ts';

const HTTP_METHOD = /^(?:GET|POST|HEAD|PUT) /;

/** What a session asks of the handle that it belongs to. */
export interface SessionOwner {
  send(record: Buffer): void;
  /** Asks the program which certificate is to be shown; `chosen` is called when it said so. */
  chooseContext(servername: string, chosen: () => void): void;
  /** @returns undefined where there is nothing to choose, `'none'` where nothing fits. */
  chooseProtocol(offered: readonly string[]): { protocol: string } | 'none' | undefined;
  /** The handshake is over. */
  secured(): void;
  refused(failure: TlsFailure): void;
  /** @returns whether more is wanted. */
  deliver(bytes: Buffer): boolean;
}

type Phase = 'begun' | 'choosing' | 'answered' | 'secure' | 'over';

/** The state of one end. */
export class TlsSession {
  readonly isServer: boolean;
  /** What a client asks for. */
  servername: string | undefined;
  offered: readonly string[] = [];
  /** What both agreed upon. */
  protocol: string | undefined;
  /** The name on the own certificate; undefined without one. */
  certificate: string | undefined;
  /** The name on the certificate that a client showed. */
  peerCertificate: string | undefined;
  wantsCertificate = false;
  requiresCertificate = false;
  readonly #owner: SessionOwner;
  #phase: Phase = 'begun';
  #awaitsVerdict = false;
  #received: Buffer = Buffer.alloc(0);

  constructor(owner: SessionOwner, isServer: boolean) {
    this.#owner = owner;
    this.isServer = isServer;
  }

  get isSecure(): boolean {
    return this.#phase === 'secure';
  }

  /** A client says hello. */
  begin(): void {
    const { servername, offered } = this;
    this.#owner.send(encodeRecord({ kind: 'client hello', servername, alpn: offered }));
  }

  /** Takes bytes of the other end. @returns whether more are wanted. */
  receive(bytes: Buffer): boolean {
    if (this.isSecure && !this.#awaitsVerdict) return this.#owner.deliver(bytes);
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    while (this.#phase !== 'over' && this.#phase !== 'choosing') {
      const read = readRecord(this.#received);
      if (read.is === 'incomplete') return true;
      if (read.is === 'foreign') {
        this.#fail(
          this.isServer && HTTP_METHOD.test(this.#received.toString('latin1')) ? HTTP_REQUEST : WRONG_VERSION,
        );
        return false;
      }
      this.#received = read.rest;
      this.#take(read.message);
      if (this.isSecure && !this.#awaitsVerdict) return this.#deliverRest();
    }
    return true;
  }

  #deliverRest(): boolean {
    const rest = this.#received;
    this.#received = Buffer.alloc(0);
    return rest.length === 0 || this.#owner.deliver(rest);
  }

  #take(message: TlsMessage): void {
    const expected = this.isServer
      ? this.#phase === 'begun'
        ? 'client hello'
        : 'finished'
      : this.#phase === 'begun'
        ? 'server hello'
        : 'finished';
    if (message.kind === 'alert') this.#fail(alertFailure(message.number));
    else if (message.kind !== expected) this.#fail(UNEXPECTED, ALERT_UNEXPECTED);
    else if (message.kind === 'client hello') this.#greeted(message);
    else if (message.kind === 'server hello') {
      this.protocol = message.alpn;
      this.#awaitsVerdict = message.wantsCertificate;
      this.#owner.send(encodeRecord({ kind: 'finished', certificate: this.certificate }));
      this.#secured();
    } else if (this.isServer) this.#judge(message.certificate);
    else this.#awaitsVerdict = false;
  }

  #greeted({ servername, alpn }: ClientHello): void {
    this.servername = servername;
    this.offered = alpn;
    this.#phase = 'choosing';
    const answer = (): void => {
      if (this.#phase === 'choosing') this.#answer();
    };
    if (servername === undefined) answer();
    else this.#owner.chooseContext(servername, answer);
  }

  #answer(): void {
    const choice = this.offered.length === 0 ? undefined : this.#owner.chooseProtocol(this.offered);
    // The program may have ended it all.
    if (this.#phase !== 'choosing') return;
    if (choice === 'none') return this.#fail(NO_PROTOCOL, ALERT_NO_PROTOCOL);
    this.protocol = choice?.protocol;
    this.#phase = 'answered';
    const { wantsCertificate } = this;
    this.#owner.send(encodeRecord({ kind: 'server hello', alpn: this.protocol, wantsCertificate }));
  }

  /** The client is there: with the certificate that was asked for, or without. */
  #judge(certificate: string | undefined): void {
    if (this.wantsCertificate) {
      if (certificate === undefined && this.requiresCertificate) {
        return this.#fail(NO_CERTIFICATE, ALERT_CERTIFICATE_REQUIRED);
      }
      this.peerCertificate = certificate;
      this.#owner.send(encodeRecord({ kind: 'finished', certificate: undefined }));
    }
    this.#secured();
  }

  #secured(): void {
    this.#phase = 'secure';
    this.#owner.secured();
  }

  #fail(failure: TlsFailure, alert?: number): void {
    this.#phase = 'over';
    if (alert !== undefined) this.#owner.send(encodeRecord({ kind: 'alert', number: alert }));
    this.#owner.refused(failure);
  }
}

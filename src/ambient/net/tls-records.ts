// The handshake of TLS without its cryptography, as bytes: records that look like those of TLS from outside,
// with what both ends have to agree upon in plain JSON. What follows a handshake is the bytes themselves.

/** What a client asks for. */
export interface ClientHello {
  readonly kind: 'client hello';
  readonly servername: string | undefined;
  readonly alpn: readonly string[];
}

/** What a server answers. */
export interface ServerHello {
  readonly kind: 'server hello';
  readonly alpn: string | undefined;
  /** The client has to say who it is, and waits for the verdict. */
  readonly wantsCertificate: boolean;
}

/** The last word of a client, and of a server that asked for a certificate. */
export interface Finished {
  readonly kind: 'finished';
  /** The name on the certificate of the client. */
  readonly certificate: string | undefined;
}

/** What one end refuses the other with. */
export interface Alert {
  readonly kind: 'alert';
  readonly number: number;
}

/** One message of a handshake. */
export type TlsMessage = ClientHello | ServerHello | Finished | Alert;

const HANDSHAKE = 0x16;
const ALERT = 0x15;
const FATAL = 2;
const HEAD_BYTES = 5;

/** Writes a message as a record. */
export function encodeRecord(message: TlsMessage): Buffer {
  const isAlert = message.kind === 'alert';
  const payload = isAlert ? Buffer.from([FATAL, message.number]) : Buffer.from(JSON.stringify(message));
  const head = Buffer.from([isAlert ? ALERT : HANDSHAKE, 3, message.kind === 'client hello' ? 1 : 3, 0, 0]);
  head.writeUInt16BE(payload.length, 3);
  return Buffer.concat([head, payload]);
}

/** The first record of some bytes: not all of it yet, or none at all. */
export type RecordRead =
  | { readonly is: 'record'; readonly message: TlsMessage; readonly rest: Buffer }
  | { readonly is: 'incomplete' }
  | { readonly is: 'foreign' };

/** Reads the record that bytes begin with. */
export function readRecord(bytes: Buffer): RecordRead {
  const [type, major] = bytes;
  const isType = type === undefined || type === HANDSHAKE || type === ALERT;
  if (!isType || (major !== undefined && major !== 3)) return { is: 'foreign' };
  if (bytes.length < HEAD_BYTES) return { is: 'incomplete' };
  const end = HEAD_BYTES + bytes.readUInt16BE(3);
  if (bytes.length < end) return { is: 'incomplete' };
  const payload = bytes.subarray(HEAD_BYTES, end);
  const message = type === ALERT ? alertOf(payload) : messageOf(payload);
  return message === undefined ? { is: 'foreign' } : { is: 'record', message, rest: bytes.subarray(end) };
}

function alertOf(payload: Buffer): Alert {
  return { kind: 'alert', number: payload[1] ?? 0 };
}

function messageOf(payload: Buffer): TlsMessage | undefined {
  try {
    return JSON.parse(payload.toString()) as TlsMessage;
  } catch {
    // A handshake of a real TLS, that something replayed.
    return undefined;
  }
}

/** Reads a list of protocols as TLS writes it: each after a byte with its length. */
export function protocolsOf(list: Uint8Array): string[] {
  const names: string[] = [];
  for (let at = 0; at < list.length;) {
    const length = list[at] as number;
    names.push(Buffer.from(list.subarray(at + 1, at + 1 + length)).toString('latin1'));
    at += 1 + length;
  }
  return names;
}

/** Writes a list of protocols as TLS does. */
export function protocolList(names: readonly string[]): Buffer {
  return Buffer.concat(
    names.map((name) => Buffer.from(`${String.fromCharCode(name.length)}${name}`, 'latin1')),
  );
}

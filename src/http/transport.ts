/**
 * The port between the engine and whatever answers requests: sockets, or the mock's core in virtual time.
 * Times are integer microseconds since the start of the run.
 */

/** An absolute http(s) URL, split once. */
export interface Target {
  /** `http:` or `https:`. */
  readonly protocol: 'http:' | 'https:'
  /** Name or address; IPv6 with or without brackets. */
  readonly hostname: string
  readonly port: number
  /** `host[:port]` as the Host header says it. */
  readonly authority: string
}

/** A name or address without the brackets of an IPv6 address. */
export function bareHost(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}

export interface WireRequest {
  readonly method: string
  readonly target: Target
  /** Path and query, `/` at least; already percent-encoded ASCII. */
  readonly path: string
  /**
   * In the order to send, names and values validated by the caller. The transport adds Host and Connection
   * unless they are here, and always writes its own Content-Length: one given here is left out, and so is
   * Transfer-Encoding, because a wrong one would make the server read one request as two.
   */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** A string is sent as UTF-8. */
  readonly body: string | Uint8Array | null
  /** The instant on the run's clock (not a duration) at which the request times out, wherever it is by then. */
  readonly deadlineUs: number
  /** Requests of one group share connections (a client process, or one VU). */
  readonly group: number
  /** How long it had to wait for its turn before it was handed to `send`, µs: part of `blockedUs`. */
  readonly waitedUs?: number
  /** The reply's body is read, of whatever size, but not kept. */
  readonly dropsBody?: boolean
}

/**
 * Where the time went. `blockedUs + connectingUs + tlsUs` is spent before `sentAtUs`. A request that had to be sent
 * again on a fresh connection keeps its first `sentAtUs`, so the second connection counts as time after sending.
 */
export interface WireTimings {
  /** Waiting for its turn and for a connection from the pool, DNS included. */
  readonly blockedUs: number
  readonly connectingUs: number
  readonly tlsUs: number
  /** The first byte of the request was handed to the socket. */
  readonly sentAtUs: number
  /** The whole request was handed over. */
  readonly requestEndAtUs: number
  readonly firstByteAtUs: number
  readonly doneAtUs: number
}

export interface WireResponse {
  readonly status: number
  readonly statusText: string
  /** As received, in order, names as sent by the server. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** The value of a header by its lower-case name, repeated ones joined by `, `; `undefined` when there is none. */
  header(lowerCaseName: string): string | undefined
  readonly body: Uint8Array
  /** `1.0` or `1.1`. */
  readonly httpVersion: string
  readonly timings: WireTimings
  /** Heads and bodies, before encryption; those of a first attempt that was sent again included. */
  readonly sentBytes: number
  readonly receivedBytes: number
  /** The other end of the connection; `undefined` when there was none (virtual time). */
  readonly remote?: RemoteEnd | undefined
}

/** The other end of a connection. */
export interface RemoteEnd {
  readonly address: string
  readonly port: number
  /** As k6 names them: `tls1.3`, and the cipher suite by its name in the standard; `undefined` for plain connections. */
  readonly tls: { readonly version: string; readonly cipher: string } | undefined
}

export type WireErrorKind =
  | 'timeout'
  | 'dns'
  | 'refused'
  | 'reset'
  | 'tls'
  | 'protocol'
  | 'unreachable'
  | 'blocked_address'
  | 'blocked_hostname'
  | 'aborted'
  | 'other'

export interface WireError {
  readonly kind: WireErrorKind
  /** One clear sentence without a full stop; names the server, never a path, a query or a header. */
  readonly message: string
  /** Node's code (`ECONNREFUSED`) or our own; `''` when there is none. */
  readonly code: string
  readonly atUs: number
  /** What was known when it failed; 0 for what was not reached. `sentAtUs` is `undefined` when nothing was sent. */
  readonly sentAtUs: number | undefined
  readonly blockedUs: number
  readonly connectingUs: number
  readonly tlsUs: number
  readonly sentBytes: number
  readonly receivedBytes: number
}

/** Called by the transport: `onSent` at most once, then exactly one of the other two. Never synchronously from `send`'s caller's stack except `onSent`. */
export interface ReplyHandler {
  onSent(atUs: number): void
  onResponse(response: WireResponse): void
  onError(error: WireError): void
  /** Nobody waits for the end any more: a request that was not sent yet need not be. */
  readonly isOver?: boolean
}

export interface Transport {
  send(request: WireRequest, handler: ReplyHandler): void
  /** Ends every request under way with an `aborted` error. */
  abortAll(): void
  /** Closes idle connections and refuses further requests. */
  close(): void
  /** A VU with this group has ended an iteration. Only there when that closes connections. */
  readonly endIteration?: (group: number) => void
}

import type { Clock } from '../../src/engine/clock.ts'
import type {
  RemoteEnd,
  ReplyHandler,
  Transport,
  WireError,
  WireErrorKind,
  WireRequest,
  WireResponse,
} from '../../src/http/transport.ts'

/** How a request goes. Times count from the moment it was asked. */
export interface Reply {
  /** When it leaves, default 0; `null`: never. */
  readonly sentAfterUs?: number | null
  /** When it ends, default 10 ms; after the request's deadline it times out instead. */
  readonly afterUs?: number
  /** Default 200. */
  readonly status?: number
  readonly headers?: readonly (readonly [name: string, value: string])[]
  readonly body?: string | Uint8Array
  readonly remote?: RemoteEnd
  /** Ends in this error, not in a reply. */
  readonly error?: WireErrorKind
}

/** Decides how a request goes; `index` counts requests from 0. */
export type Answer = (request: WireRequest, nowUs: number, index: number) => Reply

export interface SeenRequest {
  readonly atUs: number
  readonly request: WireRequest
}

const SENT_BYTES = 100
const RECEIVED_BYTES = 200

/** A transport whose replies the test decides. */
export class FakeTransport implements Transport {
  readonly seen: SeenRequest[] = []
  isClosed = false
  readonly #clock: Clock
  readonly #answer: Answer

  constructor(clock: Clock, answer: Answer) {
    this.#clock = clock
    this.#answer = answer
  }

  send(request: WireRequest, handler: ReplyHandler): void {
    const askedUs = this.#clock.nowUs()
    const reply = this.#answer(request, askedUs, this.seen.length)
    this.seen.push({ atUs: askedUs, request })
    const endUs = Math.min(askedUs + (reply.afterUs ?? 10_000), request.deadlineUs)
    const sentUs = leavesAtUs(reply, askedUs, endUs)
    if (sentUs === askedUs) handler.onSent(askedUs)
    else if (sentUs !== undefined) this.#clock.schedule(sentUs, () => handler.onSent(sentUs), 'exact')
    const isLate = askedUs + (reply.afterUs ?? 10_000) > request.deadlineUs
    const kind = isLate ? 'timeout' : reply.error
    const end = (): void => {
      if (kind === undefined) handler.onResponse(responseOf(reply, askedUs, sentUs ?? askedUs, endUs))
      else handler.onError(errorOf(kind, askedUs, sentUs, endUs))
    }
    this.#clock.schedule(endUs, end, 'exact')
  }

  abortAll(): void {}

  close(): void {
    this.isClosed = true
  }
}

function leavesAtUs({ sentAfterUs = 0 }: Reply, askedUs: number, endUs: number): number | undefined {
  if (sentAfterUs === null || askedUs + sentAfterUs > endUs) return undefined
  return askedUs + sentAfterUs
}

/** A reply that came at `doneAtUs`; it was blocked from `askedUs` to `sentAtUs`. */
export function responseOf(reply: Reply, askedUs = 0, sentAtUs = 0, doneAtUs = 10_000): WireResponse {
  const { status = 200, headers = [], body = '' } = reply
  const timings = {
    blockedUs: sentAtUs - askedUs,
    connectingUs: 0,
    tlsUs: 0,
    sentAtUs,
    requestEndAtUs: sentAtUs,
    firstByteAtUs: doneAtUs,
    doneAtUs,
  }
  const values = (name: string): string[] =>
    headers.filter(([other]) => other.toLowerCase() === name).map(([, value]) => value)
  return {
    status,
    statusText: status === 200 ? 'OK' : '',
    headers,
    header: (name) => (values(name).length === 0 ? undefined : values(name).join(', ')),
    body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
    httpVersion: '1.1',
    remote: reply.remote,
    timings,
    sentBytes: SENT_BYTES,
    receivedBytes: RECEIVED_BYTES,
  }
}

export function errorOf(kind: WireErrorKind, askedUs = 0, sentAtUs?: number, atUs = 10_000): WireError {
  return {
    kind,
    message: `it ended in ${kind}`,
    code: '',
    atUs,
    sentAtUs,
    blockedUs: (sentAtUs ?? atUs) - askedUs,
    connectingUs: 0,
    tlsUs: 0,
    sentBytes: sentAtUs === undefined ? 0 : SENT_BYTES,
    receivedBytes: 0,
  }
}

import type { MockApp } from '../../../mock-server/app.ts'
import type { ReplyPlan } from '../../../mock-server/exchange.ts'
import type { Clock, Timer } from '../../engine/clock.ts'
import { encodeRequest } from '../../http/encoder.ts'
import type { ReplyHandler, Transport, WireError, WireRequest, WireResponse } from '../../http/transport.ts'

type Header = readonly [name: string, value: string]

/**
 * The mock's pure core as a transport: no socket, no waiting. Connections cost nothing here, so a
 * request leaves the moment it is asked, and its service time is exactly what the mock decided.
 */
export class VirtualTransport implements Transport {
  readonly #app: MockApp
  readonly #clock: Clock
  readonly #authority: string
  readonly #pending = new Map<ReplyHandler, { timer: Timer; sentBytes: number; sentAtUs: number }>()

  constructor(app: MockApp, clock: Clock, authority: string) {
    this.#app = app
    this.#clock = clock
    this.#authority = authority
  }

  send(request: WireRequest, handler: ReplyHandler): void {
    const nowUs = this.#clock.nowUs()
    if (request.target.authority !== this.#authority) return this.#refuseHost(request, handler)
    handler.onSent(nowUs)
    const plan = this.#app.handle(
      {
        method: request.method,
        path: request.path,
        headers: headersOf(request),
        body: bytesOf(request.body),
      },
      this.#clock.uptimeUs(),
    )
    const replyAtUs = nowUs + (plan.replyAtUs - this.#clock.uptimeUs())
    const sentBytes = Buffer.byteLength(encodeRequest(request))
    const isLate = replyAtUs > request.deadlineUs
    const deliver = (): void => {
      this.#pending.delete(handler)
      if (isLate)
        handler.onError(
          errorOf('timeout', 'no reply within the timeout', request.deadlineUs, nowUs, sentBytes),
        )
      else handler.onResponse(responseOf(plan, request.method, nowUs, replyAtUs, sentBytes))
    }
    const timer = this.#clock.schedule(Math.min(replyAtUs, request.deadlineUs), deliver, 'exact')
    this.#pending.set(handler, { timer, sentBytes, sentAtUs: nowUs })
  }

  abortAll(): void {
    const nowUs = this.#clock.nowUs()
    for (const [handler, pending] of this.#pending) {
      pending.timer.cancel()
      handler.onError(errorOf('aborted', 'the run ended', nowUs, pending.sentAtUs, pending.sentBytes))
    }
    this.#pending.clear()
  }

  close(): void {}

  #refuseHost(request: WireRequest, handler: ReplyHandler): void {
    const nowUs = this.#clock.nowUs()
    const what = `in virtual time only the mock answers (http://${this.#authority}), not ${request.target.authority}`
    this.#clock.schedule(
      nowUs,
      () => handler.onError(errorOf('unreachable', what, nowUs, undefined, 0)),
      'exact',
    )
  }
}

function headersOf(request: WireRequest): Record<string, string> {
  const headers: Record<string, string> = { host: request.target.authority }
  for (const [name, value] of request.headers) headers[name.toLowerCase()] = value
  return headers
}

function bytesOf(body: string | Uint8Array | null): Uint8Array {
  return typeof body === 'string' ? Buffer.from(body) : (body ?? new Uint8Array())
}

function errorOf(
  kind: WireError['kind'],
  message: string,
  atUs: number,
  sentAtUs: number | undefined,
  sentBytes: number,
): WireError {
  const phases = { blockedUs: 0, connectingUs: 0, tlsUs: 0 }
  return { kind, message, code: '', atUs, sentAtUs, ...phases, sentBytes, receivedBytes: 0 }
}

function responseOf(
  plan: ReplyPlan,
  method: string,
  sentAtUs: number,
  replyAtUs: number,
  sentBytes: number,
): WireResponse {
  const body = method === 'HEAD' ? new Uint8Array() : bytesOf(plan.body)
  const { headers } = plan
  return {
    status: plan.status,
    statusText: '',
    headers,
    header: (name) => valuesOf(headers, name),
    body,
    httpVersion: '1.1',
    timings: {
      blockedUs: 0,
      connectingUs: 0,
      tlsUs: 0,
      sentAtUs,
      requestEndAtUs: sentAtUs,
      firstByteAtUs: replyAtUs,
      doneAtUs: replyAtUs,
    },
    sentBytes,
    receivedBytes: headSizeBytes(headers) + body.byteLength,
  }
}

function valuesOf(headers: readonly Header[], lowerName: string): string | undefined {
  const values = headers.filter(([name]) => name.toLowerCase() === lowerName).map(([, value]) => value)
  return values.length === 0 ? undefined : values.join(', ')
}

/** Status line, fields and the empty line, as they would stand on the wire. */
function headSizeBytes(headers: readonly Header[]): number {
  const statusLine = 'HTTP/1.1 200 OK\r\n'.length
  return headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, statusLine + 2)
}

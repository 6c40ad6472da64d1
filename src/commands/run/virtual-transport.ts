import type { MockApp } from '../../../mock-server/app.ts'
import type { ReplyPlan } from '../../../mock-server/exchange.ts'
import { isNamed } from '../../core/field-name.ts'
import { US_PER_S } from '../../core/units.ts'
import type { Clock, Timer } from '../../engine/clock.ts'
import { RequestEncoder } from '../../http/encoder.ts'
import type { ReplyHandler, Transport, WireError, WireRequest, WireResponse } from '../../http/transport.ts'

type Header = readonly [name: string, value: string]

/** Even the quickest reply: a VU that asks again and again at the same instant would hold virtual time up for ever. */
const LEAST_SERVICE_TIME_US = 1

/** A request under way. */
interface Exchange {
  readonly request: WireRequest
  readonly handler: ReplyHandler
  readonly sentAtUs: number
  readonly sentBytes: number
}

/**
 * The mock's pure core as a transport: no socket, no waiting. Connections cost nothing here, so a
 * request leaves the moment it is asked, and its service time is exactly what the mock decided, if that is not 0.
 */
export class VirtualTransport implements Transport {
  readonly #app: MockApp
  readonly #clock: Clock
  readonly #authority: string
  readonly #encoder = new RequestEncoder()
  readonly #pending = new Map<Exchange, Timer>()

  constructor(app: MockApp, clock: Clock, authority: string) {
    this.#app = app
    this.#clock = clock
    this.#authority = authority
  }

  send(request: WireRequest, handler: ReplyHandler): void {
    const sentAtUs = this.#clock.nowUs()
    if (request.target.authority !== this.#authority) return this.#refuseHost(request, handler)
    handler.onSent(sentAtUs)
    const plan = this.#ask(request, sentAtUs)
    const doneAtUs = Math.max(plan.replyAtUs + bodyTimeUs(plan), sentAtUs + LEAST_SERVICE_TIME_US)
    const exchange = {
      request,
      handler,
      sentAtUs,
      sentBytes: Buffer.byteLength(this.#encoder.encode(request)),
    }
    const isLate = plan.fault?.kind === 'stall' || doneAtUs > request.deadlineUs
    const deliver = (): void => {
      this.#pending.delete(exchange)
      if (isLate) timeOut(exchange)
      else reply(exchange, plan, doneAtUs)
    }
    const timer = this.#clock.schedule(isLate ? request.deadlineUs : doneAtUs, deliver, 'exact')
    this.#pending.set(exchange, timer)
  }

  abortAll(): void {
    const nowUs = this.#clock.nowUs()
    for (const [exchange, timer] of this.#pending) {
      timer.cancel()
      fail(exchange, 'aborted', 'the run ended', nowUs)
    }
    this.#pending.clear()
  }

  close(): void {}

  /** The mock's plan, in the time of the run: that begins after set-up, the mock's own before it. */
  #ask(request: WireRequest, nowUs: number): ReplyPlan {
    const uptimeUs = this.#clock.uptimeUs()
    const { method, path } = request
    const facts = { method, path, headers: headersOf(request), body: bytesOf(request.body) }
    const plan = this.#app.handle(facts, uptimeUs)
    return { ...plan, replyAtUs: plan.replyAtUs - uptimeUs + nowUs }
  }

  #refuseHost(request: WireRequest, handler: ReplyHandler): void {
    const nowUs = this.#clock.nowUs()
    const message = `in virtual time only the mock answers (http://${this.#authority}), not ${request.target.authority}`
    const error = errorOf('unreachable', message, nowUs)
    this.#clock.schedule(nowUs, () => handler.onError(error), 'exact')
  }
}

/** How long a trickling body takes; others take no time. */
function bodyTimeUs({ fault, body }: ReplyPlan): number {
  if (fault?.kind !== 'slow-body') return 0
  return Math.ceil((Buffer.byteLength(body) * US_PER_S) / fault.bytesPerS)
}

/** The end of an exchange for which the mock has answered, or broken its reply. */
function reply(exchange: Exchange, plan: ReplyPlan, doneAtUs: number): void {
  const { authority } = exchange.request.target
  switch (plan.fault?.kind) {
    case 'reset':
      return fail(exchange, 'reset', `${authority} closed the connection before it replied`, doneAtUs)
    case 'close-mid-body': {
      const receivedBytes = headSizeBytes(plan.headers) + plan.fault.sentBytes
      const message = `${authority} closed the connection in the middle of its reply`
      return fail(exchange, 'reset', message, doneAtUs, receivedBytes)
    }
    case 'malformed':
      return fail(exchange, 'protocol', `the reply of ${authority} is no HTTP`, doneAtUs)
    default:
      exchange.handler.onResponse(responseOf(exchange, plan, doneAtUs))
  }
}

function timeOut(exchange: Exchange): void {
  const { target, deadlineUs } = exchange.request
  fail(exchange, 'timeout', `${target.authority} did not reply in time`, deadlineUs)
}

function fail(
  { request, handler, sentAtUs, sentBytes }: Exchange,
  kind: WireError['kind'],
  message: string,
  atUs: number,
  receivedBytes = 0,
): void {
  const blockedUs = request.waitedUs ?? 0
  handler.onError({ ...errorOf(kind, message, atUs), sentAtUs, blockedUs, sentBytes, receivedBytes })
}

/** Of a request of which nothing was sent. */
function errorOf(kind: WireError['kind'], message: string, atUs: number): WireError {
  const phases = { blockedUs: 0, connectingUs: 0, tlsUs: 0 }
  return { kind, message, code: '', atUs, sentAtUs: undefined, ...phases, sentBytes: 0, receivedBytes: 0 }
}

function headersOf(request: WireRequest): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of request.headers) {
    const key = name.toLowerCase()
    const before = headers[key]
    headers[key] = before === undefined ? value : `${before}, ${value}`
  }
  headers['host'] ??= request.target.authority
  return headers
}

function bytesOf(body: string | Uint8Array | null): Uint8Array {
  return typeof body === 'string' ? Buffer.from(body) : (body ?? new Uint8Array())
}

function responseOf(
  { request, sentAtUs, sentBytes }: Exchange,
  plan: ReplyPlan,
  doneAtUs: number,
): WireResponse {
  const body = request.method === 'HEAD' ? new Uint8Array() : bytesOf(plan.body)
  const { status, headers } = plan
  const timings = {
    blockedUs: request.waitedUs ?? 0,
    connectingUs: 0,
    tlsUs: 0,
    sentAtUs,
    requestEndAtUs: sentAtUs,
    firstByteAtUs: Math.max(plan.replyAtUs, sentAtUs),
    doneAtUs,
  }
  return {
    status,
    statusText: '',
    headers,
    header: (name) => valuesOf(headers, name),
    body,
    httpVersion: '1.1',
    timings,
    sentBytes,
    receivedBytes: headSizeBytes(headers) + body.byteLength,
  }
}

function valuesOf(headers: readonly Header[], lowerName: string): string | undefined {
  const values = headers.filter(([name]) => isNamed(name, lowerName)).map(([, value]) => value)
  return values.length === 0 ? undefined : values.join(', ')
}

/** Status line, fields and the empty line, as they would stand on the wire. */
function headSizeBytes(headers: readonly Header[]): number {
  const statusLine = 'HTTP/1.1 200 OK\r\n'.length
  return headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, statusLine + 2)
}

import { timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { performance } from 'node:perf_hooks'
import { EXIT, UserError } from '../src/core/errors.ts'
import { isAdminPath } from './admin.ts'
import { createApp, type MockApp, type MockState } from './app.ts'
import type { MockConfig } from './config.ts'
import { DueHeap } from './due-heap.ts'
import { MAX_BODY_BYTES, type MockRequest } from './exchange.ts'
import type { Reply } from './services/service.ts'

export interface MockServerOptions {
  readonly config: MockConfig
  readonly seed: number
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** When given, admin requests need `Authorization: Bearer TOKEN`; without one a host other than loopback has no admin API. */
  readonly adminToken?: string
}

export interface MockServer {
  readonly url: string
  readonly port: number
  state(): MockState
  /** Stops accepting and answers what is under way; cuts off what is left after `timeoutMs` (default 10 s). */
  drain(timeoutMs?: number): Promise<void>
  /** Cuts every connection. */
  close(): Promise<void>
}

/** Timers fire up to 1.1 ms late, so the last stretch before a reply is polled. */
const POLL_US = 1_200
const DRAIN_TIMEOUT_MS = 10_000
const IDLE_CHECK_MS = 20

const LIMITS = {
  maxHeaderSize: 16_384,
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  /** Longer than a client's usual pause, so that it is the client who closes idle connections. */
  keepAliveTimeout: 75_000,
  noDelay: true,
}
const MAX_CONNECTIONS = 20_000

/**
 * Serves the app over HTTP: asks it when a request is complete and sends the reply when it is due.
 *
 * @throws UserError (usage) when the port is taken or the address cannot be used.
 */
export async function startMockServer(options: MockServerOptions): Promise<MockServer> {
  const shell = new HttpShell(options)
  await shell.listen(options.host, options.port)
  return shell
}

class HttpShell implements MockServer {
  readonly #app: MockApp
  readonly #server: Server
  readonly #replies: ReplyQueue
  readonly #admin: AdminGuard
  readonly #originMs = performance.now()
  #isDraining = false
  url = ''
  port = 0

  constructor(options: MockServerOptions) {
    this.#app = createApp(options.config, options.seed)
    this.#admin = new AdminGuard(options.host, options.adminToken)
    this.#replies = new ReplyQueue(this.#nowUs)
    this.#server = createServer(LIMITS, this.#onRequest)
    this.#server.maxConnections = MAX_CONNECTIONS
  }

  async listen(host: string, port: number): Promise<void> {
    this.#server.listen({ host, port })
    try {
      await once(this.#server, 'listening')
    } catch (error) {
      throw listenError(error, host, port)
    }
    this.port = (this.#server.address() as AddressInfo).port
    this.url = `http://${urlHost(host)}:${this.port}`
  }

  state(): MockState {
    return this.#app.state(this.#nowUs())
  }

  async drain(timeoutMs: number = DRAIN_TIMEOUT_MS): Promise<void> {
    this.#isDraining = true
    const idleCheck = setInterval(() => this.#server.closeIdleConnections(), IDLE_CHECK_MS)
    const deadline = setTimeout(() => this.#server.closeAllConnections(), timeoutMs)
    await this.#closeServer()
    clearInterval(idleCheck)
    clearTimeout(deadline)
    this.#replies.clear()
  }

  async close(): Promise<void> {
    const closed = this.#closeServer()
    this.#server.closeAllConnections()
    this.#replies.clear()
    await closed
  }

  async #closeServer(): Promise<void> {
    // A server that is closed already says so with an error, which is as good.
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  readonly #nowUs = (): number => Math.floor((performance.now() - this.#originMs) * 1_000)

  readonly #onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    readBody(request, (body) => this.#answer(request, response, body))
  }

  #answer(request: IncomingMessage, response: ServerResponse, body: Uint8Array): void {
    const path = request.url ?? '/'
    if (isAdminPath(path) && !this.#admin.allows(request)) return this.#send(response, ADMIN_REFUSAL)
    const facts: MockRequest = {
      method: request.method ?? 'GET',
      path,
      // Only `set-cookie` can be an array, which no request has a use for.
      headers: request.headers as Readonly<Record<string, string>>,
      body,
    }
    const plan = this.#app.handle(facts, this.#nowUs())
    this.#replies.add(plan.replyAtUs, () => this.#send(response, plan))
  }

  #send(response: ServerResponse, reply: Reply): void {
    if (response.destroyed) return
    const headers: string[] = this.#isDraining ? ['Connection', 'close'] : []
    for (const [name, value] of reply.headers) headers.push(name, value)
    response.writeHead(reply.status, headers)
    response.end(reply.body)
  }
}

/** Sends replies when they are due: never early, and normally less than 0.2 ms late. Sleeps while none is near. */
class ReplyQueue {
  readonly #nowUs: () => number
  readonly #heap = new DueHeap<() => void>()
  #timer: NodeJS.Timeout | undefined
  #timerDueUs = Infinity
  #immediate: NodeJS.Immediate | undefined

  constructor(nowUs: () => number) {
    this.#nowUs = nowUs
  }

  add(dueUs: number, send: () => void): void {
    if (dueUs <= this.#nowUs()) return send()
    this.#heap.push(dueUs, send)
    this.#arm()
  }

  clear(): void {
    while (this.#heap.size > 0) this.#heap.pop()
    this.#disarm()
  }

  /** Sees to it that the earliest reply is waited for, by a timer while it is far and by polling when it is near. */
  #arm(): void {
    const dueUs = this.#heap.nextUs
    if (this.#immediate !== undefined || dueUs >= this.#timerDueUs) return
    this.#disarm()
    const sleepMs = Math.floor((dueUs - this.#nowUs() - POLL_US) / 1_000)
    if (sleepMs < 1) {
      this.#immediate = setImmediate(this.#wake)
    } else {
      this.#timer = setTimeout(this.#wake, sleepMs)
      this.#timerDueUs = dueUs
    }
  }

  #disarm(): void {
    clearTimeout(this.#timer)
    clearImmediate(this.#immediate)
    this.#timer = undefined
    this.#timerDueUs = Infinity
    this.#immediate = undefined
  }

  readonly #wake = (): void => {
    this.#disarm()
    while (this.#heap.nextUs <= this.#nowUs()) this.#heap.pop()()
    if (this.#heap.size > 0) this.#arm()
  }
}

const ADMIN_REFUSAL_BODY =
  '{"error":{"message":"the admin API needs the admin token (Authorization: Bearer …)"}}\n'
const ADMIN_REFUSAL: Reply = {
  status: 403,
  headers: [
    ['Content-Type', 'application/json'],
    ['Content-Length', String(Buffer.byteLength(ADMIN_REFUSAL_BODY))],
  ],
  body: ADMIN_REFUSAL_BODY,
}

/** Who may use the admin API: with a token, those who know it; without, anybody if only this machine can connect. */
class AdminGuard {
  readonly #isOpen: boolean
  readonly #expected: Buffer | undefined

  constructor(host: string, token: string | undefined) {
    this.#isOpen = token === undefined && isLoopback(host)
    this.#expected = token === undefined ? undefined : Buffer.from(`Bearer ${token}`)
  }

  allows(request: IncomingMessage): boolean {
    if (this.#expected === undefined) return this.#isOpen
    const given = Buffer.from(request.headers.authorization ?? '')
    return given.length === this.#expected.length && timingSafeEqual(given, this.#expected)
  }
}

const NO_BODY = new Uint8Array(0)

/**
 * Collects a request body and hands it over when it is complete; what an aborted request leaves is dropped.
 * Beyond `MAX_BODY_BYTES` the rest is read and thrown away, and the app answers for what it sees.
 */
function readBody(request: IncomingMessage, onBody: (body: Uint8Array) => void): void {
  const chunks: Buffer[] = []
  let keptBytes = 0
  request.on('data', (chunk: Buffer) => {
    if (keptBytes > MAX_BODY_BYTES) return
    chunks.push(chunk)
    keptBytes += chunk.length
  })
  request.on('end', () => {
    const [only = NO_BODY] = chunks
    onBody(chunks.length > 1 ? Buffer.concat(chunks) : only)
  })
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}

const LISTEN_FAULTS: Readonly<Record<string, { what: string; todo: string }>> = {
  EADDRINUSE: { what: 'is already in use', todo: 'choose another with --port, or --port 0 for any free one' },
  EACCES: { what: 'may not be opened by this user', todo: 'choose one above 1023 with --port' },
  EADDRNOTAVAIL: { what: 'cannot be opened: the host is no address of this machine', todo: 'use 127.0.0.1' },
  ENOTFOUND: { what: 'cannot be opened: the host is unknown', todo: 'use 127.0.0.1' },
}

function listenError(error: unknown, host: string, port: number): unknown {
  const fault = LISTEN_FAULTS[(error as NodeJS.ErrnoException).code ?? '']
  if (fault === undefined) return error
  const what = `port ${port} on ${host} ${fault.what}`
  return new UserError(EXIT.usage, [{ where: '--port', what, todo: fault.todo }], { cause: error })
}

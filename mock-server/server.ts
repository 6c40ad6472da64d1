import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { EXIT, UserError } from '../src/core/errors.ts'
import { isAdminPath } from './admin.ts'
import { createApp, type MockState, type NotedApp } from './app.ts'
import type { Cap } from './cap.ts'
import type { MockConfig } from './config.ts'
import type { MockRequest, ReplyPlan } from './exchange.ts'
import { loadLatencyFiles } from './latency-file.ts'
import type { Reply } from './services/service.ts'
import { ADMIN_REFUSAL, AdminGuard } from './shell/admin-guard.ts'
import { type Certificate, checkCertificate, createSelfSigned } from './shell/certificate.ts'
import { listenError } from './shell/listen-error.ts'
import { ReplyQueue } from './shell/reply-queue.ts'
import { readBody } from './shell/request-body.ts'
import { sendBroken } from './shell/wire-fault.ts'

export interface MockServerOptions {
  readonly config: MockConfig
  readonly seed: number
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** When given, admin requests need `Authorization: Bearer TOKEN`; without one a host other than loopback has no admin API. */
  readonly adminToken?: string
  /** How many seconds of the mock pass in a real one, above 0; default 1. */
  readonly timeScale?: number
  /** Serves HTTPS; `self-signed`: with a certificate made now. */
  readonly tls?: Certificate | 'self-signed'
  /** How long a client may take to send the head of a request; default 10 s. */
  readonly headTimeoutMs?: number
  /** Connections beyond so many are closed at once; default 20,000. */
  readonly maxConnections?: number
}

export interface MockServer {
  readonly url: string
  readonly port: number
  /** PEM, for clients to trust; `undefined` without TLS. */
  readonly certificate: string | undefined
  state(): MockState
  /** What it lets through now. */
  readonly cap: () => Cap
  /** Stops accepting and answers what is under way; cuts off what is left after `timeoutMs` (default 10 s). */
  drain(timeoutMs?: number): Promise<void>
  /** Cuts every connection. */
  close(): Promise<void>
}

const DRAIN_TIMEOUT_MS = 10_000
const IDLE_CHECK_MS = 20
const HEAD_TIMEOUT_MS = 10_000
/** How often Node looks for clients that are too slow. */
const SLOW_CLIENT_CHECK_MS = 1_000

const LIMITS = {
  maxHeaderSize: 16_384,
  requestTimeout: 60_000,
  /** Longer than a client's usual pause, so that it is the client who closes idle connections. */
  keepAliveTimeout: 75_000,
  noDelay: true,
}
const MAX_CONNECTIONS = 20_000

/**
 * Serves the app over HTTP: asks it when a request is complete and sends the reply when it is due.
 *
 * @throws UserError (usage) when the port is taken, or the address, the certificate or a latency file cannot be used.
 */
export async function startMockServer(options: MockServerOptions): Promise<MockServer> {
  const { config, faults } = await loadLatencyFiles(options.config, (path) => readFile(path, 'utf8'))
  if (config === undefined) throw new UserError(EXIT.usage, faults)
  const certificate = options.tls === 'self-signed' ? await createSelfSigned() : options.tls
  if (certificate !== undefined) checkCertificate(certificate)
  const shell = new HttpShell({ ...options, config }, certificate)
  await shell.listen(options.host, options.port)
  return shell
}

class HttpShell implements MockServer {
  readonly #app: NotedApp
  readonly #server: Server
  readonly #replies: ReplyQueue
  readonly #admin: AdminGuard
  readonly #timeScale: number
  readonly #notesLateness: boolean
  readonly #originMs = performance.now()
  /** Every connection, those too that are still in the TLS handshake. */
  readonly #sockets = new Set<Socket>()
  /** Those that wait for a reply that will never come. */
  readonly #stalled = new Set<Socket>()
  #isDraining = false
  readonly certificate: string | undefined
  url = ''
  port = 0

  constructor(options: MockServerOptions, certificate: Certificate | undefined) {
    const { config, seed, host, adminToken, timeScale = 1, headTimeoutMs = HEAD_TIMEOUT_MS } = options
    const { maxConnections = MAX_CONNECTIONS } = options
    this.#app = createApp(config, seed, Date.now())
    this.#admin = new AdminGuard(host, adminToken)
    this.#timeScale = timeScale
    this.#notesLateness = config.notesLateness === true
    this.#replies = new ReplyQueue(this.#nowUs, timeScale)
    this.certificate = certificate?.cert
    const limits = {
      ...LIMITS,
      headersTimeout: headTimeoutMs,
      connectionsCheckingInterval: Math.min(headTimeoutMs, SLOW_CLIENT_CHECK_MS),
    }
    this.#server =
      certificate === undefined
        ? createServer(limits, this.#onRequest)
        : createSecureServer({ ...limits, ...certificate, handshakeTimeout: headTimeoutMs }, this.#onRequest)
    this.#server.maxConnections = maxConnections
    this.#server.on('connection', (socket: Socket) => remember(this.#sockets, socket))
  }

  async listen(host: string, port: number): Promise<void> {
    this.#server.listen({ host, port })
    try {
      await once(this.#server, 'listening')
    } catch (error) {
      throw listenError(error, host, port)
    }
    this.port = (this.#server.address() as AddressInfo).port
    this.url = `${this.certificate === undefined ? 'http' : 'https'}://${urlHost(host)}:${this.port}`
  }

  readonly cap = (): Cap => this.#app.cap(this.#nowUs())

  state(): MockState {
    return this.#app.state(this.#nowUs())
  }

  async drain(timeoutMs: number = DRAIN_TIMEOUT_MS): Promise<void> {
    this.#isDraining = true
    destroyAll(this.#stalled)
    const idleCheck = setInterval(() => this.#server.closeIdleConnections(), IDLE_CHECK_MS)
    const deadline = setTimeout(() => destroyAll(this.#sockets), timeoutMs)
    await this.#closeServer()
    clearInterval(idleCheck)
    clearTimeout(deadline)
    this.#replies.clear()
  }

  async close(): Promise<void> {
    const closed = this.#closeServer()
    destroyAll(this.#sockets)
    this.#replies.clear()
    await closed
  }

  async #closeServer(): Promise<void> {
    // A server that is closed already says so with an error, which is as good.
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  readonly #nowUs = (): number => Math.floor((performance.now() - this.#originMs) * 1_000 * this.#timeScale)

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
    const decision = this.#notesLateness ? this.#app.takeDecision() : undefined
    this.#replies.add(plan.replyAtUs, () => {
      this.#deliver(request, response, plan)
      if (decision !== undefined && response.headersSent) decision.lateUs = this.#nowUs() - plan.replyAtUs
    })
  }

  #deliver(request: IncomingMessage, response: ServerResponse, plan: ReplyPlan): void {
    const { fault } = plan
    if (fault === undefined) return this.#send(response, plan)
    if (response.destroyed) return
    if (fault.kind === 'stall') return this.#stall(request.socket)
    const writeHead = (): void => this.#writeHead(response, plan)
    sendBroken(fault, { request, response, plan, writeHead }, this.#replies)
  }

  #send(response: ServerResponse, reply: Reply): void {
    if (response.destroyed) return
    this.#writeHead(response, reply)
    sendBody(response, reply)
  }

  #writeHead(response: ServerResponse, reply: Reply): void {
    const headers: string[] = this.#isDraining ? ['Connection', 'close'] : []
    for (const [name, value] of reply.headers) headers.push(name, value)
    response.writeHead(reply.status, headers)
  }

  #stall(socket: Socket): void {
    if (this.#isDraining) socket.destroy()
    else remember(this.#stalled, socket)
  }
}

/**
 * Ends a reply of which the head is written. A plain `end(body)` hands the socket two pieces, the second of them empty, and
 * two pieces take a tenth of the mock's time more than one.
 */
function sendBody(response: ServerResponse, { body, bodyBytes }: Reply): void {
  // As many bytes as characters: only ASCII, which is the same in Latin-1, and that takes Node less time to write.
  const encoding = body.length === bodyBytes ? 'latin1' : 'utf8'
  const { socket } = response
  // None while another reply on the connection goes first.
  if (socket === null || body === '') return void response.end(body, encoding)
  // Corked already, or Node would cork it until the end of this turn.
  socket.cork()
  response.write(body, encoding)
  socket.uncork()
  response.end()
}

/** Until it is closed. */
function remember(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket)
  socket.once('close', () => sockets.delete(socket))
}

function destroyAll(sockets: Iterable<Socket>): void {
  for (const socket of sockets) socket.destroy()
}

function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}

/** Sending requests from tests, with the promises that the transport makes to its handlers checked on the way. */
import type { AddressInfo, Server } from 'node:net'
import { expect, onTestFinished } from 'vitest'
import type { ConnectionPlan } from '../../src/core/connection-plan.ts'
import { Rng } from '../../src/core/rng.ts'
import {
  createHttpTransport,
  type HttpTransportOptions,
  type SocketTransport,
} from '../../src/http/client.ts'
import { systemLookup } from '../../src/http/resolver.ts'
import type { Target, Transport, WireError, WireRequest, WireResponse } from '../../src/http/transport.ts'

export interface Answer {
  readonly response: WireResponse | undefined
  readonly error: WireError | undefined
  /** What onSent said; `undefined` when it was not called. */
  readonly sentAtUs: number | undefined
}

/** Long enough for anything on loopback to happen, short enough to wait for. */
export const SHORT_MS = 50

const START_MS = performance.now()

/** Microseconds since this file was loaded. */
export function nowUs(): number {
  return Math.round((performance.now() - START_MS) * 1000)
}

/** What a script that says nothing of connections gets. */
export const PLAIN_CONNECTIONS: ConnectionPlan = {
  hosts: {},
  dns: { ttlUs: 300_000_000, select: 'random', policy: 'preferIPv4' },
  tls: { certificates: [], versions: undefined, ciphers: [] },
  noConnectionReuse: false,
  noVUConnectionReuse: false,
  blacklistIPs: [],
  blockHostnames: [],
}

type Options = Omit<HttpTransportOptions, 'connection'> & { readonly connection: Partial<ConnectionPlan> }

/** A transport that is closed when the test ends. */
export function testTransport(options: Partial<Options> = {}): SocketTransport {
  const transport = createHttpTransport({
    nowUs,
    uptimeUs: nowUs,
    insecureSkipTLSVerify: false,
    rng: new Rng(1),
    lookup: systemLookup,
    proxyFor: () => '',
    ...options,
    connection: { ...PLAIN_CONNECTIONS, ...options.connection },
  })
  onTestFinished(() => {
    transport.abortAll()
    transport.close()
    expect(transport.underWayCount, 'requests that never ended').toBe(0)
  })
  return transport
}

/** For what only time can show, and only in end-to-end tests. */
export async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
}

/** Listens on a free port of 127.0.0.1 until the test ends. */
export async function listen(server: Server, protocol: Target['protocol'] = 'http:'): Promise<Target> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return localTarget((server.address() as AddressInfo).port, protocol)
}

export function localTarget(
  port: number,
  protocol: Target['protocol'] = 'http:',
  hostname = '127.0.0.1',
): Target {
  return { protocol, hostname, port, authority: `${hostname}:${port}` }
}

export function requestTo(target: Target, request: Partial<WireRequest> = {}): WireRequest {
  const deadlineUs = nowUs() + 10_000_000
  return { method: 'GET', target, path: '/', headers: [], body: null, deadlineUs, group: 0, ...request }
}

/** Sends a request and waits for what becomes of it. Throws when the handler is called twice or too early. */
export async function ask(
  transport: Transport,
  target: Target,
  request?: Partial<WireRequest>,
): Promise<Answer> {
  let isSending = true
  let sentCount = 0
  let sentAtUs: number | undefined
  let endCount = 0
  const answer = await new Promise<Answer>((resolve, reject) => {
    const end = (response: WireResponse | undefined, error: WireError | undefined): void => {
      endCount++
      if (isSending) reject(new Error('the handler was called inside send'))
      resolve({ response, error, sentAtUs })
    }
    transport.send(requestTo(target, request), {
      onSent: (atUs) => {
        sentCount++
        sentAtUs = atUs
      },
      onResponse: (response) => end(response, undefined),
      onError: (error) => end(undefined, error),
    })
    isSending = false
  })
  await new Promise((resolve) => setImmediate(resolve))
  if (endCount !== 1 || sentCount > 1) throw new Error(`${endCount} ends, ${sentCount} times sent`)
  return answer
}

/** The response of a request that is expected to succeed. */
export async function get(
  transport: Transport,
  target: Target,
  request?: Partial<WireRequest>,
): Promise<WireResponse> {
  const { response, error } = await ask(transport, target, request)
  if (response === undefined) throw new Error(error?.message)
  return response
}

/** The error of a request that is expected to fail. */
export async function failing(
  transport: Transport,
  target: Target,
  request?: Partial<WireRequest>,
): Promise<WireError> {
  const { response, error } = await ask(transport, target, request)
  if (error === undefined) throw new Error(`it succeeded with ${response?.status}`)
  return error
}

export function bodyText(response: WireResponse): string {
  return Buffer.from(response.body).toString()
}

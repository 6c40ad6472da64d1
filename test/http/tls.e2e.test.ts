import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { createServer as createNetServer } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Target } from '../../src/http/transport.ts'
import { bodyText, failing, get, listen, localTarget, nowUs, testTransport } from './ask.ts'

const KEY = readFileSync(new URL('../golden/tls/key.pem', import.meta.url))
const CERT = readFileSync(new URL('../golden/tls/cert.pem', import.meta.url))

interface SecureServer {
  readonly target: Target
  readonly sockets: readonly TLSSocket[]
  /** When the last TCP connection came. */
  readonly acceptedAtUs: () => number
}

/** Answers the server name that the client asked for, and the length of the body. */
async function secureServer(): Promise<SecureServer> {
  const sockets: TLSSocket[] = []
  const server = createServer({ key: KEY, cert: CERT }, (request, response) => {
    const socket = request.socket as TLSSocket & { readonly servername: string | false }
    let lengthBytes = 0
    request
      .on('data', (data: Buffer) => (lengthBytes += data.length))
      .on('end', () => response.end(`${socket.servername} ${socket.alpnProtocol} ${lengthBytes}`))
  })
  let acceptedAtUs = 0
  server.on('connection', () => (acceptedAtUs = nowUs()))
  server.on('secureConnection', (socket) => sockets.push(socket))
  onTestFinished(() => server.closeAllConnections())
  return { target: await listen(server, 'https:'), sockets, acceptedAtUs: () => acceptedAtUs }
}

describe('https', () => {
  it('refuses a certificate that it does not trust and says what to do', async () => {
    const { target } = await secureServer()
    const error = await failing(testTransport(), target)
    expect(error).toMatchObject({ kind: 'tls', code: 'DEPTH_ZERO_SELF_SIGNED_CERT', sentAtUs: undefined })
    expect(error.message).toBe(
      `the certificate of ${target.authority} is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT); to accept it all the same set insecureSkipTLSVerify: true in options`,
    )
    expect(error.connectingUs).toBeGreaterThan(0)
  })

  it('accepts it with insecureSkipTLSVerify, keeps the connection and times the handshake', async () => {
    const { target, sockets } = await secureServer()
    const transport = testTransport({ insecureSkipTLSVerify: true })
    const askedAtUs = nowUs()
    const first = await get(transport, target)
    const { blockedUs, connectingUs, tlsUs, sentAtUs } = first.timings
    expect(connectingUs).toBeGreaterThan(0)
    expect(tlsUs).toBeGreaterThan(0)
    expect(blockedUs + connectingUs + tlsUs).toBeLessThanOrEqual(sentAtUs - askedAtUs)
    expect(first.timings.requestEndAtUs).toBeGreaterThanOrEqual(first.timings.sentAtUs)
    expect(first.timings.firstByteAtUs).toBeGreaterThanOrEqual(first.timings.requestEndAtUs)
    for (let i = 0; i < 20; i++) await get(transport, target, { method: 'POST', body: 'x' })
    expect(sockets).toHaveLength(1)
  })

  it('names the server when it is a name, not when it is an address', async () => {
    const { target } = await secureServer()
    const transport = testTransport({ insecureSkipTLSVerify: true })
    expect(bodyText(await get(transport, target))).toBe('false http/1.1 0')
    const named = localTarget(target.port, 'https:', 'localhost')
    expect(bodyText(await get(transport, named))).toBe('localhost http/1.1 0')
  })

  it('sends and receives large bodies', async () => {
    const { target } = await secureServer()
    const body = 'b'.repeat(3_000_000)
    expect(
      bodyText(await get(testTransport({ insecureSkipTLSVerify: true }), target, { method: 'POST', body })),
    ).toBe('false http/1.1 3000000')
  })

  it('resumes the session on the next connection', async () => {
    const { target, sockets } = await secureServer()
    const transport = testTransport({ insecureSkipTLSVerify: true })
    await get(transport, target)
    await Promise.all([get(transport, target), get(transport, target)])
    expect(sockets.map((socket) => socket.isSessionReused())).toEqual([false, true])
  })

  it('keeps many interleaved requests apart', async () => {
    const { target } = await secureServer()
    const transport = testTransport({ insecureSkipTLSVerify: true })
    const lane = async (id: number): Promise<void> => {
      for (let i = 0; i < 20; i++) {
        const body = 'x'.repeat((id * 1009 + i * 499) % 40_000)
        expect(bodyText(await get(transport, target, { method: 'POST', body }))).toBe(
          `false http/1.1 ${body.length}`,
        )
      }
    }
    await Promise.all(Array.from({ length: 10 }, (_, id) => lane(id)))
  })

  it('sends again when it met an idle connection being closed', async () => {
    const { target, sockets, acceptedAtUs } = await secureServer()
    const transport = testTransport({ insecureSkipTLSVerify: true })
    await get(transport, target)
    const [first] = sockets
    first?.removeAllListeners('data').once('data', () => first.destroy())
    const { timings } = await get(transport, target)
    expect(sockets).toHaveLength(2)
    expect(timings.sentAtUs).toBeLessThan(acceptedAtUs())
    expect(timings.requestEndAtUs).toBeGreaterThan(acceptedAtUs())
  })

  it('explains a server that does not speak TLS', async () => {
    const target = await listen(
      createNetServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n')),
      'https:',
    )
    const error = await failing(testTransport(), target)
    expect(error.kind).toBe('tls')
    expect(error.message).toBe(`the TLS handshake with ${target.authority} failed: wrong version number`)
  })

  it('explains a server that hangs up during the handshake', async () => {
    const server = createNetServer((socket) =>
      socket.on('error', () => {}).on('data', () => socket.destroy()),
    )
    const target = await listen(server, 'https:')
    const error = await failing(testTransport(), target)
    expect(error.message).toBe(`${target.authority} closed the connection during the TLS handshake`)
    expect(error.kind).toBe('reset')
  })

  it('times out during the handshake', async () => {
    const server = createNetServer((socket) => {
      socket.on('error', () => {})
      onTestFinished(() => void socket.destroy())
    })
    const target = await listen(server, 'https:')
    const error = await failing(testTransport(), target, { deadlineUs: nowUs() + 50_000 })
    expect(error).toMatchObject({ kind: 'timeout', tlsUs: 0, sentAtUs: undefined })
    expect(error.message).toBe(`${target.authority} did not finish the TLS handshake in time`)
  })
})

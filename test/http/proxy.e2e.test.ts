import { readFileSync } from 'node:fs'
import { createServer as createSecureServer } from 'node:https'
import { connect, createServer as createNetServer, type Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Target } from '../../src/http/transport.ts'
import { bodyText, failing, get, listen, localTarget, nowUs, testTransport } from './ask.ts'
import { ok, scriptedServer } from './scripted-server.ts'

const KEY = readFileSync(new URL('../golden/tls/key.pem', import.meta.url))
const CERT = readFileSync(new URL('../golden/tls/cert.pem', import.meta.url))

const PLAIN = localTarget(80, 'http:', 'api.test')
const SECURE = localTarget(443, 'https:', 'api.test')

/** An https server that says which name it was asked for. */
async function secureServer(): Promise<Target> {
  const server = createSecureServer({ key: KEY, cert: CERT }, (request, response) => {
    request.resume().on('end', () => response.end(`hello ${request.headers.host} ${'x'.repeat(100_000)}`))
  })
  onTestFinished(() => server.closeAllConnections())
  return listen(server, 'https:')
}

interface TunnelProxy {
  readonly target: Target
  readonly heads: readonly string[]
}

/** A proxy that leads every tunnel to one port. */
async function tunnelProxy(
  port: number,
  reply = 'HTTP/1.1 200 Connection established\r\n\r\n',
): Promise<TunnelProxy> {
  const heads: string[] = []
  const server = createNetServer((client) => {
    client
      .on('error', () => {})
      .once('data', (head) => {
        heads.push(head.toString())
        client.write(reply)
        pipe(client, connect(port, '127.0.0.1'))
      })
  })
  return { target: await listen(server), heads }
}

function pipe(client: Socket, server: Socket): void {
  onTestFinished(() => void [client.destroy(), server.destroy()])
  server.on('error', () => {})
  client.pipe(server).pipe(client)
}

describe('through a proxy', () => {
  it('plain requests say the whole URL, and who asks', async () => {
    const { target, requests, sockets } = await scriptedServer(() => [ok('from the proxy')])
    const transport = testTransport({ proxyFor: () => `http://me:p%40ss@${target.authority}` })
    for (let i = 0; i < 2; i++) {
      expect(bodyText(await get(transport, PLAIN, { path: '/a?b=c' }))).toBe('from the proxy')
    }
    expect(sockets).toHaveLength(1)
    expect(requests[0]).toBe(
      'GET http://api.test:80/a?b=c HTTP/1.1\r\nHost: api.test:80\r\nConnection: keep-alive\r\n' +
        `Proxy-Authorization: Basic ${Buffer.from('me:p@ss').toString('base64')}\r\n\r\n`,
    )
  })

  it('https goes through a tunnel, with TLS from end to end', async () => {
    const origin = await secureServer()
    const proxy = await tunnelProxy(origin.port)
    const transport = testTransport({
      insecureSkipTLSVerify: true,
      proxyFor: () => `http://me@${proxy.target.authority}`,
    })
    const request = { method: 'POST', body: 'b'.repeat(200_000) }
    const responses = [
      await get(transport, SECURE, request),
      await get(transport, SECURE, request),
      await get(transport, SECURE),
    ]
    for (const response of responses) {
      expect(bodyText(response)).toBe(`hello api.test:443 ${'x'.repeat(100_000)}`)
    }
    expect(responses.map(({ timings }) => timings.tlsUs > 0)).toEqual([true, false, false])
    expect(proxy.heads).toEqual([
      'CONNECT api.test:443 HTTP/1.1\r\nHost: api.test:443\r\nProxy-Authorization: Basic bWU6\r\n\r\n',
    ])
  })

  it('certificates are those of the target', async () => {
    const origin = await secureServer()
    const proxy = await tunnelProxy(origin.port)
    const error = await failing(testTransport({ proxyFor: () => `http://${proxy.target.authority}` }), SECURE)
    expect(error.kind).toBe('tls')
    expect(error.message).toContain('the certificate of api.test:443 is not trusted')
  })

  it.each([
    [
      'HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 4\r\n\r\nsecr',
      'answered with status 407',
    ],
    ['HELLO\r\n', 'gave a reply that does not start with "HTTP/1.1" or "HTTP/1.0"'],
    ['HTTP/1.1 200 OK\r\n\r\nmore', 'sent bytes that nobody asked for'],
  ])('%j opens no tunnel', async (reply, fault) => {
    const { target } = await scriptedServer(() => [reply])
    const transport = testTransport({ proxyFor: () => `http://me:secret@${target.authority}` })
    const error = await failing(transport, SECURE)
    expect(error).toMatchObject({ kind: 'other', code: 'NO_TUNNEL', sentAtUs: undefined })
    expect(error.message).toBe(`the proxy ${target.authority} opened no tunnel to api.test:443: it ${fault}`)
  })

  it('what fails before the tunnel is told of the proxy', async () => {
    const { target } = await scriptedServer((connection) => [
      connection === 0 ? (socket) => socket.end() : () => {},
    ])
    const transport = testTransport({ proxyFor: () => `http://${target.authority}` })
    expect((await failing(transport, SECURE)).message).toBe(
      `the proxy ${target.authority} closed the connection before it opened a tunnel`,
    )
    expect((await failing(transport, SECURE, { deadlineUs: nowUs() + 50_000 })).message).toBe(
      `the proxy ${target.authority} did not open a tunnel in time`,
    )
    const nobody = testTransport({ proxyFor: () => 'http://127.0.0.1:1' })
    expect((await failing(nobody, PLAIN)).message).toBe('the proxy 127.0.0.1:1 refused the connection')
  })

  it.each(['socks5://me:secret@127.0.0.1:1', 'https://me:secret@127.0.0.1:1', 'nonsense'])(
    '%s cannot be used',
    async (url) => {
      const error = await failing(testTransport({ proxyFor: () => url }), PLAIN)
      expect(error).toMatchObject({ kind: 'other', code: 'UNUSABLE_PROXY' })
      expect(error.message).not.toContain('secret')
    },
  )

  it('the proxy’s own name is looked up in hosts, and its address may be blacklisted', async () => {
    const { target } = await scriptedServer(() => [ok('x')])
    const hosts = { 'proxy.test': '127.0.0.1' }
    const proxyFor = (): string => `http://proxy.test:${target.port}`
    expect(bodyText(await get(testTransport({ connection: { hosts }, proxyFor }), PLAIN))).toBe('x')
    const blacklistIPs = ['127.0.0.1']
    const error = await failing(testTransport({ connection: { hosts, blacklistIPs }, proxyFor }), PLAIN)
    expect(error.kind).toBe('blocked_address')
  })
})

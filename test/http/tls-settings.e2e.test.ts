import { readFileSync } from 'node:fs'
import { createServer, type ServerOptions } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { ClientCertificate, TlsPlan } from '../../src/core/connection-plan.ts'
import type { Target, Transport } from '../../src/http/transport.ts'
import { bodyText, failing, get, listen, localTarget, PLAIN_CONNECTIONS, testTransport } from './ask.ts'

const KEY = readFileSync(new URL('../golden/tls/key.pem', import.meta.url), 'utf8')
const CERT = readFileSync(new URL('../golden/tls/cert.pem', import.meta.url), 'utf8')

/** Says what was agreed upon, and whether the client showed a certificate. */
async function secureServer(options: ServerOptions = {}): Promise<Target> {
  const server = createServer({ key: KEY, cert: CERT, ...options }, (request, response) => {
    const socket = request.socket as TLSSocket
    const hasShown = Object.keys(socket.getPeerCertificate()).length > 0
    response.end(`${socket.getProtocol()} ${socket.getCipher().standardName} ${hasShown ? 'known' : 'none'}`)
  })
  onTestFinished(() => server.closeAllConnections())
  return listen(server, 'https:')
}

function transportWith(tls: Partial<TlsPlan>): Transport {
  const hosts = { '*.test': '127.0.0.1' }
  const connection = { hosts, tls: { ...PLAIN_CONNECTIONS.tls, ...tls } }
  return testTransport({ insecureSkipTLSVerify: true, connection })
}

function certificate(...domains: string[]): ClientCertificate {
  return { domains, credentials: { cert: CERT, key: KEY, password: undefined } }
}

describe('tlsVersion', () => {
  it.each([
    ['TLSv1', 'TLSv1'],
    ['TLSv1.1', 'TLSv1.1'],
    ['TLSv1.2', 'TLSv1.2'],
    ['TLSv1.3', 'TLSv1.3'],
  ] as const)('%s is the only one spoken', async (version, expected) => {
    const target = await secureServer({ minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' })
    const transport = transportWith({ versions: { min: version, max: version } })
    expect(bodyText(await get(transport, target))).toMatch(new RegExp(`^${expected} `))
  })

  it('that the server does not speak is an error of TLS', async () => {
    const target = await secureServer({ minVersion: 'TLSv1.3' })
    const error = await failing(transportWith({ versions: { min: 'TLSv1', max: 'TLSv1.2' } }), target)
    expect(error.kind).toBe('tls')
  })

  it('of a range is the newest', async () => {
    const target = await secureServer()
    const transport = transportWith({ versions: { min: 'TLSv1.2', max: 'TLSv1.3' } })
    expect(bodyText(await get(transport, target))).toMatch(/^TLSv1\.3 /)
  })
})

describe('tlsCipherSuites', () => {
  const SUITE = 'ECDHE-ECDSA-AES256-GCM-SHA384'
  const STANDARD = 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'

  it('are the only ones offered up to TLS 1.2', async () => {
    const target = await secureServer({ maxVersion: 'TLSv1.2' })
    expect(bodyText(await get(transportWith({ ciphers: [SUITE] }), target))).toContain(` ${STANDARD} `)
    const other = await secureServer({ maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' })
    expect((await failing(transportWith({ ciphers: [SUITE] }), other)).kind).toBe('tls')
  })

  it('leave TLS 1.3 as it is', async () => {
    const target = await secureServer()
    expect(bodyText(await get(transportWith({ ciphers: [SUITE] }), target))).toMatch(/^TLSv1\.3 TLS_AES_/)
  })
})

describe('tlsAuth', () => {
  const asksFor: ServerOptions = { requestCert: true, rejectUnauthorized: false }

  it.each<[certificates: readonly ClientCertificate[], hostname: string, isShown: boolean]>([
    [[], 'api.test', false],
    [[certificate()], 'api.test', true],
    [[certificate('api.test')], 'api.test', true],
    [[certificate('*.test')], 'api.test', true],
    [[certificate('other.test')], 'api.test', false],
    [[certificate('other.test'), certificate()], 'api.test', true],
  ])('case %#', async (certificates, hostname, isShown) => {
    const target = await secureServer(asksFor)
    const transport = transportWith({ certificates })
    const body = bodyText(await get(transport, localTarget(target.port, 'https:', hostname)))
    expect(body.endsWith(' none')).toBe(!isShown)
  })

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'that the server misses fails with TLS, in %s',
    async (version) => {
      const target = await secureServer({
        requestCert: true,
        ca: [CERT],
        minVersion: version,
        maxVersion: version,
      })
      const error = await failing(transportWith({}), target)
      expect(['tls', 'reset']).toContain(error.kind)
      expect(bodyText(await get(transportWith({ certificates: [certificate()] }), target))).not.toMatch(
        / none$/,
      )
    },
  )
})

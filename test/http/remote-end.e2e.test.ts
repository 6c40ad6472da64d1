import { readFileSync } from 'node:fs'
import { createServer as createPlainServer } from 'node:http'
import { createServer } from 'node:https'
import { describe, expect, it, onTestFinished } from 'vitest'
import { get, listen, testTransport } from './ask.ts'

const KEY = readFileSync(new URL('../golden/tls/key.pem', import.meta.url))
const CERT = readFileSync(new URL('../golden/tls/cert.pem', import.meta.url))

describe('the other end of a connection', () => {
  it('is told with every reply', async () => {
    const server = createPlainServer((_, response) => response.end())
    onTestFinished(() => server.closeAllConnections())
    const target = await listen(server)
    const transport = testTransport()
    for (let count = 0; count < 2; count++) {
      const { remote } = await get(transport, target)
      expect(remote).toEqual({ address: '127.0.0.1', port: target.port, tls: undefined })
    }
  })

  it.each([
    ['TLSv1.3', 'TLS_AES_256_GCM_SHA384', 'tls1.3', 'TLS_AES_256_GCM_SHA384'],
    ['TLSv1.2', 'ECDHE-ECDSA-AES128-GCM-SHA256', 'tls1.2', 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'],
    ['TLSv1.2', 'ECDHE-ECDSA-CHACHA20-POLY1305', 'tls1.2', 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305'],
  ] as const)(
    'has a TLS version and a cipher as k6 names them: %s, %s',
    async (maxVersion, ciphers, version, cipher) => {
      const server = createServer({ key: KEY, cert: CERT, maxVersion, ciphers }, (_, response) =>
        response.end(),
      )
      onTestFinished(() => server.closeAllConnections())
      const target = await listen(server, 'https:')
      const { remote } = await get(testTransport({ insecureSkipTLSVerify: true }), target)
      expect(remote?.tls).toEqual({ version, cipher })
    },
  )
})

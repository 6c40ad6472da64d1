import { X509Certificate } from 'node:crypto'
import { request } from 'node:https'
import { beforeAll, describe, expect, test } from 'vitest'
import type { MockServer } from '../../mock-server/server.ts'
import { type Certificate, createSelfSigned } from '../../mock-server/shell/certificate.ts'
import { EXIT, UserError } from '../../src/core/errors.ts'
import { open, start } from './mock-client.ts'

function ask(server: MockServer, ca?: string, host = '127.0.0.1'): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const options = { host, port: server.port, path: '/', agent: false, ...(ca !== undefined && { ca }) }
    const call = request(options, (response) => {
      response.resume().on('end', () => resolve(response.statusCode))
    })
    call.on('error', reject).end()
  })
}

let made: Certificate
beforeAll(async () => {
  made = await createSelfSigned()
})

describe('a certificate made for the occasion', () => {
  test('is good for this machine and not for an authority', () => {
    const certificate = new X509Certificate(made.cert)
    expect(certificate.checkHost('localhost')).toBe('localhost')
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1')
    expect(certificate.checkIP('::1')).toBe('::1')
    expect([certificate.checkHost('example.com'), certificate.ca]).toEqual([undefined, false])
    const validDays = (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / 86_400_000
    expect(Math.round(validDays)).toBe(7)
  })

  test('serves those who trust it, and only those', async () => {
    const server = await start('custom', { tls: 'self-signed' })
    expect(server.url).toBe(`https://127.0.0.1:${server.port}`)
    expect(await ask(server, server.certificate)).toBe(200)
    expect(await ask(server, server.certificate, 'localhost')).toBe(200)
    await expect(ask(server)).rejects.toThrow(/self-signed/)
    await expect(ask(server, made.cert)).rejects.toThrow(/self-signed/)
  })
})

describe('a certificate of one’s own', () => {
  test('is the one that is served', async () => {
    const server = await start('custom', { tls: made })
    expect(server.certificate).toBe(made.cert)
    expect(await ask(server, made.cert)).toBe(200)
  })

  test('that cannot be used is a usage error', async () => {
    const other = await createSelfSigned()
    const bad: readonly Certificate[] = [
      { key: 'x', cert: made.cert },
      { key: made.key, cert: 'x' },
      { key: other.key, cert: made.cert },
    ]
    for (const tls of bad) {
      const error: unknown = await start('custom', { tls }).catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(UserError)
      expect(error).toMatchObject({ exitCode: EXIT.usage, faults: [{ where: 'tls' }] })
    }
  })
})

describe('over TLS', () => {
  test.each([
    ['reset', /ECONNRESET|hang up/],
    ['malformed', /Parse Error/],
    ['close-mid-body', /aborted/],
  ])('%s is an error too', async (fault, message) => {
    const server = await start(`custom,fault=${fault}#1`, { tls: made })
    await expect(
      new Promise((resolve, reject) => {
        const call = request(
          { host: '127.0.0.1', port: server.port, ca: made.cert, agent: false },
          (response) => {
            response.on('error', reject).resume().on('end', resolve)
          },
        )
        call.on('error', reject).end()
      }),
    ).rejects.toThrow(message)
    expect(await ask(server, made.cert)).toBe(200)
  })

  test('clients that speak no TLS, or not to the end, do no harm', async () => {
    const server = await start('custom', { tls: made, headTimeoutMs: 150 })
    const plain = await open(server, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    const silent = await open(server)
    expect(await ask(server, made.cert)).toBe(200)
    await Promise.all([plain.closed, silent.closed])
    expect(plain.text()).not.toContain('HTTP/1.1 200')
  })

  test('close does not wait for a handshake', async () => {
    const server = await start('custom', { tls: made })
    const silent = await open(server)
    await expect.poll(() => ask(server, made.cert)).toBe(200)
    await server.close()
    await silent.closed
  })
})

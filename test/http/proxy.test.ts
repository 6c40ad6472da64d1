import { afterEach, describe, expect, it, vi } from 'vitest'
import { proxyFromEnvironment, readProxy } from '../../src/http/proxy.ts'
import { localTarget } from './ask.ts'

afterEach(() => vi.unstubAllEnvs())

/** The environment of a test is only what it says. */
function environment(variables: Readonly<Record<string, string>>): void {
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY']) {
    vi.stubEnv(name, '')
    vi.stubEnv(name.toLowerCase(), '')
  }
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
}

describe('proxyFromEnvironment', () => {
  const HTTP = 'http://proxy.test:3128'
  const plain = localTarget(80, 'http:', 'api.test')
  const secure = localTarget(443, 'https:', 'api.test')

  it.each([
    [{}, plain, ''],
    [{ HTTP_PROXY: HTTP }, plain, HTTP],
    [{ http_proxy: HTTP }, plain, HTTP],
    [{ HTTP_PROXY: HTTP }, secure, ''],
    [{ HTTPS_PROXY: HTTP }, secure, HTTP],
    [{ HTTPS_PROXY: HTTP }, plain, ''],
    // Without a scheme it is plain HTTP, as in Go.
    [{ HTTPS_PROXY: 'proxy.test:3128' }, secure, HTTP],
    [{ HTTPS_PROXY: 'https://proxy.test:3128' }, secure, 'https://proxy.test:3128'],
    [{ HTTP_PROXY: HTTP, NO_PROXY: 'other.test,api.test' }, plain, ''],
    [{ HTTP_PROXY: HTTP, NO_PROXY: '.test' }, plain, ''],
    [{ HTTP_PROXY: HTTP, NO_PROXY: 'api.test:81' }, plain, HTTP],
    [{ HTTP_PROXY: HTTP, NO_PROXY: '*' }, plain, ''],
  ])('%j: %o by %j', (variables, target, expected) => {
    environment(variables)
    expect(proxyFromEnvironment(target)).toBe(expected)
  })

  it.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.255.0.9', '[::1]', '::1'])(
    'is never used for %s',
    (hostname) => {
      environment({ HTTP_PROXY: HTTP, HTTPS_PROXY: HTTP })
      expect(proxyFromEnvironment(localTarget(80, 'http:', hostname))).toBe('')
    },
  )
})

describe('readProxy', () => {
  it.each([
    ['http://proxy.test', { hostname: 'proxy.test', port: 80, authority: 'proxy.test:80' }],
    ['http://proxy.test:3128/', { hostname: 'proxy.test', port: 3128, authority: 'proxy.test:3128' }],
    ['http://[::1]:3128', { hostname: '::1', port: 3128, authority: '[::1]:3128' }],
  ])('%s', (text, expected) => {
    expect(readProxy(text)).toEqual({ ...expected, authorization: undefined })
  })

  it.each([
    ['http://me:pass@proxy.test', 'me:pass'],
    ['http://me@proxy.test', 'me:'],
    ['http://m%40e:%C3%BC@proxy.test', 'm@e:ü'],
    ['http://me:50%@proxy.test', 'me:50%'],
  ])('%s asks as %s', (text, credentials) => {
    expect(readProxy(text)?.authorization).toBe(`Basic ${Buffer.from(credentials).toString('base64')}`)
  })

  it.each(['https://proxy.test', 'socks5://proxy.test', 'proxy.test', 'http://'])('%s is none', (text) => {
    expect(readProxy(text)).toBeUndefined()
  })
})

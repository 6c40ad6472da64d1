import { afterEach, describe, expect, it, vi } from 'vitest'
import { isDirect } from '../../../src/commands/run/preflight.ts'

afterEach(() => vi.unstubAllEnvs())

describe('a target is asked directly', () => {
  it.each([
    ['http://api.test/', {}, true],
    ['http://api.test/', { 'api.test': '127.0.0.1' }, false],
    ['https://api.test/', { 'api.test:443': '127.0.0.1:8443' }, false],
    ['http://api.test:8080/', { 'api.test:80': '127.0.0.1' }, true],
    ['http://eu.api.test/', { '*.api.test': '127.0.0.1' }, false],
    ['http://other.test/', { 'api.test': '127.0.0.1' }, true],
  ])('%s with hosts %j: %s', (url, hosts, expected) => {
    expect(isDirect(new URL(url), hosts)).toBe(expected)
  })

  it('unless the environment names a proxy for it', () => {
    vi.stubEnv('HTTP_PROXY', 'http://proxy.test:3128')
    expect(isDirect(new URL('http://api.test/'), {})).toBe(false)
    expect(isDirect(new URL('http://127.0.0.1:8080/'), {})).toBe(true)
  })
})

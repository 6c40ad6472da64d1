import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { faultsOf, planOf, SHORT } from './options-fixture.ts'

const KEY = readFileSync(new URL('../golden/tls/key.pem', import.meta.url), 'utf8')
const CERT = readFileSync(new URL('../golden/tls/cert.pem', import.meta.url), 'utf8')

function connectionOf(options: Readonly<Record<string, unknown>>): unknown {
  return planOf({ ...SHORT, ...options }).connection
}

describe('options of connections', () => {
  it('have k6’s defaults', () => {
    expect(connectionOf({})).toEqual({
      hosts: {},
      dns: { ttlUs: 300_000_000, select: 'random', policy: 'preferIPv4' },
      tls: { certificates: [], versions: undefined, ciphers: [] },
      noConnectionReuse: false,
      noVUConnectionReuse: false,
      blacklistIPs: [],
      blockHostnames: [],
    })
    expect(planOf(SHORT).rps).toBeUndefined()
  })

  it('are taken over, names in lower case', () => {
    const hosts = {
      'API.test': '10.0.0.1',
      '*.b.test:443': '10.0.0.1:8443',
      'six.test': '[::1]:80',
      c: '::1',
    }
    const options = {
      hosts,
      dns: { ttl: '1m', select: 'roundRobin', policy: 'any' },
      noConnectionReuse: true,
      blacklistIPs: ['10.0.0.0/8', '::1', '2001:db8::/32'],
      blockHostnames: ['Api.test', '*.b.test', '*'],
      rps: 50,
    }
    expect(connectionOf(options)).toMatchObject({
      hosts: { 'api.test': '10.0.0.1', '*.b.test:443': '10.0.0.1:8443', 'six.test': '[::1]:80', c: '::1' },
      dns: { ttlUs: 60_000_000, select: 'roundRobin', policy: 'any' },
      noConnectionReuse: true,
      blacklistIPs: ['10.0.0.0/8', '::1', '2001:db8::/32'],
      blockHostnames: ['api.test', '*.b.test', '*'],
    })
    expect(planOf({ ...SHORT, ...options }).rps).toBe(50)
  })

  it.each([
    ['inf', Infinity],
    ['0', 0],
    [0, 0],
    ['3000', 3_000_000],
    ['5m30s', 330_000_000],
  ])('dns.ttl %j is %d µs', (ttl, ttlUs) => {
    expect(connectionOf({ dns: { ttl } })).toMatchObject({ dns: { ttlUs, select: 'random' } })
  })

  it('rps 0 means no limit', () => {
    expect(planOf({ ...SHORT, rps: 0 }).rps).toBeUndefined()
  })

  it('noVUConnectionReuse gives every VU connections of its own', () => {
    const plan = planOf({ ...SHORT, noVUConnectionReuse: true, ext: { headroom: { clients: 3 } } })
    expect(plan.headroom.connections).toBe('per-vu')
    expect(plan.connection.noVUConnectionReuse).toBe(true)
  })

  it('are checked all at once', () => {
    const options = {
      hosts: { 'a b': '10.0.0.1', 'a.test': 'b.test', 'b.test': '10.0.0.1:99999', 'c.test': 1 },
      dns: { ttl: 'soon', select: 'last', polcy: 'any' },
      blacklistIPs: ['10.0.0.0/33', '10.0.0', '::1/129'],
      blockHostnames: ['a.*', ''],
      noConnectionReuse: 'yes',
      rps: 1.5,
    }
    expect(faultsOf({ ...SHORT, ...options })).toEqual([
      'options.hosts["a b"]: is no host name, which may begin with * and end with a port',
      'options.hosts["a.test"]: must be an IP address, with or without a port, not "b.test"',
      'options.hosts["b.test"]: must be an IP address, with or without a port, not "10.0.0.1:99999"',
      'options.hosts["c.test"]: must be an IP address, with or without a port, not 1',
      "options.dns.ttl: must be a duration such as '5m', '0' for never or 'inf' for ever",
      `options.dns.select: must be 'first' or 'random' or 'roundRobin', not "last"`,
      'options.dns.polcy: unknown option → did you mean "policy"?',
      'options.noConnectionReuse: must be true or false, not "yes"',
      'options.blacklistIPs[0]: must be an IP address or a range such as 10.0.0.0/8, not "10.0.0.0/33"',
      'options.blacklistIPs[1]: must be an IP address or a range such as 10.0.0.0/8, not "10.0.0"',
      'options.blacklistIPs[2]: must be an IP address or a range such as 10.0.0.0/8, not "::1/129"',
      'options.blockHostnames[0]: must be a host name, which may begin with *, not "a.*"',
      'options.blockHostnames[1]: must be a host name, which may begin with *, not ""',
      'options.rps: must be a whole number of at least 0, not 1.5',
    ])
  })
})

describe('options of TLS', () => {
  it.each([
    ['tls1.2', 'TLSv1.2', 'TLSv1.2'],
    ['tls1.0', 'TLSv1', 'TLSv1'],
    [{ min: 'tls1.1', max: 'tls1.3' }, 'TLSv1.1', 'TLSv1.3'],
    [{ min: 'ssl3.0', max: 'tls1.2' }, 'TLSv1', 'TLSv1.2'],
    [{ min: 'tls1.3' }, 'TLSv1.3', 'TLSv1.3'],
    [{ max: 'tls1.3' }, 'TLSv1.2', 'TLSv1.3'],
    [{ max: 'tls1.1' }, 'TLSv1.1', 'TLSv1.1'],
    [{}, 'TLSv1.2', 'TLSv1.3'],
  ])('tlsVersion %j is %s to %s', (tlsVersion, min, max) => {
    expect(connectionOf({ tlsVersion })).toMatchObject({ tls: { versions: { min, max } } })
  })

  it.each([
    ['ssl3.0', 'options.tlsVersion: ssl3.0 is no longer in OpenSSL: allow tls1.0 or later'],
    [{ min: 'tls1.3', max: 'tls1.2' }, 'options.tlsVersion: allows nothing: tls1.3 is above tls1.2'],
    [{ mix: 'tls1.3' }, 'options.tlsVersion.mix: unknown option → did you mean "min"?'],
    [7, 'options.tlsVersion: must be an object, not 7'],
  ])('tlsVersion %j is refused', (tlsVersion, fault) => {
    expect(faultsOf({ ...SHORT, tlsVersion })[0]).toBe(fault)
  })

  it('take cipher suites by the names of Go', () => {
    const tlsCipherSuites = ['TLS_RSA_WITH_AES_128_GCM_SHA256', 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305']
    expect(connectionOf({ tlsCipherSuites })).toMatchObject({
      tls: { ciphers: ['AES128-GCM-SHA256', 'ECDHE-RSA-CHACHA20-POLY1305'] },
    })
  })

  it('refuse suites that nobody knows, and those that OpenSSL has no more', () => {
    const tlsCipherSuites = ['TLS_RSA_WITH_AES_128_GCM_SHA25', 'TLS_RSA_WITH_RC4_128_SHA', 'toString']
    expect(faultsOf({ ...SHORT, tlsCipherSuites })).toEqual([
      'options.tlsCipherSuites[0]: is no cipher suite that k6 knows; did you mean "TLS_RSA_WITH_AES_128_GCM_SHA256"?',
      'options.tlsCipherSuites[1]: is not in the OpenSSL of this Node: leave it out',
      'options.tlsCipherSuites[2]: is no cipher suite that k6 knows',
    ])
  })

  it('keep certificates under a name that reaches no file', () => {
    const tlsAuth = [{ domains: ['*.Test'], cert: CERT, key: KEY }]
    expect(connectionOf({ tlsAuth })).toMatchObject({
      tls: {
        certificates: [{ domains: ['*.test'], credentials: { cert: CERT, key: KEY, password: undefined } }],
      },
    })
  })

  it.each([
    [{ cert: CERT }, 'options.tlsAuth[0].key: is required: a text'],
    [{ cert: CERT, key: 'secret' }, 'options.tlsAuth[0]: cert, key and password do not go together'],
    [{ cert: 'secret', key: KEY }, 'options.tlsAuth[0]: cert, key and password do not go together'],
    [{ cert: CERT, key: KEY, domains: ['a/b'] }, 'options.tlsAuth[0].domains[0]: must be a host name'],
  ])('%# refuse certificates without a word of them', (certificate, fault) => {
    const faults = faultsOf({ ...SHORT, tlsAuth: [certificate] })
    expect(faults[0]).toContain(fault)
    expect(faults.join()).not.toMatch(/secret|BEGIN/)
  })
})

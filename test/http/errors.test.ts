import { describe, expect, it } from 'vitest'
import { explain, isReset, type Phase, timedOut } from '../../src/http/errors.ts'
import type { Target } from '../../src/http/transport.ts'

const TARGET: Target = { protocol: 'https:', hostname: 'api.test', port: 444, authority: 'api.test:444' }

function nodeError(code: string, reason?: string): Error {
  return Object.assign(
    new Error(`connect ${code} 192.0.2.1:444`),
    { code },
    reason === undefined ? {} : { reason },
  )
}

describe('explain', () => {
  it.each([
    ['ECONNREFUSED', 'refused', 'api.test:444 refused the connection'],
    ['ENOTFOUND', 'dns', 'the name api.test could not be resolved'],
    ['EAI_AGAIN', 'dns', 'the name api.test could not be resolved'],
    ['EHOSTUNREACH', 'unreachable', 'there is no route to api.test:444'],
    ['ETIMEDOUT', 'timeout', 'api.test:444 did not answer in the time the operating system allows'],
    [
      'EMFILE',
      'other',
      'the limit of open files leaves none for another connection to api.test:444; raise it with ulimit -n',
    ],
    ['EINVAL', 'other', 'the connection to api.test:444 failed: EINVAL'],
  ])('%s is %s', (code, kind, message) => {
    expect(explain(nodeError(code), TARGET, 'connecting', false)).toEqual({ kind, code, message })
  })

  it('takes an unknown error during the handshake for one of TLS, in the words of OpenSSL', () => {
    expect(explain(nodeError('EPROTO', 'wrong version number'), TARGET, 'securing', false)).toEqual({
      kind: 'tls',
      code: 'EPROTO',
      message: 'the TLS handshake with api.test:444 failed: wrong version number',
    })
  })

  it('says how to accept a certificate', () => {
    expect(explain(nodeError('CERT_HAS_EXPIRED'), TARGET, 'securing', true)).toEqual({
      kind: 'tls',
      code: 'CERT_HAS_EXPIRED',
      message:
        'the certificate of api.test:444 is not trusted (CERT_HAS_EXPIRED); to accept it all the same set insecureSkipTLSVerify: true in options',
    })
  })

  it('takes what TLS says after the handshake for an error of TLS', () => {
    const code = 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'
    expect(explain(nodeError(code, 'certificate required'), TARGET, 'waiting', false)).toEqual({
      kind: 'tls',
      code,
      message: 'the connection to api.test:444 failed: certificate required',
    })
  })

  it('falls back to the error’s own message', () => {
    expect(explain(new Error('odd'), TARGET, 'waiting', false)).toEqual({
      kind: 'other',
      code: '',
      message: 'the connection to api.test:444 failed: odd',
    })
  })
})

it.each([
  ['ECONNRESET', true],
  ['EPIPE', true],
  ['ECONNREFUSED', false],
])('isReset of %s is %s', (code, expected) => {
  expect(isReset(nodeError(code))).toBe(expected)
})

it.each<[phase: Phase, message: string]>([
  ['resolving', 'the name api.test was not resolved in time'],
  ['connecting', 'api.test:444 did not accept the connection in time'],
  ['tunnelling', 'api.test:444 did not open a tunnel in time'],
  ['securing', 'api.test:444 did not finish the TLS handshake in time'],
  ['sending', 'api.test:444 did not take the whole request in time'],
  ['waiting', 'api.test:444 did not reply in time'],
  ['receiving', 'api.test:444 did not finish its reply in time'],
])('a timeout while %s says what took too long', (phase, message) => {
  expect(timedOut(TARGET, phase)).toEqual({ kind: 'timeout', code: 'REQUEST_TIMEOUT', message })
})

import { describe, expect, it } from 'vitest'
import { answerDigest } from '../../../../src/script/modules/http/digest.ts'
import { bench, headerOf, requestsOf } from './bench.ts'

const MUFASA = { username: 'Mufasa', password: 'Circle of Life' }
const REALM = 'realm="http-auth@example.org", qop="auth, auth-int"'
const NONCE =
  'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
const REQUEST = {
  method: 'GET',
  path: '/dir/index.html',
  credentials: MUFASA,
  clientNonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
}

describe('answerDigest', () => {
  // RFC 7616 §3.9.1
  it.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('answers the example of the RFC with %s', (algorithm, response) => {
    const answer = answerDigest([`Digest ${REALM}, algorithm=${algorithm}, ${NONCE}`], REQUEST)
    expect(answer).toBe(
      'Digest username="Mufasa", realm="http-auth@example.org", ' +
        'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", uri="/dir/index.html", ' +
        `algorithm=${algorithm}, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, nc=00000001, ` +
        `response="${response}", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`,
    )
  })

  it('answers the example of RFC 2617, which names no algorithm', () => {
    const challenge =
      'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'
    const credentials = { username: 'Mufasa', password: 'Circle Of Life' }
    const answer = answerDigest([challenge], { ...REQUEST, credentials, clientNonce: '0a4f113b' })
    expect(answer).toContain('response="6629fae49393a05397450978507c4ef1"')
    expect(answer).not.toContain('algorithm')
  })

  it('answers a server that knows no qop (RFC 2069)', () => {
    const answer = answerDigest(['Digest realm="r", nonce="n"'], REQUEST)
    expect(answer).not.toMatch(/qop|nc=|cnonce/)
    expect(answer).toMatch(/response="[0-9a-f]{32}"/)
  })

  it('mixes both nonces into the secret for a session', () => {
    const plain = answerDigest(['Digest realm="r", nonce="n", qop="auth", algorithm=MD5'], REQUEST)
    const session = answerDigest(['Digest realm="r", nonce="n", qop="auth", algorithm=MD5-sess'], REQUEST)
    const responseOf = (answer: string | undefined) => /response="(\w+)"/.exec(answer ?? '')?.[1]
    expect(responseOf(session)).not.toBe(responseOf(plain))
    expect(session).toContain('algorithm=MD5-sess')
  })

  it('takes the strongest of several challenges, wherever they stand', () => {
    const weak = 'Digest realm="r", nonce="n1", algorithm=MD5, qop="auth"'
    const strong = 'Digest realm="r", nonce="n2", algorithm=SHA-256, qop="auth"'
    for (const headers of [[weak, strong], [`Basic realm="x", ${weak}, ${strong}`]]) {
      expect(answerDigest(headers, REQUEST)).toContain('nonce="n2"')
    }
  })

  it('reads and writes quotes', () => {
    const challenge = String.raw`Digest realm="a \"b\" \\ c", nonce="n"`
    const answer = answerDigest([challenge], { ...REQUEST, credentials: { username: 'a"b', password: '' } })
    expect(answer).toContain(String.raw`username="a\"b", realm="a \"b\" \\ c"`)
  })

  it.each([
    [[]],
    [['Basic realm="r"']],
    [['Digest realm="r"']],
    [['Digest realm="r", nonce="n", algorithm=SHA-512-256']],
    [['Digest realm="r", nonce="n", qop="auth-int"']],
  ])('has no answer to %j', (headers) => {
    expect(answerDigest(headers, REQUEST)).toBeUndefined()
  })
})

describe("params.auth 'digest'", () => {
  const URL = 'http://Mufasa:Circle%20of%20Life@target/dir?x=1'
  const CHALLENGE = 'Digest realm="r", nonce="n", qop="auth"'
  const challenged = (_: unknown, index: number) =>
    index === 0 ? { status: 401, headers: [['WWW-Authenticate', CHALLENGE]] as const } : { body: 'in' }

  it('answers the challenge with the credentials of the URL, which are never sent as they are', async () => {
    const { host, http } = bench(challenged)
    const response = await http.post(URL, 'body', { auth: 'digest' })
    expect(response).toMatchObject({ status: 200, body: 'in', url: 'http://target/dir?x=1' })
    const [first, second] = host.requests
    expect(headerOf(first, 'Authorization')).toBeUndefined()
    expect(headerOf(second, 'Authorization')).toMatch(/^Digest username="Mufasa".* uri="\/dir\?x=1"/)
    expect(host.requests.map(({ method, body }) => [method, body])).toEqual([
      ['POST', 'body'],
      ['POST', 'body'],
    ])
    expect(JSON.stringify(host.requests)).not.toMatch(/Circle/)
    expect(host.isWaiting).toBe(false)
  })

  it('expects the challenge first, and then what the script expects', async () => {
    const [first, second] = await requestsOf(({ http }) => http.get(URL, { auth: 'digest' }), challenged)
    expect([first?.expects?.(401), first?.expects?.(200)]).toEqual([true, false])
    expect(second?.expects).toBeUndefined()
  })

  it('asks once when the answer is refused, or when there is no challenge to answer', async () => {
    const refused = await requestsOf(
      ({ http }) => http.get(URL, { auth: 'digest' }),
      () => ({ status: 401, headers: [['WWW-Authenticate', CHALLENGE]] }),
    )
    expect(refused).toHaveLength(2)
    const unknown = await requestsOf(
      ({ http }) => http.get(URL, { auth: 'digest' }),
      () => ({ status: 401 }),
    )
    expect(unknown).toHaveLength(1)
  })

  it('answers anew where a redirect leads', async () => {
    const requests = await requestsOf(
      ({ http }) => http.get(URL, { auth: 'digest' }),
      (spec, index) => {
        if (index % 2 === 0) return { status: 401, headers: [['WWW-Authenticate', CHALLENGE]] }
        return spec.path === '/there' ? {} : { status: 302, headers: [['Location', '/there']] }
      },
    )
    expect(requests.map(({ path }) => path)).toEqual(['/dir?x=1', '/dir?x=1', '/there', '/there'])
    expect(headerOf(requests[2], 'Authorization')).toBeUndefined()
    expect(headerOf(requests[3], 'Authorization')).toContain('uri="/there"')
  })

  it('answers no other server that a redirect leads to', async () => {
    const requests = await requestsOf(
      ({ http }) => http.get(URL, { auth: 'digest' }),
      ({ target }) =>
        target.authority === 'target'
          ? { status: 302, headers: [['Location', 'http://other/']] }
          : { status: 401, headers: [['WWW-Authenticate', CHALLENGE]] },
    )
    expect(requests.map(({ target }) => target.authority)).toEqual(['target', 'other'])
  })
})

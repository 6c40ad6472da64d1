import { describe, expect, test } from 'vitest'
import { createApp } from '../../../mock-server/app.ts'
import { parseMockConfig } from '../../../mock-server/config-schema.ts'
import type { MockRequest } from '../../../mock-server/exchange.ts'
import { configOf, header, json } from '../requests.ts'
import {
  app,
  call,
  CHANNEL_US,
  grantOf,
  receive,
  S,
  send,
  start,
  statusAndCode,
} from './direct-line-calls.ts'

describe('tokens and conversations', () => {
  test('a token is generated for the secret without asking the bot, and is good for 30 minutes', () => {
    const mock = app()
    const plan = mock.handle(call('POST', '/tokens/generate', 'mock-key-2', { user: { id: 'dl_1' } }), 0)
    expect([plan.status, plan.replyAtUs]).toEqual([200, CHANNEL_US])
    const grant = grantOf(plan)
    expect(json(plan)).toEqual({
      conversationId: expect.any(String),
      token: expect.any(String),
      expires_in: 1_800,
    })
    expect(mock.handle(receive(grant), 0).status).toBe(404)
    expect(mock.handle(call('POST', '/conversations', grant.token), 1_800 * S - 1).status).toBe(201)
    expect(statusAndCode(mock.handle(call('POST', '/conversations', grant.token), 1_800 * S))).toEqual([
      403,
      'TokenExpired',
    ])
  })

  test('a conversation is started once: 201, then 200 for the same token', () => {
    const mock = app()
    const generated = grantOf(mock.handle(call('POST', '/tokens/generate'), 0))
    const plans = [1, 2].map((atUs) => mock.handle(call('POST', '/conversations', generated.token), atUs))
    expect(plans.map(({ status }) => status)).toEqual([201, 200])
    const { conversationId } = generated
    expect(json(plans[0]!)).toEqual({
      conversationId,
      token: expect.any(String),
      expires_in: 1_800,
      streamUrl: `ws://mock:80/v3/directline/conversations/${conversationId}/stream`,
    })
  })

  test('the secret starts a new conversation each time', () => {
    const mock = app()
    expect(start(mock).conversationId).not.toBe(start(mock).conversationId)
  })

  test('refresh gives a token with 30 more minutes, but not for one that is over', () => {
    const mock = app()
    const grant = start(mock)
    const refreshed = grantOf(mock.handle(call('POST', '/tokens/refresh', grant.token), 1_000 * S))
    expect(refreshed.conversationId).toBe(grant.conversationId)
    expect(mock.handle(receive(refreshed), 2_000 * S).status).toBe(200)
    expect(statusAndCode(mock.handle(call('POST', '/tokens/refresh', grant.token), 2_000 * S))).toEqual([
      403,
      'TokenExpired',
    ])
  })

  test('the secret reconnects a client whose token is over', () => {
    const mock = app()
    const { conversationId } = start(mock)
    const plan = mock.handle(call('GET', `/conversations/${conversationId}?watermark=3`), 5_000 * S)
    expect(plan.status).toBe(200)
    expect(grantOf(plan).streamUrl).toMatch(/\/stream\?watermark=3$/)
    expect(mock.handle(receive(grantOf(plan)), 5_001 * S).status).toBe(200)
  })

  test('behind a prefix the stream is behind it too', () => {
    const resources = ['a', 'b'].map((name) => ({ name, profile: 'direct-line-s1' }))
    const mock = createApp(parseMockConfig({ resources }).config!, 1)
    const plan = mock.handle(
      { ...call('POST', '/conversations'), path: '/r/b/v3/directline/conversations' },
      0,
    )
    expect(grantOf(plan).streamUrl).toMatch(/^ws:\/\/mock:80\/r\/b\/v3\/directline\/conversations\//)
  })
})

describe('what is refused', () => {
  const mock = app()
  const grant = start(mock)
  const other = start(mock)
  const activities = `/conversations/${grant.conversationId}/activities`
  const bare = (headers: Readonly<Record<string, string>>): MockRequest => ({ ...receive(grant), headers })

  test.each<[string, MockRequest, unknown[]]>([
    ['no secret', bare({}), [401, 'BadArgument']],
    ['a secret that is no bearer', bare({ authorization: 'mock-key-1' }), [401, 'BadArgument']],
    ['another secret', bare({ authorization: 'Bearer mock-key-9' }), [403, 'BadArgument']],
    ['a token that was changed', bare({ authorization: `Bearer ${grant.token}x` }), [403, 'BadArgument']],
    ['the token of another conversation', call('GET', activities, other.token), [403, 'BadArgument']],
    ['a token for a token', call('POST', '/tokens/generate', grant.token), [403, 'BadArgument']],
    ['to refresh the secret', call('POST', '/tokens/refresh'), [403, 'BadArgument']],
    [
      'a conversation that is not there',
      call('GET', '/conversations/none/activities'),
      [404, 'ResourceNotFound'],
    ],
    ['another path', call('GET', '/sessions'), [404, 'ResourceNotFound']],
    ['another member', call('GET', `/conversations/${grant.conversationId}/x`), [404, 'ResourceNotFound']],
    [
      'the stream, which needs no header',
      { ...call('GET', `/conversations/${grant.conversationId}/stream?t=${grant.token}`), headers: {} },
      [501, 'NotImplemented'],
    ],
    ['another method', call('DELETE', activities), [405, 'MethodNotAllowed']],
    ['a watermark that is no number', receive(grant, 'x'), [400, 'BadArgument']],
    ['an activity without type', send(grant, { from: { id: 'u' } }), [400, 'MissingProperty']],
    ['an activity without sender', send(grant, { type: 'message' }), [400, 'MissingProperty']],
    ['an activity that is a list', send(grant, []), [400, 'BadArgument']],
    ['an activity that is no JSON', send(grant, '{'), [400, 'BadArgument']],
    ['options that are no object', call('POST', '/conversations', 'mock-key-1', [1]), [400, 'BadArgument']],
    [
      'an activity of text',
      { ...send(grant), headers: { ...send(grant).headers, 'content-type': 'text/plain' } },
      [415, 'UnsupportedMediaType'],
    ],
    ['more than a megabyte', { ...send(grant), body: new Uint8Array(1_048_577) }, [413, 'MessageSizeTooBig']],
  ])('%s', (_story, refused, error) => {
    const plan = mock.handle(refused, 5)
    expect([statusAndCode(plan), plan.replyAtUs]).toEqual([error, 5])
    expect(header(plan, 'Content-Type')).toBe('application/json; charset=utf-8')
    expect(header(plan, 'Allow')).toBe(plan.status === 405 ? 'GET, POST' : undefined)
  })
})

describe('limits', () => {
  test('429, with Retry-After or without', () => {
    for (const [form, seconds] of [
      ['seconds', '1'],
      ['none', undefined],
    ] as const) {
      const mock = app(`,tps=1,retry-after=${form}`)
      start(mock)
      const plan = mock.handle(call('POST', '/conversations'), 0)
      expect([statusAndCode(plan), header(plan, 'Retry-After')]).toEqual([[429, 'TooManyRequests'], seconds])
    }
  })

  test('T13: the free channel refuses the 10,001st message of a month with 429, and nothing else', () => {
    const mock = createApp(configOf('direct-line-f0,latency=0s'), 1)
    const grant = start(mock)
    for (let i = 0; i < 10_000; i++) expect(mock.handle(send(grant), 0).status).toBe(200)
    const plan = mock.handle(send(grant), 0)
    expect(statusAndCode(plan)).toEqual([429, 'TooManyRequests'])
    expect(json(plan)).toMatchObject({
      error: {
        message:
          'Included quantity of 10000 transactions has been exceeded. The quantity will reset on 2000-01-31T00:00:00.0000000.',
      },
    })
    expect(mock.handle(receive(grant), 0).status).toBe(200)
  })

  test('a message larger than an allowance of bytes is never taken', () => {
    const rules = [{ name: 'day', limit: 10, window: '1d', unit: 'bytes', quota: true, status: 429 }]
    const { config } = parseMockConfig({ resources: [{ profile: 'direct-line-s1', rules }] })
    const mock = createApp(config!, 1)
    const plan = mock.handle(send(start(mock)), 0)
    expect([statusAndCode(plan), header(plan, 'Retry-After')]).toEqual([[429, 'TooManyRequests'], undefined])
  })

  test('10,000 conversations are kept; the one used longest ago goes first', () => {
    const mock = app()
    const [first, second] = [start(mock), start(mock)]
    mock.handle(receive(first), 0)
    for (let i = 0; i < 9_999; i++) start(mock)
    expect([first, second].map((grant) => mock.handle(receive(grant), 0).status)).toEqual([200, 404])
  })
})

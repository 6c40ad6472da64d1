import { describe, expect, test } from 'vitest'
import { createApp, type MockApp } from '../../../mock-server/app.ts'
import { parseMockConfig } from '../../../mock-server/config-schema.ts'
import { configOf, header, json, request } from '../requests.ts'

describe('custom service', () => {
  test.each(['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'])(
    'answers %s on any path with what was asked',
    (method) => {
      const plan = createApp(configOf('custom,latency=3ms'), 1).handle(
        request({ method, path: '/any/where?q=1' }),
        10,
      )
      expect([plan.status, plan.replyAtUs]).toEqual([200, 3_010])
      expect(json(plan)).toEqual({ method, path: '/any/where' })
      expect(header(plan, 'Content-Type')).toBe('application/json')
    },
  )

  test('HEAD states the length of a body that it leaves out', () => {
    const plan = createApp(configOf('custom'), 1).handle(request({ method: 'HEAD' }), 0)
    expect(plan.body).toBe('')
    expect(header(plan, 'Content-Length')).toBe(String('{"method":"HEAD","path":"/"}'.length))
  })

  test.each([429, 503])('refuses with %d as configured, and says how long to wait', (status) => {
    const app = createApp(configOf(`custom,tps=1,status=${status}`), 1)
    app.handle(request(), 0)
    const plan = app.handle(request(), 400_000)
    expect(plan.status).toBe(status)
    expect(header(plan, 'Retry-After')).toBe('1')
    expect(json(plan)).toEqual({
      error: { code: String(status), message: 'Refused by the limit "rate". Retry after 1 s.' },
    })
  })
})

describe('replies of the user’s own', () => {
  const replies = [
    {
      route: 'POST /v1/*',
      status: 201,
      body: { ok: true },
      refusal: { status: 503, body: { reason: 'busy' } },
    },
    { route: '/v1/empty', status: 204 },
    { route: '/v2/*', body: null, refusal: { status: 403 } },
  ]
  const rules = [{ name: 'rate', limit: 1, window: '1s' }]
  const custom = (): MockApp =>
    createApp(parseMockConfig({ resources: [{ profile: 'custom', replies, rules }] }).config!, 1)

  const standard = (status: number): object => ({
    error: { code: String(status), message: 'Refused by the limit "rate". Retry after 1 s.' },
  })

  test.each([
    ['POST', '/v1/a', 201, '{"ok":true}', 503, { reason: 'busy' }],
    ['GET', '/v1/empty', 204, '', 429, standard(429)],
    ['GET', '/v2/a', 200, 'null', 403, standard(403)],
    ['GET', '/else', 200, '{"method":"GET","path":"/else"}', 429, standard(429)],
  ])('%s %s', (method, path, status, body, refusalStatus, refusalBody) => {
    const app = custom()
    const accepted = app.handle(request({ method, path }), 0)
    expect([accepted.status, accepted.body]).toEqual([status, body])
    const refused = app.handle(request({ method, path }), 0)
    expect([refused.status, header(refused, 'Retry-After')]).toEqual([refusalStatus, '1'])
    expect(json(refused)).toEqual(refusalBody)
  })

  test('a rule’s status is stronger', () => {
    const quota = { name: 'day', limit: 1, window: '1d', quota: true, status: 403 }
    const app = createApp(
      parseMockConfig({ resources: [{ profile: 'custom', replies, rules: [quota] }] }).config!,
      1,
    )
    const statuses = [0, 1].map((atUs) => app.handle(request({ method: 'POST', path: '/v1/a' }), atUs).status)
    expect(statuses).toEqual([201, 403])
  })
})

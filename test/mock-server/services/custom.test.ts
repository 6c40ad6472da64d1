import { describe, expect, test } from 'vitest'
import { createApp } from '../../../mock-server/app.ts'
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

import { describe, expect, test } from 'vitest'
import type { MockApp } from '../../../mock-server/app.ts'
import type { MockRequest } from '../../../mock-server/exchange.ts'
import { json, request } from '../requests.ts'
import { app, errorOf, score, statusesAt } from './azureml-calls.ts'

const S = 1_000_000
const MIN = 60 * S

describe('batches', () => {
  const batch = (method: string, member = '', body: unknown = {}): MockRequest => {
    const path = `/workspaces/ws/services/svc/jobs${member}?api-version=2.0`
    return request({ method, path, headers: { authorization: 'Bearer mock-key-1' }, body })
  }
  const submit = (mock: MockApp): string => JSON.parse(mock.handle(batch('POST'), 0).body) as string
  const statusAt = (mock: MockApp, id: string, atUs: number): unknown =>
    json(mock.handle(batch('GET', `/${id}`), atUs))['StatusCode']

  test('are submitted, started, under way and finished', () => {
    const mock = app()
    const id = submit(mock)
    expect(statusAt(mock, id, 0)).toBe(0)
    expect(mock.handle(batch('POST', `/${id}/start`), S).status).toBe(204)
    expect([statusAt(mock, id, S), statusAt(mock, id, S + MIN - 1), statusAt(mock, id, S + MIN)]).toEqual([
      1, 1, 4,
    ])
    const again = mock.handle(batch('POST', `/${id}/start`), 2 * MIN)
    expect(errorOf(again)).toEqual([400, 'InvalidOperation', 'CannotStartJob'])
  })

  test('can be cancelled until they are finished', () => {
    const mock = app()
    const [waiting, running, finished] = [submit(mock), submit(mock), submit(mock)]
    for (const id of [running, finished]) mock.handle(batch('POST', `/${id}/start`), 0)
    for (const id of [waiting, running]) expect(mock.handle(batch('DELETE', `/${id}`), 1).status).toBe(204)
    mock.handle(batch('DELETE', `/${finished}`), MIN)
    expect([waiting, running, finished].map((id) => statusAt(mock, id, MIN))).toEqual([3, 3, 4])
  })

  test('no throttle level applies to them', () => {
    const mock = app()
    statusesAt(mock, score(), 5)
    expect(statusesAt(mock, batch('POST'), 100).every((status) => status === 200)).toBe(true)
  })

  test.each<[string, MockRequest, unknown[]]>([
    ['a body that is no object', batch('POST', '', []), [400, 'BadArgument', 'RequestBodyInvalid']],
    [
      'outputs that are no object',
      batch('POST', '', { Outputs: [] }),
      [400, 'BadArgument', 'RequestBodyInvalid'],
    ],
    ['a job that is not there', batch('GET', '/none'), [404, 'NotFound', 'WebServiceNotFound']],
    ['another method', batch('PUT', '/none'), [405, 'BadArgument', undefined]],
    [
      'no version',
      { ...batch('POST'), path: '/workspaces/ws/services/svc/jobs' },
      [400, 'BadArgument', 'BadVersionCall'],
    ],
    ['no key', { ...batch('POST'), headers: {} }, [401, 'Unauthorized', 'ScoreRequestUnauthorized']],
  ])('refuse %s', (_story, call, error) => {
    expect(errorOf(app().handle(call, 0))).toEqual(error)
  })
})

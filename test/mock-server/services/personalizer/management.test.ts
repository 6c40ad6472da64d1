import { describe, expect, test } from 'vitest'
import { header, JSON_HEADERS, request } from '../../requests.ts'
import {
  answer,
  CCB_POLICY,
  Client,
  codeOf,
  DEFAULT_POLICY,
  EVALUATION,
  S,
  SETTINGS,
  taught,
} from './client.ts'

const typeOf = (status: number, path: string): string | undefined => {
  if (status === 204) return undefined
  return path === 'model' ? 'application/octet-stream' : 'application/json; charset=utf-8'
}

describe('every call of the API', () => {
  // Statuses as in azure-rest-api-specs, Personalizer v1.1-preview.1.
  test.each<[string, string, unknown, number]>([
    ['POST', 'rank', { actions: [{ id: 'a', features: [] }] }, 201],
    ['POST', 'events/e/reward', { value: 1 }, 204],
    ['POST', 'events/e/activate', undefined, 204],
    ['GET', 'configurations/service', undefined, 200],
    ['PUT', 'configurations/service', SETTINGS, 200],
    ['GET', 'configurations/policy', undefined, 200],
    ['PUT', 'configurations/policy', CCB_POLICY, 200],
    ['DELETE', 'configurations/policy', undefined, 200],
    ['GET', 'model', undefined, 200],
    ['GET', 'model/properties', undefined, 200],
    ['DELETE', 'model', undefined, 204],
    ['GET', 'evaluations', undefined, 200],
    ['POST', 'evaluations', EVALUATION, 201],
    ['DELETE', 'evaluations/none', undefined, 204],
    ['GET', 'logs/properties', undefined, 200],
    ['DELETE', 'logs', undefined, 204],
  ])('%s %s', (method, path, body, status) => {
    for (const version of ['v1.0', 'v1.1-preview.1', 'v1.1-preview.2', 'v1.1-preview.3']) {
      const plan = taught().send(method, path, body, 60 * S, version)
      expect([version, plan.status, plan.body === '']).toEqual([version, status, status === 204])
      expect(header(plan, 'Content-Type')).toBe(typeOf(status, path))
    }
  })

  test('names its version in the query from 2022-09-01-preview on', () => {
    const { mock } = new Client()
    const get = (query: string): number => {
      const path = `/personalizer/configurations/service${query}`
      return mock.handle(request({ path, headers: JSON_HEADERS }), 0).status
    }
    expect(['?api-version=2022-09-01-preview', '?api-version=v1.0', ''].map(get)).toEqual([200, 404, 404])
  })

  test.each([
    ['POST', 'multislot/rank'],
    ['POST', 'multislot/events/e/reward'],
    ['POST', 'multislot/events/e/activate'],
    ['POST', 'configurations/applyFromEvaluation'],
  ])('%s %s is not in v1.0', (method, path) => {
    expect(new Client().send(method, path, {}, 0, 'v1.0').status).toBe(404)
  })

  test.each([
    ['configurations/service', 'GET, PUT'],
    ['configurations/policy', 'GET, PUT, DELETE'],
    ['model', 'GET, DELETE'],
    ['evaluations/e', 'GET, DELETE'],
    ['logs', 'DELETE'],
  ])('%s allows %s', (path, allow) => {
    const plan = new Client().send('PATCH', path)
    expect([plan.status, header(plan, 'Allow')]).toEqual([405, allow])
  })

  test('asks for JSON only where there is a body', () => {
    const { mock } = new Client()
    const headers = { 'ocp-apim-subscription-key': 'mock-key-2' }
    const send = (method: string, path: string): number =>
      mock.handle(request({ method, path: `/personalizer/v1.0/${path}`, headers }), 0).status
    expect(send('POST', 'events/e/activate')).toBe(204)
    expect(send('DELETE', 'model')).toBe(204)
    expect(send('PUT', 'configurations/policy')).toBe(415)
  })
})

describe('learning policy', () => {
  test('is put, read and reset', () => {
    const client = new Client()
    expect(client.ok('GET', 'configurations/policy')).toEqual(DEFAULT_POLICY)
    expect(client.ok('PUT', 'configurations/policy', CCB_POLICY)).toEqual(CCB_POLICY)
    expect(client.ok('GET', 'configurations/policy')).toEqual(CCB_POLICY)
    expect(client.ok('DELETE', 'configurations/policy')).toEqual(DEFAULT_POLICY)
    expect(client.ok('GET', 'configurations/policy')).toEqual(DEFAULT_POLICY)
  })

  test.each<[string, unknown, string]>([
    ['without a name', { arguments: '--cb_explore_adf' }, 'InvalidPolicyContract'],
    ['with a name of 257 characters', { ...CCB_POLICY, name: 'x'.repeat(257) }, 'InvalidPolicyContract'],
    ['without arguments', { name: 'x' }, 'InvalidPolicyContract'],
    ['with arguments of 1,025', { name: 'x', arguments: '--cats'.padEnd(1_025) }, 'InvalidPolicyContract'],
    ['without an algorithm', { name: 'x', arguments: '--epsilon 0.2' }, 'InvalidPolicyConfiguration'],
    ['that is no object', '"x"', 'InvalidPolicyContract'],
  ])('%s', (_story, body, code) => {
    expect(answer(new Client().send('PUT', 'configurations/policy', body))).toEqual([400, code])
    expect(answer(new Client().send('PUT', 'configurations/policy', body, 0, 'v1.0'))).toEqual([
      400,
      'BadRequest',
    ])
  })

  test('slots and automatic optimization exclude each other', () => {
    const refused = [403, 'ProblemTypeIncompatibleWithAutoOptimization']
    const client = new Client()
    client.configure({ isAutoOptimizationEnabled: true })
    expect(answer(client.send('PUT', 'configurations/policy', CCB_POLICY))).toEqual(refused)
    client.configure({})
    client.ok('PUT', 'configurations/policy', CCB_POLICY)
    const settings = { ...SETTINGS, isAutoOptimizationEnabled: true }
    expect(answer(client.send('PUT', 'configurations/service', settings))).toEqual(refused)
  })
})

test('the model has its dates, and its file holds what is in use', () => {
  const client = taught()
  expect(client.ok('GET', 'model/properties', undefined, 59 * S)).toEqual({
    creationTime: '2000-01-01T00:00:00.000Z',
    lastModifiedTime: '2000-01-01T00:00:00.000Z',
  })
  expect(client.send('GET', 'model', undefined, 59 * S).body).toBe('{}')
  expect(client.send('GET', 'model', undefined, 60 * S).body).toBe('{"a":0.25}')
  expect(client.ok('GET', 'model/properties', undefined, 61 * S)['lastModifiedTime']).toBe(
    '2000-01-01T00:01:00.000Z',
  )
  client.ok('DELETE', 'model', undefined, 62 * S)
  expect(client.ok('GET', 'model/properties', undefined, 63 * S)).toEqual({
    creationTime: '2000-01-01T00:01:02.000Z',
    lastModifiedTime: '2000-01-01T00:01:02.000Z',
  })
})

describe('logs', () => {
  test('go from the first Rank to the last', () => {
    const client = new Client()
    expect(answer(client.send('GET', 'logs/properties'))).toEqual([404, 'LogsPropertiesNotFound'])
    expect(answer(client.send('GET', 'logs/properties', undefined, 0, 'v1.0'))).toEqual([
      404,
      'ResourceNotFound',
    ])
    client.rank('e', ['a'], S)
    client.rank('f', ['a'], 3 * S)
    expect(client.ok('GET', 'logs/properties', undefined, 9 * S)).toEqual({
      dateRange: { from: '2000-01-01T00:00:01.000Z', to: '2000-01-01T00:00:03.000Z' },
    })
    client.ok('DELETE', 'logs', undefined, 10 * S)
    expect(client.send('GET', 'logs/properties', undefined, 10 * S).status).toBe(404)
  })

  test('are kept as long as was asked for', () => {
    const client = new Client()
    client.configure({ logRetentionDays: 2 })
    client.rank('e', ['a'], 0)
    expect(client.send('GET', 'logs/properties', undefined, 172_800 * S).status).toBe(200)
    expect(client.send('GET', 'logs/properties', undefined, 172_800 * S + 1).status).toBe(404)
  })
})

test('the management has limits too, and 429 names it', () => {
  const client = new Client({ rules: [{ name: 'rate', limit: 1, window: '1s' }] })
  client.ok('GET', 'model/properties')
  const plan = client.send('PUT', 'configurations/service', SETTINGS)
  expect(plan.status).toBe(429)
  expect(plan.body).toContain(
    'Requests to the Update Service Configuration Operation under Personalizer API (v1.1-preview.1)',
  )
  expect(client.ok('GET', 'configurations/service', undefined, S)['lastConfigurationEditDate']).toBe(
    '2000-01-01T00:00:00.000Z',
  )
})

test('the free tier counts Ranks, with and without slots, and says 429 when they are spent', () => {
  const month = { name: 'month', limit: 2, window: '30d', quota: true, status: 429 }
  const client = new Client({
    profile: 'personalizer-f0',
    rules: [{ ...month, match: ['POST /personalizer/*rank'] }],
  })
  client.rank('e', ['a'], 0)
  client.reward('e', 1, 0)
  client.rank('f', ['a'], 0)
  const plan = client.send('POST', 'rank', { actions: [{ id: 'a', features: [] }] })
  expect([plan.status, codeOf(plan), header(plan, 'Retry-After')]).toEqual([429, '429', '2592000'])
  expect(plan.body).toContain(
    'Out of call volume quota for Personalizer F0 pricing tier. Please retry after 30 days.',
  )
  expect(client.send('POST', 'events/f/reward', { value: 1 }).status).toBe(204)
})

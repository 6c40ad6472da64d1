import { describe, expect, test } from 'vitest'
import { createApp } from '../../../mock-server/app.ts'
import { parseMockConfig } from '../../../mock-server/config-schema.ts'
import type { MockRequest } from '../../../mock-server/exchange.ts'
import { parseMockSpec } from '../../../mock-server/spec.ts'
import { header, json } from '../requests.ts'
import { app, errorOf, RECORDS, score, type Score, TABLE } from './azureml-calls.ts'

const MISSING = [400, 'BadUserArgument', 'MissingRequiredGlobalParameters']

describe('scoring', () => {
  test.each<[string, unknown, number]>([
    ['a table', { input1: TABLE }, 2],
    ['records', { input1: RECORDS }, 1],
    ['several inputs', { input1: TABLE, input2: RECORDS }, 3],
    ['no input', {}, 0],
  ])('of %s has a result for every row, after the latency', (_story, inputs, rowCount) => {
    const plan = app('azureml-low,latency=50ms').handle(score({ inputs }), 1_000)
    expect([plan.status, plan.replyAtUs]).toEqual([200, 51_000])
    const value = { ColumnNames: ['Scored Labels'], Values: Array.from({ length: rowCount }, () => ['0']) }
    expect(json(plan)).toEqual({ Results: { output1: { type: 'table', value } } })
  })

  test('details=true adds the types of the columns', () => {
    const plan = app().handle(score({ query: '?api-version=2.0&details=true' }), 0)
    expect(json(plan)).toMatchObject({ Results: { output1: { value: { ColumnTypes: ['Numeric'] } } } })
  })

  test.each<[string, Score, readonly unknown[]]>([
    ['an old version', { query: '?api-version=1.0' }, [400, 'BadArgument', 'BadVersionCall']],
    ['no version', { query: '' }, [400, 'BadArgument', 'BadVersionCall']],
    ['no inputs', { inputs: null }, [400, 'BadArgument', 'MissingRequestInput']],
    ['inputs that are no object', { inputs: [] }, [400, 'BadArgument', 'RequestBodyInvalid']],
    ['parameters that are no object', { parameters: [] }, [400, 'BadArgument', 'RequestBodyInvalid']],
    [
      'a row too short',
      { inputs: { i: { ColumnNames: ['a', 'b'], Values: [['1']] } } },
      [400, 'BadUserArgument', 'InputParseError'],
    ],
    ['an input of text', { inputs: { i: 'text' } }, [400, 'BadUserArgument', 'InputParseError']],
    ['records of text', { inputs: { i: ['text'] } }, [400, 'BadUserArgument', 'InputParseError']],
    ['another key', { key: 'mock-key-9' }, [401, 'Unauthorized', 'ScoreRequestUnauthorized']],
    [
      'the token of the workspace',
      { key: 'mock-workspace-token' },
      [401, 'Unauthorized', 'ScoreRequestUnauthorized'],
    ],
    ['another method', { method: 'GET' }, [405, 'BadArgument', undefined]],
    ['another media type', { type: 'text/plain' }, [415, 'BadArgument', 'DataTypeNotSupported']],
  ])('refuses %s', (_story, change, error) => {
    const plan = app().handle(score(change), 3)
    expect([errorOf(plan), plan.replyAtUs]).toEqual([error, 3])
    expect(header(plan, 'Allow')).toBe(plan.status === 405 ? 'POST' : undefined)
  })

  test('refuses what is no JSON, what is too large, and paths it does not know', () => {
    const mock = app()
    const withBody = (body: Uint8Array): MockRequest => ({ ...score(), body })
    expect(errorOf(mock.handle(withBody(new TextEncoder().encode('{')), 0))).toEqual([
      400,
      'BadArgument',
      'RequestBodyInvalid',
    ])
    expect(errorOf(mock.handle(withBody(new Uint8Array(1_048_577)), 0))).toEqual([
      413,
      'BadArgument',
      'RequestBodyInvalid',
    ])
    const elsewhere = mock.handle({ ...score(), path: '/workspaces/ws/services/svc' }, 0)
    expect(errorOf(elsewhere)).toEqual([404, 'NotFound', 'WebServiceNotFound'])
  })

  test('messages are those that are published', () => {
    const message = (change: Score): string =>
      (json(app().handle(score(change), 0))['error'] as { message: string }).message
    expect(message({ query: '?api-version=1.0' })).toBe(
      'Invalid version parameter was passed during the API call: 1.0. Check the API help page for passing the correct version and try again.',
    )
    expect(message({ inputs: [] })).toBe(
      'No request body provided or error in deserializing the request body.',
    )
    expect(message({ key: 'x' })).toBe('Invalid credentials provided.')
    expect(message({ inputs: { i: 1 } })).toMatch(
      /^Parsing of input vector failed\. {2}Verify the input vector has the correct number of columns and data types\. {2}Additional details: .+\.$/,
    )
  })

  test.each<[string, unknown, unknown]>([
    ['all of them and one more', { seed: 1, 'row limit': 0, other: 'x' }, 'accepted'],
    ['an empty value', { seed: '', 'row limit': false }, 'accepted'],
    ['one of them', { seed: 1 }, MISSING],
    ['one that is null', { seed: 1, 'row limit': null }, MISSING],
    ['none', {}, MISSING],
    ['no parameters at all', null, MISSING],
  ])('where global parameters are required: %s', (_story, parameters, expected) => {
    const byJson = { profile: 'azureml-low', globalParameters: ['seed', 'row limit'] }
    for (const mock of [
      app('azureml-low,global-parameters=seed+row limit'),
      createApp(parseMockConfig({ resources: [byJson] }).config!, 1),
    ]) {
      const plan = mock.handle(score({ parameters }), 0)
      expect(plan.status === 200 ? 'accepted' : errorOf(plan)).toEqual(expected)
    }
  })

  test('where none is required there need not be any', () => {
    expect(app().handle(score({ parameters: null }), 0).status).toBe(200)
  })

  test('global parameters are required by name, and only of AzureML', () => {
    expect(parseMockSpec('azureml-low,global-parameters=seed+').faults).toMatchObject([
      { where: 'mock.global-parameters' },
    ])
    expect(parseMockSpec('luis-s0,global-parameters=seed').faults).toMatchObject([
      { where: 'mock.global-parameters' },
    ])
    expect(
      parseMockConfig({ resources: [{ profile: 'luis-s0', globalParameters: ['seed'] }] }).faults,
    ).toMatchObject([{ where: 'config.resources[0].globalParameters' }])
  })

  test('both keys open it', () => {
    expect(app().handle(score({ key: 'mock-key-2' }), 0).status).toBe(200)
  })

  test('T1e: one more than the cap at once: exactly one 503 RequestThrottled, without Retry-After', () => {
    for (const [profile, capacity] of [
      ['azureml-low', 4],
      ['azureml-high-20', 20],
      ['azureml-high-200', 200],
    ] as const) {
      const mock = app(profile)
      const plans = Array.from({ length: capacity + 1 }, () => mock.handle(score(), 0))
      const refused = plans.filter(({ status }) => status !== 200)
      expect(refused.map(errorOf)).toEqual([[503, 'ServiceUnavailable', 'RequestThrottled']])
      expect(json(refused[0]!)).toMatchObject({
        error: {
          message: `Request was throttled for default endpoint. The maximum concurrency for the endpoint is ${capacity}.`,
        },
      })
      expect(header(refused[0]!, 'Retry-After')).toBeUndefined()
    }
  })

  test.each([
    [408, 'RequestTimeout', 'ScoreRequestTimeout'],
    [409, 'Conflict', undefined],
    [413, 'MemoryQuotaViolation', 'OutOfMemoryLimit'],
    [500, 'InternalError', 'WorkerUnreachable'],
    [502, 'InternalError', 'UnknownError'],
    [503, 'ServiceUnavailable', 'NoMoreResources'],
    [504, 'GatewayTimeout', 'BackendScoreTimeout'],
  ])('a fault of %d is %s: %s', (status, code, detailCode) => {
    const plan = app(`azureml-low,fault=error:${status}`).handle(score(), 0)
    expect(errorOf(plan)).toEqual([status, code, detailCode])
  })
})

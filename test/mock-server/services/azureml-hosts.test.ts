import { expect, test, describe } from 'vitest'
import { parseMockConfig } from '../../../mock-server/config-schema.ts'
import { parseMockSpec } from '../../../mock-server/spec.ts'
import { json } from '../requests.ts'
import { app, errorOf, score } from './azureml-calls.ts'

const S = 1_000_000
const MIN = 60 * S

describe('cold hosts', () => {
  const SPEC = 'azureml-low,latency=50ms,cold-start=8s'

  test('the first call waits for its host, others meanwhile are sent away, later ones find it warm', () => {
    const mock = app(SPEC)
    expect(mock.handle(score(), 0).replyAtUs).toBe(8 * S + 50_000)
    const early = mock.handle(score(), 8 * S - 1)
    expect([errorOf(early), early.replyAtUs]).toEqual([[503, 'InitializingContainers', undefined], 8 * S - 1])
    expect(json(early)).toMatchObject({
      error: { message: 'The request cannot execute as the containers are being initialized.' },
    })
    expect(mock.handle(score(), 8 * S).replyAtUs).toBe(8 * S + 50_000)
  })

  test('ten minutes without a call make it cold again', () => {
    const mock = app(SPEC)
    mock.handle(score(), 0)
    const latencies = [MIN, 11 * MIN - 1, 21 * MIN - 1].map(
      (atUs) => mock.handle(score(), atUs).replyAtUs - atUs,
    )
    expect(latencies).toEqual([50_000, 50_000, 8 * S + 50_000])
  })

  test('a start of more than a minute is a timeout', () => {
    const plan = app('azureml-low,cold-start=61s').handle(score(), 0)
    expect([errorOf(plan), plan.replyAtUs]).toEqual([
      [504, 'GatewayTimeout', 'BackendInitializationTimeout'],
      MIN,
    ])
  })

  test('no more than ten hosts start at once', () => {
    const mock = app('azureml-high-200,cold-start=8s')
    const plans = Array.from({ length: 200 }, () => mock.handle(score(), 0))
    expect(plans.filter(({ status }) => status === 200)).toHaveLength(10)
    const details = new Set(plans.filter(({ status }) => status !== 200).map((plan) => String(errorOf(plan))))
    expect(details).toEqual(
      new Set(['503,InitializingContainers,', '503,ServiceUnavailable,TooManyHostsBeingInitialized']),
    )
  })

  // Calls every 30 s: one host is never cold again, each of fifty goes ten minutes without a call more often than not.
  test('under little traffic a high cap has latency spikes that the low one has not', () => {
    const slowCount = (spec: string): number => {
      const mock = app(`${spec},latency=50ms,cold-start=8s`)
      const calls = Array.from({ length: 200 }, (_, index) => index * 30 * S)
      return calls.filter((atUs) => mock.handle(score(), atUs).replyAtUs - atUs > S).length
    }
    expect(slowCount('azureml-low')).toBe(1)
    expect(slowCount('azureml-high-200')).toBeGreaterThan(100)
  })

  test('a mock without a cap has hosts too', () => {
    expect(app('azureml-high-200,concurrency=none,cold-start=8s').handle(score(), 0).replyAtUs).toBe(
      8 * S + 50_000,
    )
  })

  test('batches do not wait for hosts', () => {
    const submit = { ...score(), path: '/workspaces/ws/services/svc/jobs?api-version=2.0' }
    expect(app(SPEC).handle(submit, 5).replyAtUs).toBe(5)
  })

  test('are configured by JSON too, and only here', () => {
    const parse = (profile: string): ReturnType<typeof parseMockConfig> =>
      parseMockConfig({ resources: [{ profile, coldStart: '8s' }] })
    expect(parse('azureml-low').config?.resources[0]?.service).toMatchObject({ coldStartUs: 8 * S })
    expect(parse('luis-s0').faults).toMatchObject([{ where: 'config.resources[0].coldStart' }])
    expect(parseMockSpec('luis-s0,cold-start=8s').faults).toMatchObject([{ where: 'mock.cold-start' }])
    expect(parseMockSpec('azureml-low,cold-start=11m').faults).toMatchObject([{ where: 'mock.cold-start' }])
  })
})

import { describe, expect, test } from 'vitest'
import { header, json } from '../../requests.ts'
import { answer, Client, DEFAULT_POLICY, EVALUATION, RANGE, S, taught } from './client.ts'

describe('evaluations', () => {
  const custom = { name: 'mine', arguments: '--cb_explore_adf' }

  test('are pending for a minute, then they have results and can be applied', () => {
    const client = taught()
    const plan = client.send('POST', 'evaluations', { ...EVALUATION, policies: [custom] }, 10 * S)
    const { id, ...created } = json(plan)
    expect(header(plan, 'Location')).toBe(`/personalizer/v1.1-preview.1/evaluations/${String(id)}`)
    expect(created).toEqual({
      name: 'first',
      ...RANGE,
      status: 'pending',
      policyResults: [
        { ...DEFAULT_POLICY, policySource: 'Online' },
        { ...custom, policySource: 'Custom' },
      ],
      featureImportance: [],
      evaluationType: 'Manual',
      optimalPolicy: '',
      creationTime: '2000-01-01T00:00:10.000Z',
    })
    const apply = (policyName: string, atUs: number): [number, string] =>
      answer(
        client.send('POST', 'configurations/applyFromEvaluation', { evaluationId: id, policyName }, atUs),
      )
    const path = `evaluations/${String(id)}`
    expect(client.ok('GET', path, undefined, 70 * S - 1)['status']).toBe('pending')
    expect(apply('mine', 70 * S - 1)).toEqual([400, 'BadRequest'])
    const done = client.ok('GET', path, undefined, 70 * S)
    expect([done['status'], done['optimalPolicy']]).toEqual(['completed', 'myPersonalizer'])
    expect((done['policyResults'] as { totalSummary: object }[])[0]?.totalSummary).toMatchObject({
      averageReward: 0.5,
    })
    expect(apply('other', 70 * S)).toEqual([404, 'LearningSettingsNotFound'])
    expect(apply('mine', 70 * S)).toEqual([204, ''])
    expect(client.ok('GET', 'configurations/policy', undefined, 70 * S)).toEqual(custom)
    expect(client.ok('GET', 'evaluations', undefined, 71 * S)).toEqual([done])
    client.ok('DELETE', path, undefined, 72 * S)
    expect(answer(client.send('GET', path, undefined, 72 * S))).toEqual([404, 'EvaluationNotFound'])
    expect(apply('mine', 72 * S)).toEqual([404, 'EvaluationNotFound'])
  })

  test('of a time without events are refused, in v1.0 done at once without results', () => {
    const body = { ...EVALUATION, endTime: RANGE.startTime }
    expect(answer(taught().send('POST', 'evaluations', body, 10 * S))).toEqual([
      400,
      'NoLogsExistInDateRange',
    ])
    const plan = taught().send(
      'POST',
      'evaluations',
      { ...body, enableOfflineExperimentation: true },
      10 * S,
      'v1.0',
    )
    expect(json(plan)).toMatchObject({ status: 'completed' })
    const results = json(plan)['policyResults'] as { policySource: string; totalSummary?: object }[]
    expect(results.map(({ policySource }) => policySource)).toEqual(['Online', 'OfflineExperimentation'])
    expect(results.some(({ totalSummary }) => totalSummary !== undefined)).toBe(false)
  })

  test.each<[string, unknown, string]>([
    ['no JSON', '{', 'InvalidEvaluationContract'],
    ['no name', { ...EVALUATION, name: '' }, 'InvalidEvaluationContract'],
    ['no policies', { ...EVALUATION, policies: undefined }, 'InvalidEvaluationContract'],
    ['a start that is no date', { ...EVALUATION, startTime: 'x' }, 'InvalidEvaluationContract'],
    [
      'an end before its start',
      { ...EVALUATION, endTime: '1999-01-01T00:00:00Z' },
      'InvalidEvaluationContract',
    ],
    ['two policies of one name', { ...EVALUATION, policies: [custom, custom] }, 'DuplicateCustomPolicyNames'],
    [
      '11 policies',
      { ...EVALUATION, policies: Array.from({ length: 11 }, (_, i) => ({ ...custom, name: `p${i}` })) },
      'InvalidEvaluationContract',
    ],
  ])('with %s', (_story, body, code) => {
    expect(answer(taught().send('POST', 'evaluations', body, 10 * S))).toEqual([400, code])
  })

  test('can be applied only by name', () => {
    const apply = (body: unknown): [number, string] =>
      answer(new Client().send('POST', 'configurations/applyFromEvaluation', body))
    expect(apply({ evaluationId: 'x' })).toEqual([400, 'BadRequest'])
    expect(apply('{')).toEqual([400, 'BadRequest'])
    expect(apply({ evaluationId: 'x', policyName: 'y' })).toEqual([404, 'EvaluationNotFound'])
  })

  test('are bounded in number: the oldest makes room', () => {
    const client = taught()
    const ids = Array.from(
      { length: 101 },
      () => client.ok('POST', 'evaluations', EVALUATION, 10 * S)['id'] as string,
    )
    const listed = client.ok('GET', 'evaluations', undefined, 11 * S) as unknown as { id: string }[]
    expect(listed.map(({ id }) => id)).toEqual(ids.slice(1).toReversed())
  })
})

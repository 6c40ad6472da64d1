import { describe, expect, test } from 'vitest'
import { json } from '../../requests.ts'
import { answer, Client, SETTINGS } from './client.ts'

describe('service configuration', () => {
  test('is what was put, with the date of the edit', () => {
    const client = new Client()
    const settings = {
      ...SETTINGS,
      rewardWaitTime: 'P2D',
      logRetentionDays: -1,
      logMirrorEnabled: true,
      logMirrorSasUri: 'https://blob.example/container?sig=x',
      learningMode: 'LoggingOnly',
      isAutoOptimizationEnabled: true,
      autoOptimizationFrequency: 'P7D',
      autoOptimizationStartDate: '2000-01-19T00:00:00Z',
    }
    const put = client.ok('PUT', 'configurations/service', settings, 1_500_000)
    expect(put).toEqual({ ...settings, lastConfigurationEditDate: '2000-01-01T00:00:01.500Z' })
    expect(client.ok('GET', 'configurations/service')).toEqual(put)
  })

  test('has no learning mode in v1.0, which leaves it as it is', () => {
    const client = new Client()
    client.configure({ learningMode: 'Apprentice' })
    const put = client.send(
      'PUT',
      'configurations/service',
      { ...SETTINGS, learningMode: 'Online' },
      0,
      'v1.0',
    )
    expect(put.status).toBe(200)
    expect(Object.keys(json(put)).toSorted()).toEqual(
      [
        ...Object.keys(SETTINGS),
        'lastConfigurationEditDate',
        'logMirrorEnabled',
        'logMirrorSasUri',
      ].toSorted(),
    )
    expect(client.ok('GET', 'configurations/service')['learningMode']).toBe('Apprentice')
  })

  test.each(['PT5S', 'PT10M', 'P2D'])('takes a rewardWaitTime of %s', (rewardWaitTime) => {
    expect(new Client().send('PUT', 'configurations/service', { ...SETTINGS, rewardWaitTime }).status).toBe(
      200,
    )
  })

  test.each<[string, object | string, string]>([
    ['a wait of less than 5 s', { rewardWaitTime: 'PT4.999S' }, 'InvalidRewardWaitTime'],
    ['a wait of more than 2 days', { rewardWaitTime: 'P2DT1S' }, 'InvalidRewardWaitTime'],
    ['a wait that is no duration', { rewardWaitTime: '10m' }, 'InvalidServiceConfiguration'],
    ['no wait', { rewardWaitTime: undefined }, 'InvalidServiceConfiguration'],
    ['no default reward', { defaultReward: undefined }, 'InvalidServiceConfiguration'],
    ['a default reward of 1.1', { defaultReward: 1.1 }, 'InvalidServiceConfiguration'],
    ['another aggregation', { rewardAggregation: 'mean' }, 'InvalidServiceConfiguration'],
    ['exploration of 20', { explorationPercentage: 20 }, 'InvalidServiceConfiguration'],
    ['no update frequency', { modelExportFrequency: 'PT0S' }, 'InvalidServiceConfiguration'],
    ['a retention of -2 days', { logRetentionDays: -2 }, 'InvalidServiceConfiguration'],
    ['a retention within the wait', { logRetentionDays: 1 }, 'InvalidLogRetentionDays'],
    ['another mode', { learningMode: 'Offline' }, 'InvalidServiceConfiguration'],
    ['a mirror to nowhere', { logMirrorEnabled: true }, 'InvalidContainer'],
    ['a date that is none', { autoOptimizationStartDate: 'today' }, 'InvalidServiceConfiguration'],
    ['no object', '[]', 'InvalidServiceConfiguration'],
    ['no JSON', '{', 'InvalidServiceConfiguration'],
  ])('refuses %s', (_story, changes, code) => {
    const body = typeof changes === 'string' ? changes : { ...SETTINGS, ...changes }
    const client = new Client()
    const before = client.ok('GET', 'configurations/service')
    expect(answer(client.send('PUT', 'configurations/service', body))).toEqual([400, code])
    expect(client.ok('GET', 'configurations/service')).toEqual(before)
  })

  describe('T4b: the mode and what is a reward take two calls', () => {
    test.each([{ defaultReward: 0.5 }, { rewardWaitTime: 'PT5M' }, { rewardAggregation: 'sum' }])(
      '%j',
      (changes) => {
        const client = new Client()
        const put = (body: object): [number, string] =>
          answer(client.send('PUT', 'configurations/service', { ...SETTINGS, ...body }))
        const refused = [400, 'InvalidLearningModeServiceConfiguration']
        expect(put({ ...changes, learningMode: 'Apprentice' })).toEqual(refused)
        expect(put({ learningMode: 'Apprentice' })).toEqual([200, ''])
        expect(put({ ...changes, learningMode: 'Apprentice' })).toEqual([200, ''])
        expect(put({ learningMode: 'Online' })).toEqual(refused)
        expect(put({ ...changes, learningMode: 'Online' })).toEqual([200, ''])
      },
    )
  })

  test('Apprentice mode is for tier E0', () => {
    const put = (profile: string): [number, string] =>
      answer(
        new Client({ profile }).send('PUT', 'configurations/service', {
          ...SETTINGS,
          learningMode: 'Apprentice',
        }),
      )
    expect(['personalizer-e0', 'personalizer-s0', 'personalizer-f0'].map(put)).toEqual([
      [200, ''],
      [400, 'InvalidServiceConfiguration'],
      [400, 'InvalidServiceConfiguration'],
    ])
  })
})

import { describe, expect, test } from 'vitest'
import { Client, S } from './client.ts'

const IDS = ['a', 'b', 'c', 'd']
const QUICK = { rewardWaitTime: 'PT5S', modelExportFrequency: 'PT1M' }
const EQUAL = { a: 0.25, b: 0.25, c: 0.25, d: 0.25 }
/** Exploration of 20 % over four actions. */
const favouring = (best: string): Record<string, number> => ({
  a: 0.05,
  b: 0.05,
  c: 0.05,
  d: 0.05,
  [best]: 0.85,
})

const quickLoop = (changes: object = {}, resource: object = {}): Client => {
  const client = new Client({ ...resource })
  client.configure({ ...QUICK, ...changes })
  return client
}

/** Ranks one action alone, so that it is the one that is rewarded. */
const earn = (client: Client, actionId: string, value: number, atUs: number): void => {
  client.rank(`${actionId}-${atUs}`, [actionId], atUs)
  client.reward(`${actionId}-${atUs}`, value, atUs)
}

describe('T4: the model in use changes at ticks only', () => {
  test('equal probabilities until the tick after a reset, then what has been learned', () => {
    const client = quickLoop()
    earn(client, 'c', 1, S)
    expect(client.probabilities(IDS, 60 * S - 1)).toEqual(EQUAL)
    expect(client.probabilities(IDS, 60 * S)).toEqual(favouring('c'))
    client.ok('DELETE', 'model', undefined, 70 * S)
    expect(client.probabilities(IDS, 70 * S)).toEqual(EQUAL)
    earn(client, 'b', 1, 71 * S)
    expect(client.probabilities(IDS, 130 * S - 1)).toEqual(EQUAL)
    expect(client.probabilities(IDS, 130 * S)).toEqual(favouring('b'))
  })

  test('a loop that hears nothing stays as it is', () => {
    const client = quickLoop()
    expect(client.probabilities(IDS, 600 * S)).toEqual(EQUAL)
    expect(client.state(600 * S)['modelUpdatedAtUs']).toBe(0)
  })

  test('what ends at the tick is part of it, what ends after it is not', () => {
    const [inTime, late] = [quickLoop(), quickLoop()]
    earn(inTime, 'b', 1, 55 * S)
    earn(late, 'b', 1, 55 * S + 1)
    expect(inTime.probabilities(IDS, 60 * S)).toEqual(favouring('b'))
    expect(late.probabilities(IDS, 60 * S)).toEqual(EQUAL)
    expect(late.probabilities(IDS, 120 * S)).toEqual(favouring('b'))
  })

  test('after a long silence the model is that of the last tick', () => {
    const client = quickLoop()
    earn(client, 'b', 1, S)
    earn(client, 'd', 1, 598 * S)
    earn(client, 'd', 1, 599 * S)
    expect(client.probabilities(IDS, 659 * S)).toEqual(favouring('b'))
    expect(client.probabilities(IDS, 660 * S)).toEqual(favouring('d'))
  })

  test('the action with the higher mean reward wins, not the one with more rewards', () => {
    const client = quickLoop()
    for (let i = 0; i < 20; i++) earn(client, 'a', 0.3, S + i)
    for (let i = 0; i < 5; i++) earn(client, 'd', 0.9, 2 * S + i)
    expect(client.probabilities(IDS, 60 * S)).toEqual(favouring('d'))
  })

  test('the draw follows the probabilities', () => {
    const client = quickLoop()
    earn(client, 'c', 1, S)
    let count = 0
    for (let i = 0; i < 4_000; i++) if (client.rank(`e${i}`, IDS, 60 * S).rewardActionId === 'c') count++
    expect(Math.abs(count / 4_000 - 0.85)).toBeLessThan(0.02)
  })
})

describe('the time for rewards', () => {
  test.each([
    ['just before its end', 6 * S - 1, 'b'],
    ['at its end: logged, not learned', 6 * S, 'a'],
  ])('a reward %s', (_story, atUs, best) => {
    const client = quickLoop({ defaultReward: -0.5 })
    client.rank('e', ['b'], S)
    client.rank('other', ['a'], S)
    client.reward('other', 0.1, S)
    client.reward('e', 1, atUs)
    expect(client.probabilities(IDS, 60 * S)).toEqual(favouring(best))
    expect(client.state(60 * S)['unmatchedRewardCount']).toBe(best === 'b' ? 0 : 1)
  })

  test('runs from the Rank even where the event is activated later', () => {
    const client = quickLoop()
    client.rank('e', ['b'], S, { deferActivation: true })
    client.ok('POST', 'events/e/activate', undefined, 5 * S)
    client.reward('e', 1, 6 * S)
    expect(client.state(60 * S)).toMatchObject({ learnedEventCount: 1, unmatchedRewardCount: 1 })
    expect(client.probabilities(IDS, 60 * S)['b']).toBeCloseTo(0.05, 12)
  })

  test.each([
    ['sum', 'b'],
    ['earliest', 'c'],
  ])('several rewards count as their %s', (rewardAggregation, best) => {
    const client = quickLoop({ rewardAggregation })
    client.rank('e', ['b'], S)
    for (const value of [0.2, 1, 1]) client.reward('e', value, 2 * S)
    client.rank('f', ['c'], S)
    for (const value of [0.9, -1]) client.reward('f', value, 2 * S)
    expect(client.probabilities(IDS, 60 * S)).toEqual(favouring(best))
  })

  test('an event without rewards earns the default reward', () => {
    const client = quickLoop({ defaultReward: 1 })
    client.rank('silent', ['d'], S)
    earn(client, 'a', 0.5, S)
    expect(client.probabilities(IDS, 60 * S)).toEqual(favouring('d'))
  })

  test('a Rank that is repeated is one event', () => {
    const client = quickLoop()
    client.rank('e', ['b'], S)
    client.rank('e', ['b'], 2 * S)
    expect(client.state(3 * S)).toMatchObject({ openEventCount: 1, loggedEventCount: 1 })
  })
})

describe('deferred activation', () => {
  const run = (resource: object, activates: boolean): Client => {
    const client = quickLoop({}, resource)
    client.rank('e', ['b'], S, { deferActivation: true })
    client.reward('e', 1, 2 * S)
    if (activates) client.ok('POST', 'events/e/activate', undefined, 3 * S)
    return client
  }

  test.each<[string, object, boolean, boolean]>([
    ['without Activate rewards are ignored', {}, false, false],
    ['Activate makes them count', {}, true, true],
    ['by the older reading a Reward activates', { rewardActivates: true }, false, true],
  ])('%s', (_story, resource, activates, isLearned) => {
    const client = run(resource, activates)
    const { learnedEventCount, inactiveEventCount } = client.state(7 * S)
    expect([learnedEventCount, inactiveEventCount]).toEqual(isLearned ? [1, 0] : [0, 1])
    expect(client.probabilities(IDS, 60 * S)).toEqual(isLearned ? favouring('b') : EQUAL)
  })
})

describe('modes', () => {
  test('Apprentice mode serves the baseline action and learns', () => {
    const client = quickLoop()
    client.configure({ ...QUICK, learningMode: 'Apprentice' })
    for (let i = 0; i < 20; i++) expect(client.rank(`e${i}`, IDS, S).rewardActionId).toBe('a')
    expect(client.rank('f', IDS, S, { excludedActions: ['a', 'b'] }).rewardActionId).toBe('c')
    client.rank('g', ['d', 'a'], S)
    client.reward('g', 1, S)
    expect(client.probabilities(IDS, 60 * S)).toEqual({ a: 1, b: 0, c: 0, d: 0 })
    client.configure({ ...QUICK, learningMode: 'Online' }, 61 * S)
    expect(client.probabilities(IDS, 62 * S)).toEqual(favouring('d'))
  })

  test('LoggingOnly logs and learns nothing', () => {
    const client = quickLoop()
    client.configure({ ...QUICK, learningMode: 'LoggingOnly' })
    earn(client, 'b', 1, S)
    expect(client.state(60 * S)).toMatchObject({
      loggedEventCount: 1,
      learnedEventCount: 0,
      modelActionCount: 0,
    })
  })
})

describe('settings that reset the model', () => {
  const trained = (): Client => {
    const client = quickLoop()
    earn(client, 'b', 1, S)
    expect(client.probabilities(IDS, 60 * S)).toEqual(favouring('b'))
    return client
  }

  test.each<[string, object]>([
    ['defaultReward', { defaultReward: 0.1 }],
    ['rewardWaitTime', { rewardWaitTime: 'PT6S' }],
    ['rewardAggregation', { rewardAggregation: 'sum' }],
    ['explorationPercentage', { explorationPercentage: 0.4 }],
  ])('%s: empty until the next tick, then retrained from the log', (_name, changes) => {
    const client = trained()
    client.configure({ ...QUICK, ...changes }, 90 * S)
    expect(client.probabilities(IDS, 150 * S - 1)).toEqual(EQUAL)
    expect(client.probabilities(IDS, 150 * S)['b']).toBeGreaterThan(0.5)
  })

  test('retraining goes back two days', () => {
    const client = trained()
    client.configure({ ...QUICK, defaultReward: 0.1 }, 172_802 * S)
    expect(client.probabilities(IDS, 172_900 * S)).toEqual(EQUAL)
  })

  test.each<[string, object]>([
    ['the same again', {}],
    ['the same wait in other words', { rewardWaitTime: 'PT0M5S' }],
    ['logRetentionDays', { logRetentionDays: 7 }],
  ])('%s changes nothing', (_name, changes) => {
    const client = trained()
    client.configure({ ...QUICK, ...changes }, 90 * S)
    expect(client.probabilities(IDS, 90 * S)).toEqual(favouring('b'))
  })

  test('another update frequency counts its ticks from then on and keeps the model', () => {
    const client = trained()
    client.configure({ ...QUICK, modelExportFrequency: 'PT2M' }, 90 * S)
    for (const at of [91, 92, 93]) earn(client, 'c', 1, at * S)
    expect(client.probabilities(IDS, 210 * S - 1)).toEqual(favouring('b'))
    expect(client.probabilities(IDS, 210 * S)).toEqual(favouring('c'))
  })
})

test('the ingestion counts the bytes of Rank and Reward and refuses nothing', () => {
  const client = new Client()
  const actions = [{ id: 'a', features: [{ text: 'x'.repeat(400_000) }] }]
  const body = JSON.stringify({ eventId: 'e', actions })
  for (let i = 0; i < 100; i++) expect(client.send('POST', 'rank', body, 0).status).toBe(201)
  client.send('POST', 'events/e/reward', '{"value":1}', 0)
  const bytes = 100 * body.length + 11
  expect(client.state(0)['ingest']).toMatchObject({ acceptedBytes: bytes, backlogBytes: bytes })
  expect(client.state(S)['ingest']).toMatchObject({ backlogBytes: bytes - 20_000_000 })
  expect(client.state(3 * S)['ingest']).toMatchObject({ backlogBytes: 0, lagUs: 0 })
})

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { json } from '../../requests.ts'
import { CCB_POLICY, Client, S, SETTINGS } from './client.ts'

interface Slot {
  readonly id: string
  readonly baselineAction: string
  readonly excludedActions?: readonly string[]
}

const converted = (): Client => {
  const client = new Client()
  client.ok('PUT', 'configurations/policy', CCB_POLICY)
  return client
}

const actionsOf = (ids: readonly string[]): object[] => ids.map((id) => ({ id, features: [{ kind: id }] }))

const fill = (
  client: Client,
  ids: readonly string[],
  slots: readonly Slot[],
  eventId = 'e',
  atUs = 0,
): string[] => {
  const reply = client.ok('POST', 'multislot/rank', { actions: actionsOf(ids), slots, eventId }, atUs)
  expect(reply['eventId']).toBe(eventId)
  const filled = reply['slots'] as { id: string; rewardActionId: string }[]
  expect(filled.map(({ id }) => id)).toEqual(slots.map(({ id }) => id))
  return filled.map(({ rewardActionId }) => rewardActionId)
}

const SLOTS: readonly Slot[] = [
  { id: 'main', baselineAction: 'a' },
  { id: 'side', baselineAction: 'b' },
]

test('a loop has to be converted first', () => {
  const calls: [string, unknown][] = [
    ['multislot/rank', { actions: actionsOf(['a', 'b']), slots: SLOTS }],
    ['multislot/events/e/reward', { reward: [] }],
    ['multislot/events/e/activate', undefined],
  ]
  for (const [path, body] of calls) {
    const plan = new Client().send('POST', path, body)
    expect([plan.status, json(plan)]).toMatchObject([400, { error: { code: 'InvalidMultiSlotApiAccess' } }])
    expect(converted().send('POST', path, body).status).toBeLessThan(300)
  }
})

test('every slot gets an action of its own that it does not exclude, always the same for the same event', () => {
  const ids = ['a', 'b', 'c', 'd', 'e']
  const subset = fc.subarray(ids)
  const scene = fc
    .shuffledSubarray(ids, { minLength: 1 })
    .chain((baselines) =>
      fc.tuple(fc.constant(baselines), fc.array(subset, { minLength: 5, maxLength: 5 }), fc.string()),
    )
  fc.assert(
    fc.property(scene, ([baselines, exclusions, eventId]) => {
      const slots = baselines.map((baselineAction, index) => ({
        id: `slot-${index}`,
        baselineAction,
        excludedActions: exclusions[index]!.filter((id) => id !== baselineAction),
      }))
      const chosen = fill(converted(), ids, slots, `event-${eventId}`)
      expect(new Set(chosen).size).toBe(slots.length)
      for (const [index, id] of chosen.entries()) expect(slots[index]!.excludedActions).not.toContain(id)
      expect(fill(converted(), ids, slots, `event-${eventId}`)).toEqual(chosen)
    }),
    { numRuns: 100 },
  )
})

test('where all actions are shown, all orders come up equally often', () => {
  const client = converted()
  const slots = ['a', 'b', 'c'].map((id) => ({ id: `slot-${id}`, baselineAction: id }))
  const counts = new Map<string, number>()
  for (let i = 0; i < 3_000; i++) {
    const order = fill(client, ['a', 'b', 'c'], slots, `e${i}`).join('')
    counts.set(order, (counts.get(order) ?? 0) + 1)
  }
  expect(counts.size).toBe(6)
  for (const count of counts.values()) expect(Math.abs(count / 3_000 - 1 / 6)).toBeLessThan(0.03)
})

test('each slot is rewarded by itself', () => {
  const client = converted()
  client.configure({ rewardWaitTime: 'PT5S', modelExportFrequency: 'PT1M', explorationPercentage: 0 })
  const [inMain, inSide] = fill(client, ['a', 'b', 'c'], SLOTS, 'e', S)
  const reward = [
    { slotId: 'side', value: 1 },
    { slotId: 'nowhere', value: 1 },
  ]
  expect(client.send('POST', 'multislot/events/e/reward', { reward }, S).status).toBe(204)
  expect(client.state(7 * S)).toMatchObject({ learnedEventCount: 1, unmatchedRewardCount: 1 })
  expect(client.probabilities([inMain!, inSide!], 60 * S)).toEqual({ [inMain!]: 0, [inSide!]: 1 })
  expect(fill(client, ['a', 'b', 'c'], SLOTS, 'f', 61 * S)[0]).toBe(inSide)
})

test('Apprentice mode serves the baseline actions', () => {
  const client = converted()
  client.configure({ learningMode: 'Apprentice' })
  for (let i = 0; i < 20; i++) expect(fill(client, ['c', 'a', 'b'], SLOTS, `e${i}`)).toEqual(['a', 'b'])
})

test('an event without an id gets one, and a deferred one waits for its activation', () => {
  const client = converted()
  client.configure({ ...SETTINGS, rewardWaitTime: 'PT5S' })
  const rank = { actions: actionsOf(['a', 'b']), slots: SLOTS, deferActivation: true }
  const ids = [1, 2].map(() => client.ok('POST', 'multislot/rank', rank)['eventId'] as string)
  expect(ids[0]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  client.ok('POST', `multislot/events/${ids[0]}/activate`)
  expect(client.state(5 * S)).toMatchObject({ learnedEventCount: 1, inactiveEventCount: 1 })
})

describe('bodies that are none', () => {
  const slot = SLOTS[0]!
  const rankWith = (slots: unknown, count = 2): object => ({
    actions: actionsOf(Array.from({ length: count }, (_, index) => 'abcdef'[index] ?? `x${index}`)),
    slots,
  })

  test.each<[string, unknown, RegExp]>([
    ['no JSON', '{', /JSON object/],
    ['no actions', { slots: SLOTS }, /at least one action/],
    ['no slots', rankWith([]), /at least one slot/],
    ['more slots than actions', rankWith([...SLOTS, slot]), /more than 2/],
    ['a slot that is none', rankWith(['main']), /slots\[0\] must be an object/],
    ['a slot without id', rankWith([{ ...slot, id: '' }]), /slots\[0\]\.id/],
    [
      'two slots of one id',
      rankWith([slot, { ...slot, baselineAction: 'b' }]),
      /slots\[1\]\.id is there more/,
    ],
    ['a slot without baseline', rankWith([{ id: 'main' }]), /baselineAction/],
    [
      'a baseline that is no action',
      rankWith([{ ...slot, baselineAction: 'z' }]),
      /must be the id of an action/,
    ],
    ['two slots of one baseline', rankWith([slot, { ...slot, id: 'side' }]), /must differ/],
    ['a baseline that is excluded', rankWith([{ ...slot, excludedActions: ['a'] }]), /must not be excluded/],
    [
      'an exclusion that is no action',
      rankWith([{ ...slot, excludedActions: ['z'] }]),
      /must be ids of actions/,
    ],
    ['exclusions that are no list', rankWith([{ ...slot, excludedActions: 'b' }]), /array of action ids/],
    ['features that are no list', rankWith([{ ...slot, features: {} }]), /array of objects/],
    ['a deferActivation of 1', { ...rankWith([slot]), deferActivation: 1 }, /deferActivation/],
  ])('Rank with %s', (_story, body, message) => {
    const plan = converted().send('POST', 'multislot/rank', body)
    expect([plan.status, json(plan)]).toEqual([
      400,
      { error: { code: 'InvalidRankRequest', message: expect.stringMatching(message) } },
    ])
  })

  test.each<[unknown]>([
    ['{'],
    [{}],
    [{ value: 1 }],
    [{ reward: [{ slotId: '', value: 1 }] }],
    [{ reward: [{ slotId: 'x'.repeat(257), value: 1 }] }],
    [{ reward: [{ slotId: 'main', value: 1.5 }] }],
    [{ reward: [{ slotId: 'main' }] }],
  ])('Reward with %j', (body) => {
    const plan = converted().send('POST', 'multislot/events/e/reward', body)
    expect([plan.status, json(plan)]).toMatchObject([400, { error: { code: 'InvalidRewardRequest' } }])
  })

  test('Activate with an id of 257 characters', () => {
    for (const path of ['events', 'multislot/events']) {
      const plan = converted().send('POST', `${path}/${'x'.repeat(257)}/activate`)
      expect([plan.status, json(plan)]).toMatchObject([400, { error: { code: 'InvalidEventIdToActivate' } }])
    }
  })
})

import { PersonalizerClient, type PersonalizerModels } from '@azure/cognitiveservices-personalizer'
import { RestError } from '@azure/ms-rest-js'
import { describe, expect, test } from 'vitest'
import { ask, start } from '../mock-server/mock-client.ts'
import { ONE_IN_2_S, verdictsOf } from './decisions.ts'
import { credentials, statusOf, THROTTLING_AT_THE_WIRE } from './ms-rest.ts'

const ACTIONS: PersonalizerModels.RankableAction[] = [
  { id: 'pasta', features: [{ taste: 'salty', spice: 'medium' }, { nutrition: { calories: 520 } }] },
  { id: 'ice cream', features: [{ taste: 'sweet' }] },
  { id: 'salad', features: [{ taste: 'bitter' }] },
]
const RANK: PersonalizerModels.RankRequest = { contextFeatures: [{ time: 'morning' }], actions: ACTIONS }

describe('answers', () => {
  test.each(['mock-key-1', 'mock-key-2'])('Rank and the Reward of its event, with %s', async (key) => {
    const { url } = await start('personalizer-s0,latency=0s')
    const client = new PersonalizerClient(credentials(key), url)
    const ranked = await client.rank(RANK)
    const { ranking, eventId, rewardActionId } = ranked
    expect(statusOf(ranked)).toBe(201)
    expect(ranking?.map(({ id }) => id).sort()).toEqual(['ice cream', 'pasta', 'salad'])
    expect(ranking?.map(({ probability }) => probability)).toEqual(ACTIONS.map(() => expect.closeTo(1 / 3)))
    expect(rewardActionId).toBe(ranking?.[0]?.id)
    expect(statusOf(await client.events.reward(eventId ?? '', { value: 0.5 }))).toBe(204)
  })

  test('a Rank with an event id of its own, an excluded action, and an activation later', async () => {
    const { url } = await start('personalizer-s0,latency=0s')
    const client = new PersonalizerClient(credentials(), url)
    const eventId = 'session 7/basket'
    const request = { ...RANK, eventId, excludedActions: ['salad'], deferActivation: true }
    const { ranking, ...rest } = await client.rank(request)
    expect(rest.eventId).toBe(eventId)
    expect(ranking?.find(({ id }) => id === 'salad')?.probability).toBe(0)
    expect(statusOf(await client.events.activate(eventId))).toBe(204)
    expect(statusOf(await client.events.reward(eventId, { value: 1 }))).toBe(204)
  })
})

describe('errors', () => {
  type Send = (client: PersonalizerClient) => Promise<unknown>
  const cases: readonly [what: string, send: Send, status: number, code: string, message: string][] = [
    ['no actions', (client) => client.rank({ actions: [] }), 400, 'BadRequest', 'actions must'],
    [
      '51 actions',
      (client) =>
        client.rank({
          actions: Array.from({ length: 51 }, (_, index) => ({ id: `${index}`, features: [] })),
        }),
      400,
      'BadRequest',
      'more than 50',
    ],
    ['a reward above 1', (client) => client.events.reward('e', { value: 2 }), 400, 'BadRequest', '-1 to 1'],
  ]

  test.each(cases)('%s', async (_, send, statusCode, code, message) => {
    const { url } = await start('personalizer-s0')
    const error: unknown = await send(new PersonalizerClient(credentials(), url)).catch(
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(RestError)
    expect(error).toMatchObject({ statusCode, code, body: { error: { code } } })
    expect(error).toHaveProperty('message', expect.stringContaining(message))
  })

  test('a wrong key', async () => {
    const { url } = await start('personalizer-s0')
    const message = expect.stringContaining('Access denied due to invalid subscription key')
    await expect(new PersonalizerClient(credentials('stolen'), url).rank(RANK)).rejects.toMatchObject({
      statusCode: 401,
      code: '401',
      message,
    })
  })

  test('a wrong path', async () => {
    const { url } = await start('personalizer-s0')
    const client = new PersonalizerClient(credentials(), `${url}/elsewhere`)
    await expect(client.rank(RANK)).rejects.toMatchObject({ statusCode: 404, code: '404' })
  })

  test('a service that fails', async () => {
    const { url } = await start('personalizer-s0,fault=error:503,latency=0s')
    const client = new PersonalizerClient(credentials(), url, { noRetryPolicy: true })
    await expect(client.rank(RANK)).rejects.toMatchObject({ statusCode: 503, code: '503' })
  })
})

describe('a throttled Rank', () => {
  test('is an error at once with the default policies', async () => {
    const server = await start(`personalizer-s0,latency=0s,${ONE_IN_2_S}`)
    const client = new PersonalizerClient(credentials(), server.url)
    await client.rank(RANK)
    const error: unknown = await client.rank(RANK).catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      statusCode: 429,
      code: '429',
      message: expect.stringContaining('Requests to the Rank Operation under Personalizer API (v1.0)'),
    })
    expect((error as RestError).response?.headers.get('Retry-After')).toBe('2')
    expect(await verdictsOf(server)).toEqual(['admitted', 'refused'])
  })

  test('comes again after Retry-After with the throttling policy at the wire', async () => {
    const server = await start(`personalizer-s0,latency=0s,${ONE_IN_2_S}`)
    const client = new PersonalizerClient(credentials(), server.url, THROTTLING_AT_THE_WIRE)
    await client.rank(RANK)
    expect(statusOf(await client.rank(RANK))).toBe(201)
    expect(await verdictsOf(server)).toEqual(['admitted', 'refused', 'admitted'])
  })
})

test('a client with the second key does not notice that the first is made anew', async () => {
  const server = await start('personalizer-s0,latency=0s')
  const first = new PersonalizerClient(credentials('mock-key-1'), server.url)
  const second = new PersonalizerClient(credentials('mock-key-2'), server.url)
  const account = '/subscriptions/s/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/a'
  const regenerated = await ask(server, {
    method: 'POST',
    path: `${account}/regenerateKey?api-version=2021-10-01`,
    headers: { 'Content-Type': 'application/json', Authorization: 'Bearer arm' },
    body: '{"keyName":"Key1"}',
  })
  expect(regenerated.status).toBe(200)
  expect(statusOf(await second.rank(RANK))).toBe(201)
  await expect(first.rank(RANK)).rejects.toMatchObject({ statusCode: 401 })
})

import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Activity,
  ConnectionStatus,
  DirectLine,
  type DirectLineOptions,
} from 'botframework-directlinejs'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { MockServer } from '../../mock-server/server.ts'
import { ask, start } from '../mock-server/mock-client.ts'
import { verdictsOf } from './decisions.ts'

const SECRET = 'mock-key-1'
const HELLO: Activity = { type: 'message', from: { id: 'user1' }, text: 'hello' }

/** A client with what it has seen. */
interface Watched {
  readonly client: DirectLine
  readonly statuses: readonly string[]
  readonly activities: readonly Activity[]
}

const clients: DirectLine[] = []

beforeAll(() => {
  const require = createRequire(import.meta.url)
  // The client is written for browsers; this is what its README says to do on Node.
  Object.assign(globalThis, { XMLHttpRequest: require('xhr2') as unknown })
  // An operator of its own RxJS that it uses on a 429 and forgets to load: without it a refusal is any failure to it.
  createRequire(require.resolve('botframework-directlinejs'))('rxjs/add/observable/timer')
})

afterEach(() => {
  for (const client of clients.splice(0)) client.end()
})

function open(
  { url }: MockServer,
  options: Pick<DirectLineOptions, 'secret' | 'token' | 'conversationId' | 'watermark'>,
): DirectLine {
  const client = new DirectLine({
    domain: `${url}/v3/directline`,
    webSocket: false,
    pollingInterval: 200,
    // Never opened, but the client asks for one, and Node 20 has none.
    WebSocket: Object as never,
    ...options,
  })
  clients.push(client)
  return client
}

/** Polls for activities until the test is over. */
function watch(client: DirectLine): Watched {
  const statuses: string[] = []
  const activities: Activity[] = []
  client.connectionStatus$.subscribe((status) => void statuses.push(ConnectionStatus[status]))
  client.activity$.subscribe({
    next: (activity) => void activities.push(activity),
    // When the client is closed, and when it could not connect: the statuses say so too.
    error: () => undefined,
  })
  return { client, statuses, activities }
}

function post(client: DirectLine, activity: Activity = HELLO): Promise<unknown> {
  return new Promise((resolve, reject) => {
    client.postActivity({ ...activity }).subscribe({ next: resolve, error: reject })
  })
}

async function generateToken(server: MockServer): Promise<{ conversationId: string; token: string }> {
  const { body } = await ask(server, {
    path: '/v3/directline/tokens/generate',
    method: 'POST',
    headers: { Authorization: `Bearer ${SECRET}` },
  })
  return JSON.parse(body) as { conversationId: string; token: string }
}

const fromBot = (activities: readonly Activity[]): Activity[] =>
  activities.filter(({ from }) => from.id === 'bot')

describe('a conversation', () => {
  test('goes on until the bot has resolved the query', async () => {
    const server = await start('direct-line-s1,latency=20ms,bot-steps=2,bot-words=3')
    const { client, statuses, activities } = watch(open(server, { secret: SECRET }))
    const ids = [await post(client), await post(client)]
    await expect.poll(() => activities.length).toBe(4)
    expect(statuses).toEqual(['Uninitialized', 'Connecting', 'Online'])
    expect(activities).toMatchObject([
      { id: ids[0], from: { id: 'user1' }, text: 'hello', channelId: 'directline' },
      { replyToId: ids[0], from: { id: 'bot' }, text: 'we can look?', inputHint: 'expectingInput' },
      { id: ids[1], from: { id: 'user1' } },
      { replyToId: ids[1], from: { id: 'bot' }, text: 'we can look.', inputHint: 'acceptingInput' },
    ])
  })

  test('opens with a token, for a user who is named', async () => {
    const server = await start('direct-line-s1,latency=20ms')
    const { conversationId, token } = await generateToken(server)
    const client = open(server, { token })
    client.setUserId('dave')
    const { activities } = watch(client)
    expect(await post(client, { ...HELLO, from: { id: 'dave' } })).toBe(`${conversationId}|0000000`)
    await expect.poll(() => fromBot(activities).length).toBe(1)
  })

  test('goes on from the watermark with another client', async () => {
    const server = await start('direct-line-s1,latency=20ms')
    const { conversationId, token } = await generateToken(server)
    const first = watch(open(server, { token }))
    await post(first.client)
    await expect.poll(() => first.activities.length).toBe(2)
    first.client.end()
    const second = watch(open(server, { token, conversationId, watermark: '1' }))
    await expect.poll(() => second.activities).toEqual([first.activities[1]])
    await post(second.client)
    await expect.poll(() => second.activities.length).toBe(3)
    expect(server.state().resources[0]?.operations['reconnect']?.statusCounts).toEqual({ '200': 1 })
  })
})

describe('errors', () => {
  test('a wrong secret', async () => {
    const server = await start('direct-line-s1')
    const { client, statuses } = watch(open(server, { secret: 'stolen' }))
    await expect(post(client)).rejects.toThrow('failed to connect')
    expect(statuses).toEqual(['Uninitialized', 'Connecting', 'FailedToConnect'])
  })

  test('a token that has expired', async () => {
    const server = await start('direct-line-s1,latency=20ms')
    const { token } = await generateToken(server)
    const { client, statuses } = watch(open(server, { token }))
    await post(client)
    await ask(server, { path: '/__mock/advance', method: 'POST', body: '{"duration":"30m"}' })
    expect(await post(client)).toBe('retry')
    expect(statuses.slice(0, 4)).toEqual(['Uninitialized', 'Connecting', 'Online', 'ExpiredToken'])
  })

  test('a bot that fails: the client says to try again', async () => {
    const server = await start('direct-line-s1,latency=20ms,bot-failures=1')
    expect(await post(open(server, { secret: SECRET }))).toBe('retry')
    expect(server.state().resources[0]?.operations['send-activity']?.statusCounts).toEqual({ '502': 1 })
  })

  test('a throttled message: the application is told when to send it again', async () => {
    const server = await start(
      'direct-line-s1,latency=0s,rates=1/1s,match=POST:/v3/directline/conversations/*/activities',
    )
    const client = open(server, { secret: SECRET })
    await post(client)
    const error: unknown = await post(client).catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      status: 429,
      xhr: { response: { error: { code: 'TooManyRequests', message: 'Rate limit is exceeded.' } } },
    })
    const { xhr } = error as { xhr: { getResponseHeader(name: string): string } }
    await sleep(Number(xhr.getResponseHeader('Retry-After')) * 1_000)
    expect(await post(client)).toMatch(/\|0000002$/)
    expect(await verdictsOf(server)).toEqual(['admitted', 'admitted', 'refused', 'admitted'])
  })
})

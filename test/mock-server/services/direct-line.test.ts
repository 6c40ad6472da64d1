import { describe, expect, test } from 'vitest'
import { createApp } from '../../../mock-server/app.ts'
import { parseMockConfig } from '../../../mock-server/config-schema.ts'
import { configOf, json, resourceOfSpec } from '../requests.ts'
import {
  app,
  call,
  CHANNEL_US,
  MESSAGE,
  MS,
  type Page,
  pageAt,
  S,
  send,
  start,
  statusAndCode,
} from './direct-line-calls.ts'

describe('messages', () => {
  test("sending takes the bot's turn; what it says is there when the sender is answered", () => {
    const mock = app(',bot-steps=2,bot-words=7')
    const grant = start(mock)
    const sent = mock.handle(send(grant), 1_000)
    expect([sent.status, sent.replyAtUs]).toEqual([200, 1_000 + 200 * MS + CHANNEL_US])
    expect(json(sent)).toEqual({ id: `${grant.conversationId}|0000000` })
    const early = pageAt(mock, grant, sent.replyAtUs - 1)
    expect([early.activities.length, early.watermark]).toEqual([1, '1'])
    expect(early.activities[0]).toMatchObject({
      ...MESSAGE,
      id: `${grant.conversationId}|0000000`,
      channelId: 'directline',
    })
    const { activities, watermark } = pageAt(mock, grant, sent.replyAtUs, early.watermark)
    expect([activities.length, watermark]).toEqual([1, '2'])
    expect(activities[0]).toMatchObject({
      type: 'message',
      from: { id: 'bot' },
      inputHint: 'expectingInput',
      channelData: { step: 1, stepCount: 2 },
      replyToId: `${grant.conversationId}|0000000`,
      timestamp: '2000-01-01T00:00:00.261Z',
    })
    expect(String(activities[0]?.['text']).split(' ')).toHaveLength(7)
    expect(pageAt(mock, grant, sent.replyAtUs, watermark)).toEqual({ activities: [], watermark: '2' })
  })

  test('a query is resolved after its steps, and the next one begins', () => {
    const mock = app(',bot-steps=3')
    const grant = start(mock)
    for (let turn = 0; turn < 4; turn++) mock.handle(send(grant), turn * S)
    const hints = pageAt(mock, grant, 10 * S).activities.flatMap(({ inputHint }) => inputHint ?? [])
    expect(hints).toEqual(['expectingInput', 'expectingInput', 'acceptingInput', 'expectingInput'])
  })

  test('steps and words are drawn from their ranges, by the seed', () => {
    const talk = (): [steps: number[], words: number[]] => {
      const mock = app(',bot-steps=2-4,bot-words=3-5')
      const grant = start(mock)
      const said: Page['activities'][] = []
      let watermark = ''
      for (let turn = 0; turn < 200; turn++) {
        mock.handle(send(grant), turn * S)
        const page = pageAt(mock, grant, turn * S + 900 * MS, watermark)
        watermark = page.watermark
        said.push(page.activities.filter(({ from }) => (from as { id: string }).id === 'bot'))
      }
      const replies = said.flat()
      return [
        replies.map(({ channelData }) => (channelData as { stepCount: number }).stepCount),
        replies.map(({ text }) => String(text).split(' ').length),
      ]
    }
    const [steps, words] = talk()
    expect([new Set(steps), new Set(words)]).toEqual([new Set([2, 3, 4]), new Set([3, 4, 5])])
    expect(talk()).toEqual([steps, words])
  })

  test('an event is taken, but not answered', () => {
    const mock = app()
    const grant = start(mock)
    expect(mock.handle(send(grant, { ...MESSAGE, type: 'event' }), 0).status).toBe(200)
    expect(pageAt(mock, grant, S).activities).toHaveLength(1)
  })

  test('replies come in the order of their time, not of their turns', () => {
    const { config } = parseMockConfig({
      resources: [
        {
          profile: 'direct-line-s1',
          latency: 'uniform:0s:10s',
          bot: { steps: '1', words: '1', failures: 0 },
        },
      ],
    })
    const mock = createApp(config!, 1)
    const grant = start(mock)
    const dueUs = Array.from({ length: 20 }, (_, index) => mock.handle(send(grant), index).replyAtUs)
    const { activities } = pageAt(mock, grant, 30 * S)
    const answered = activities.slice(20).map(({ replyToId }) => Number(String(replyToId).split('|')[1]))
    const turns = dueUs.map((us, index) => ({ us, id: index * 2 })).sort((a, b) => a.us - b.us)
    expect(answered).toEqual(turns.map(({ id }) => id))
  })

  test('a page has 50 activities: the client reads on until it is empty', () => {
    const mock = createApp(configOf('direct-line-s1,latency=0s'), 1)
    const grant = start(mock)
    for (let turn = 0; turn < 30; turn++) mock.handle(send(grant), turn * S)
    const first = pageAt(mock, grant, 40 * S)
    const second = pageAt(mock, grant, 40 * S, first.watermark)
    expect([first.activities.length, first.watermark, second.activities.length, second.watermark]).toEqual([
      50,
      '50',
      10,
      '60',
    ])
    expect(pageAt(mock, grant, 40 * S, '60').activities).toEqual([])
  })

  test('only the latest 100 are kept', () => {
    const mock = createApp(configOf('direct-line-s1,latency=0s'), 1)
    const grant = start(mock)
    for (let turn = 0; turn < 80; turn++) mock.handle(send(grant), turn * S)
    const first = pageAt(mock, grant, 100 * S)
    expect([first.activities[0]?.['id'], first.watermark]).toEqual([`${grant.conversationId}|0000060`, '110'])
  })
})

describe('a bot that fails', () => {
  test('502 BotRejectedActivity, and the dialog stays where it was', () => {
    const mock = app(',bot-failures=1')
    const grant = start(mock)
    const plan = mock.handle(send(grant), 0)
    expect([plan.status, plan.replyAtUs]).toEqual([502, 200 * MS + CHANNEL_US])
    expect(json(plan)).toEqual({
      error: { code: 'BotRejectedActivity', message: 'Failed to send activity: bot returned an error' },
    })
    expect(pageAt(mock, grant, S).activities).toHaveLength(1)
  })

  test('fails as often as it is told to', () => {
    const mock = app(',bot-failures=0.1')
    const grant = start(mock)
    const statuses = Array.from({ length: 2_000 }, (_, turn) => mock.handle(send(grant), turn * S).status)
    const failedRatio = statuses.filter((status) => status === 502).length / 2_000
    // Four standard errors of a tenth.
    expect(Math.abs(failedRatio - 0.1)).toBeLessThan(0.027)
  })

  test('15 s are too long: 504 after 15 s, though the user hears what it says later', () => {
    const mock = createApp(configOf('direct-line-s1,latency=15s'), 1)
    const grant = start(mock)
    const plan = mock.handle(send(grant), 0)
    expect([plan.status, plan.replyAtUs]).toEqual([504, 15 * S + CHANNEL_US])
    expect(json(plan)).toEqual({
      error: { code: 'BotError', message: 'Failed to send activity: bot timed out' },
      httpStatusCode: 504,
    })
    const slower = createApp(configOf('direct-line-s1,latency=20s'), 1)
    const other = start(slower)
    expect(slower.handle(send(other), 0).replyAtUs).toBe(15 * S + CHANNEL_US)
    expect(pageAt(slower, other, 20 * S).activities).toHaveLength(1)
    expect(pageAt(slower, other, 20 * S + CHANNEL_US).activities).toHaveLength(2)
  })

  test('just below is not', () => {
    const mock = createApp(configOf('direct-line-s1,latency=14999999us'), 1)
    expect(mock.handle(send(start(mock)), 0).status).toBe(200)
  })

  test.each([
    [409, 'Conflict'],
    [502, 'BotRejectedActivity'],
    [504, 'BotError'],
    [500, 'ServiceError'],
  ])('a fault of %d speaks as Direct Line does: %s', (status, code) => {
    const mock = app(`,fault=error:${status}`)
    expect(statusAndCode(mock.handle(call('POST', '/conversations'), 0))).toEqual([status, code])
  })
})

describe('the bot is configured', () => {
  test('by a spec', () => {
    expect(
      resourceOfSpec('direct-line-s1,bot-steps=3,bot-words=5-9,bot-failures=0.25').service,
    ).toMatchObject({
      bot: { steps: { low: 3, high: 3 }, words: { low: 5, high: 9 }, failureRatio: 0.25 },
    })
  })

  test('by JSON, each part on its own', () => {
    const { config } = parseMockConfig({ resources: [{ profile: 'direct-line-s1', bot: { steps: '2' } }] })
    expect(config?.resources[0]?.service).toMatchObject({
      bot: { steps: { low: 2, high: 2 }, words: { low: 10, high: 60 }, failureRatio: 0 },
    })
  })

  test.each(['0', '5-2', '1001', 'x', '2-', '1.5'])('not by %j', (steps) => {
    expect(
      parseMockConfig({ resources: [{ profile: 'direct-line-s1', bot: { steps } }] }).faults,
    ).toMatchObject([{ where: 'config.resources[0].bot.steps' }])
  })

  test('and not where there is none', () => {
    expect(parseMockConfig({ resources: [{ profile: 'luis-s0', bot: {} }] }).faults).toMatchObject([
      { where: 'config.resources[0].bot' },
    ])
  })
})

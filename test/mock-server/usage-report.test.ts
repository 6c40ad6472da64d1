import { describe, expect, test } from 'vitest'
import { createApp } from '../../mock-server/app.ts'
import { parseMockConfig } from '../../mock-server/config-schema.ts'
import {
  isServing,
  type Outage,
  parseOutage,
  type UsageReportConfig,
} from '../../mock-server/usage-report.ts'
import { configOf, header, rank, request } from './requests.ts'

const S = 1_000_000
const MINUTE = 60 * S

const reporting = (...outages: Outage[]): UsageReportConfig => ({ periodUs: 10 * MINUTE, tries: 10, outages })

describe('a container that cannot report its usage', () => {
  // The first report that fails is that of minute 30, the tenth that of minute 120.
  const outage = { fromUs: 25 * MINUTE, durationUs: 120 * MINUTE }

  test.each<[number, boolean]>([
    [0, true],
    [30 * MINUTE, true],
    [120 * MINUTE - 1, true],
    [120 * MINUTE, false],
    [149 * MINUTE, false],
    [150 * MINUTE, true],
  ])('at %d µs serves: %s', (nowUs, serves) => {
    expect(isServing(reporting(outage), nowUs)).toBe(serves)
  })

  test('one report that gets through begins the count anew', () => {
    const first = { fromUs: 25 * MINUTE, durationUs: 70 * MINUTE }
    const second = { fromUs: 105 * MINUTE, durationUs: 60 * MINUTE }
    const serving = Array.from({ length: 30 }, (_, i) => isServing(reporting(first, second), i * 10 * MINUTE))
    expect(serving).not.toContain(false)
  })

  test('answers 503 without a promise, and counts it', () => {
    const app = createApp(configOf('container-8,usage-outage=2h@25m'), 1)
    const minutes = [119, 120, 140, 149, 150]
    const plans = minutes.map((minute) => app.handle(request(), minute * MINUTE))
    expect(plans.map(({ status }) => status)).toEqual([200, 503, 503, 503, 200])
    expect(header(plans[1]!, 'Retry-After')).toBeUndefined()
    const [resource] = app.state(150 * MINUTE).resources
    expect(resource).toMatchObject({
      usageReport: { isServing: true, outages: ['2h@25m'] },
      operations: {
        request: { requestCount: 2, admittedCount: 2 },
        unread: { requestCount: 3, refusedCounts: { 'usage-report': 3 } },
      },
    })
  })

  test('answers nothing else meanwhile, not even what is invalid', () => {
    const app = createApp(configOf('personalizer-container,usage-outage=2h@25m'), 1)
    const invalid = [request({ path: '/nowhere' }), rank([]), rank(['a'], { eventId: 7 })]
    const statusesAt = (minute: number): number[] =>
      invalid.map((call) => app.handle(call, minute * MINUTE).status)
    expect(statusesAt(119)).toEqual([404, 400, 400])
    expect(statusesAt(120)).toEqual([503, 503, 503])
  })

  test('is the same in JSON, with a period and a number of tries', () => {
    const usageReport = { period: '15m', tries: 2, outages: ['1h@20m'] }
    const { config } = parseMockConfig({ resources: [{ profile: 'container-8', usageReport }] })
    const app = createApp(config!, 1)
    const serving = [44, 45, 89, 90].map((minute) => app.handle(request(), minute * MINUTE).status)
    expect(serving).toEqual([200, 503, 503, 200])
  })
})

test.each(['', '2h', '2h@', '0s@1m', '1h@1m@1m', 'long@ago'])('%j is no outage', (text) => {
  expect(parseOutage(text)).toBe(`"${text}" is no outage such as 2h@30m`)
})

import { describe, expect, it } from 'vitest'
import { observationOf as ofHeadroom } from '../../../src/commands/verify/engines/headroom.ts'
import { observationOf as ofK6, openK6 } from '../../../src/commands/verify/engines/k6.ts'

describe('what k6 exports', () => {
  it('is read with k6’s meanings', () => {
    const duration = { min: 99, med: 100.5, 'p(90)': 101, 'p(99)': 102, 'p(99.9)': 103, max: 104 }
    const observed = ofK6({
      metrics: {
        iterations: { count: 118, rate: 39 },
        dropped_iterations: { count: 2, rate: 1 },
        http_reqs: { count: 118, rate: 39.3 },
        'http_reqs{status:429}': { count: 98, rate: 32 },
        http_req_failed: { passes: 98, fails: 20, value: 0.83 },
        'http_req_duration{expected_response:true}': duration,
        retry_after_seconds: { med: 2, max: 3 },
        data_sent: { count: 1_000, rate: 1 },
        data_received: { count: 2_000, rate: 2 },
      },
    })
    const times = {
      minUs: 99_000,
      p50Us: 100_500,
      p90Us: 101_000,
      p99Us: 102_000,
      p999Us: 103_000,
      maxUs: 104_000,
    }
    expect(observed).toMatchObject({
      offeredCount: 120,
      sentCount: 118,
      sentRps: 39.3,
      acceptedCount: 20,
      throttledCount: 98,
      serviceTime: times,
      responseTime: times,
      retryAfter: { p50Us: 2_000_000, maxUs: 3_000_000 },
      sentBytes: 1_000,
      receivedBytes: 2_000,
    })
  })

  it('has no figures of what did not happen', () => {
    const observed = ofK6({ metrics: {} })
    expect(observed).toMatchObject({ sentCount: undefined, offeredCount: undefined, throttledCount: 0 })
    expect(observed.serviceTime?.p50Us).toBeUndefined()
  })
})

describe('without k6', () => {
  it('says so and how to get it', async () => {
    await expect(openK6({ PATH: '/nowhere' })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/^--engine k6: there is no k6 on PATH that runs\n {2}install it/),
    })
  })
})

describe('what headroom run writes', () => {
  it('without its own row is a fault of ours', () => {
    const summary = { names: [], burst: [], verdict: { level: 'VALID', reasons: [] } } as const
    expect(() => ofHeadroom(summary, [])).toThrow('no row _all')
  })
})

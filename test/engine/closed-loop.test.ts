import { describe, expect, it } from 'vitest'
import { runEngine } from '../support/engine-run.ts'

describe('the VUs of a closed model', () => {
  it.each([
    { executor: 'constant-vus', vus: 3, duration: '1s' },
    { executor: 'per-vu-iterations', vus: 3, iterations: 1 },
    { executor: 'shared-iterations', vus: 3, iterations: 3 },
    { executor: 'ramping-vus', startVUs: 3, stages: [{ duration: '1s', target: 3 }] },
  ])('begin together, but leave room for other work between two of them: $executor', async (scenario) => {
    const trace: string[] = []
    await runEngine({
      options: { scenarios: { s: scenario } },
      script: ({ sleep, vuId }) => ({
        default: () => {
          trace.push(`VU ${vuId}`)
          void Promise.resolve().then(() => trace.push('other work'))
          return sleep(2)
        },
      }),
    })
    expect(trace).toEqual(['VU 1', 'other work', 'VU 2', 'other work', 'VU 3', 'other work'])
  })
})

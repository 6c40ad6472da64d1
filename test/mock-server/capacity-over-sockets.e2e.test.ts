import { describe, expect, test } from 'vitest'
import { ask, start } from './mock-client.ts'

const SCORE = {
  path: '/workspaces/w/services/s/execute?api-version=2.0',
  method: 'POST',
  headers: { authorization: 'Bearer mock-key-1', 'content-type': 'application/json' },
  body: '{"Inputs":{"input1":[{"x":"1"}]},"GlobalParameters":{}}',
}
const CALLS = 10

// azure-docs machine-learning/studio/scaling-webservice: slots over latency. The longest of its table, because what the client and
// a busy machine take between two calls is lost.
describe('T1b: as many clients as there are slots, each with its next call at once', { retry: 3 }, () => {
  test.each([
    ['azureml-low', 4, 20],
    ['azureml-high-20', 20, 100],
  ])(
    '%s: %d slots of 200 ms get %d calls/s, 5 per cent less at most, and no 503',
    async (profile, slots, perS) => {
      const server = await start(`${profile},latency=200ms`)
      // Connections are open and code is warm.
      await Promise.all(Array.from({ length: slots }, () => ask(server, SCORE)))
      const startMs = performance.now()
      const client = async (): Promise<void> => {
        for (let call = 0; call < CALLS; call++) expect((await ask(server, SCORE)).status).toBe(200)
      }
      await Promise.all(Array.from({ length: slots }, client))
      const callsPerS = (slots * CALLS) / ((performance.now() - startMs) / 1_000)
      expect(callsPerS / perS).toBeLessThanOrEqual(1)
      expect(callsPerS / perS).toBeGreaterThanOrEqual(0.95)
    },
  )
})

import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { ReplyQueue } from '../../../mock-server/shell/reply-queue.ts'
import { Rng } from '../../../src/core/rng.ts'

const US_PER_MS = 1_000

/** How late each of so many replies leaves, in µs, shortest first; they are due at random times within two seconds. */
async function latenessUs(count: number, timeScale: number): Promise<number[]> {
  const originMs = performance.now()
  const nowUs = (): number => (performance.now() - originMs) * US_PER_MS * timeScale
  const queue = new ReplyQueue(nowUs, timeScale)
  const rng = new Rng('due times')
  const lateUs: number[] = []
  for (let i = 0; i < count; i++) {
    const dueUs = Math.floor(rng.next() * 2_000 * US_PER_MS * timeScale)
    queue.add(dueUs, () => void lateUs.push((nowUs() - dueUs) / timeScale))
  }
  while (lateUs.length < count) await wait(50)
  return lateUs.sort((a, b) => a - b)
}

// On a machine that does other things at the moment, all of three tries may be late.
describe('a reply leaves when it is due', { retry: 3 }, () => {
  test.each([1, 60])(
    'never early, and half of them less than 0.2 ms late, at %d times the speed',
    async (timeScale) => {
      const lateUs = await latenessUs(400, timeScale)
      expect(lateUs[0]).toBeGreaterThanOrEqual(0)
      expect(lateUs[200]).toBeLessThan(200)
    },
  )
})

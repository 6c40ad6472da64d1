import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { SystemClock } from '../../src/engine/system-clock.ts'
import { VitalsWatch } from '../../src/engine/vitals-watch.ts'
import { VitalsTotals, type Vitals } from '../../src/measure/vitals.ts'

function maxDelayUs({ loopDelay, cpuDelay }: Vitals): number {
  return Math.max(loopDelay.maxUs, cpuDelay.maxUs)
}

it('sees what keeps its thread between begin and end, and nothing else', async () => {
  let waitUs = 500
  const watch = new VitalsWatch(() => ({ waitUs, shortageCount: 0 }), new SystemClock())
  expect(watch.take()).toBeUndefined()
  watch.begin()
  waitUs = 700
  await sleep(30)
  for (const endMs = performance.now() + 120; performance.now() < endMs;);
  await sleep(30)
  const vitals = watch.take()
  watch.end()
  expect(vitals).toBeDefined()
  if (vitals === undefined) return
  // The reading was due up to 10 ms after the loop began.
  expect(maxDelayUs(vitals)).toBeGreaterThan(100_000)
  expect(vitals.connections).toEqual({ waitUs: 200, shortageCount: 0 })
  const totals = new VitalsTotals()
  totals.add(vitals)
  // Of this machine, whose clock nobody sets now.
  expect(Math.abs(totals.summary().clockStepUs)).toBeLessThan(100_000)
  expect(watch.take()).toBeUndefined()
})

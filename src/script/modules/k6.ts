import type { VuHost } from '../../engine/host.ts'
import { US_PER_S } from '../../core/units.ts'
import type { RandomSource } from '../random-source.ts'
import { readTags } from './tags.ts'
import type { WaitGate } from './wait-gate.ts'

/** The functions of `k6`. */
export interface K6Module {
  readonly check: (value: unknown, sets: unknown, tags?: unknown) => boolean
  readonly fail: (reason?: unknown) => never
  readonly group: <T>(name: unknown, body: () => T | Promise<T>) => Promise<T>
  readonly randomSeed: (seed: unknown) => void
  readonly sleep: (seconds: unknown) => Promise<void>
}

export function createK6Module(host: VuHost, gate: WaitGate, random: RandomSource): K6Module {
  return {
    check: (value, sets, tags) => check(host, value, sets, tags),
    fail: (reason) => {
      throw new Error(typeof reason === 'string' ? reason : 'fail() was called')
    },
    group: (name, body) => {
      assertLoaded(host, 'group()')
      const text = String(name)
      if (text.includes('::'))
        throw new TypeError(`a group's name cannot contain "::": ${JSON.stringify(text)}`)
      return host.group(text, body)
    },
    randomSeed: (seed) => random.reseed(Math.trunc(Number(seed)) || 0),
    sleep: (seconds) => {
      assertLoaded(host, 'sleep()')
      const us = sleepUs(seconds)
      gate.enter('sleep')
      return host.sleep(us, () => gate.leave())
    },
  }
}

function assertLoaded(host: VuHost, call: string): void {
  if (!host.mayWait) throw new Error(`${call} cannot be called while the script loads`)
}

/** Negative sleeps end at once, as in k6. */
function sleepUs(seconds: unknown): number {
  const amount = Number(seconds)
  if (Number.isNaN(amount)) throw new TypeError(`sleep() takes a number of seconds, not ${String(seconds)}`)
  return Math.max(0, Math.round(amount * US_PER_S))
}

/** Every check of `sets` is counted, also after one has failed; a check that throws counts as failed, and the exception goes on. */
function check(host: VuHost, value: unknown, sets: unknown, tags: unknown): boolean {
  assertLoaded(host, 'check()')
  if (typeof sets !== 'object' || sets === null)
    throw new TypeError('check() takes an object of named conditions')
  const extra = tags === undefined || tags === null ? undefined : readTags(tags)
  let all = true
  for (const [name, condition] of Object.entries(sets)) {
    let passed = false
    try {
      passed = Boolean(typeof condition === 'function' ? condition(value) : condition)
    } finally {
      host.check(name, passed, extra)
    }
    all &&= passed
  }
  return all
}

import { US_PER_MS } from '../../core/units.ts'
import type { VuHost } from '../../engine/host.ts'
import type { EventLoop } from '../event-loop.ts'

type SetTimer = (callback: unknown, delayMs?: unknown, ...args: unknown[]) => number
type ClearTimer = (id?: unknown) => void

/** The functions of `k6/timers`, which are globals, too. */
export interface TimersModule {
  readonly setTimeout: SetTimer
  readonly clearTimeout: ClearTimer
  readonly setInterval: SetTimer
  readonly clearInterval: ClearTimer
}

export function createTimersModule(host: VuHost, loop: EventLoop): TimersModule {
  const setter = (name: string, repeats: boolean): SetTimer => {
    return (callback, delayMs, ...args) => {
      if (!host.mayWait) throw new Error(`${name}() cannot be called while the script loads`)
      if (typeof callback !== 'function')
        throw new TypeError(`${name}() takes a function, not ${callback === null ? 'null' : typeof callback}`)
      return loop.setTimer(() => callback(...args) as unknown, delayUs(delayMs), repeats)
    }
  }
  const clear: ClearTimer = (id) => loop.clearTimer(Number(id))
  return {
    setTimeout: setter('setTimeout', false),
    clearTimeout: clear,
    setInterval: setter('setInterval', true),
    clearInterval: clear,
  }
}

/** What is no number of milliseconds counts as none, as everywhere in JavaScript. */
function delayUs(delayMs: unknown): number {
  const us = Math.round(Number(delayMs) * US_PER_MS)
  return Number.isSafeInteger(us) && us > 0 ? us : 0
}

import { Rng } from '../../../../src/core/rng.ts'
import type { RequestSpec } from '../../../../src/engine/host.ts'
import { EventLoop } from '../../../../src/script/event-loop.ts'
import { createHttpModule, type HttpModule } from '../../../../src/script/modules/http/module.ts'
import { RandomSource } from '../../../../src/script/random-source.ts'
import type { Reply } from '../../../support/fake-transport.ts'
import { FakeHost } from '../fake-host.ts'

export const BENCH_NOW_MS: number = Date.UTC(2030, 0, 1)

export interface Bench {
  readonly host: FakeHost
  readonly http: HttpModule
  /** What `Date.now()` says to the script, from `BENCH_NOW_MS` on. */
  readonly clock: { nowMs: number }
}

/** `k6/http` on a VU whose replies the test decides. */
export function bench(answer?: (spec: RequestSpec, index: number) => Reply): Bench {
  const host = new FakeHost(answer)
  const clock = { nowMs: BENCH_NOW_MS }
  const http = createHttpModule(host, {
    gate: host,
    loop: new EventLoop(host.clock, host, host),
    random: new RandomSource(new Rng(1), true),
    nowMs: () => clock.nowMs,
  })
  return { host, http, clock }
}

/** The requests that a script's calls make. */
export async function requestsOf(
  calls: (bench: Bench) => unknown,
  answer?: (spec: RequestSpec, index: number) => Reply,
): Promise<readonly RequestSpec[]> {
  const made = bench(answer)
  await calls(made)
  return made.host.requests
}

/** The value of a request's header; `undefined` when it has none. */
export function headerOf(spec: RequestSpec | undefined, name: string): string | undefined {
  return spec?.headers.find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1]
}

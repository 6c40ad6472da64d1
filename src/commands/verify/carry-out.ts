import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Case, CaseTarget } from './cases.ts'
import { judgeRun } from './claim.ts'
import type { Engine } from './engines/engine.ts'
import type { Observation, Truth } from './observation.ts'
import type { CaseVerdict } from './verification.ts'
import { Witness } from './witness.ts'

const WARMUP_S = 1

/** Puts an engine to a case. */
export async function carryOut(each: Case, engine: Engine, signal: AbortSignal): Promise<CaseVerdict> {
  const { name, title, load, target, claims, warmsUp = false } = each
  const leftOut = engine.cannot(each)
  if (leftOut !== undefined) return { name, title, rows: [], leftOut }
  const folder = await mkdtemp(join(tmpdir(), 'headroom-verify-'))
  try {
    const warmupS = warmsUp && engine.canWarmUp ? WARMUP_S : 0
    const observe = (shownTarget: string): Promise<Observation> =>
      engine.observe(load, { target: shownTarget, folder, signal, warmupS })
    const { observed, truth } = await askBoth(target, load[0].rateRps * warmupS, observe)
    const rows = judgeRun(claims, { load, ...(truth !== undefined && { truth }) }, observed)
    const mockLateness = truth?.lateness
    return { name, title, rows, ...(mockLateness !== undefined && { mockLateness }) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

interface Accounts {
  readonly observed: Observation
  readonly truth?: Truth
}

/** What the engine says of the run, and what the mock says where it is ours to ask. */
async function askBoth(
  target: CaseTarget,
  warmupCount: number,
  observe: (target: string) => Promise<Observation>,
): Promise<Accounts> {
  if (target.kind === 'virtual') return { observed: await observe(`mock:${target.spec}`) }
  if (target.kind === 'remote') return { observed: await observe(target.url.href.replace(/\/+$/, '')) }
  const witness = await Witness.start(target.spec, target.countsBytes === true)
  try {
    const observed = await observe(witness.url)
    return { observed, truth: await witness.truth(warmupCount) }
  } finally {
    await witness.stop()
  }
}

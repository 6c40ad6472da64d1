import type { MetricSelector } from '../../measure/metric-types.ts'
import { selectorsOf } from '../../measure/thresholds.ts'
import { K6_SUMMARY_SELECTORS } from '../../report/k6-data.ts'
import { TOOL_VERSION } from '../version.ts'
import { needsK6Figures } from './end-of-test.ts'
import type { PreparedRun } from './prepare.ts'
import { targetVariable } from './target.ts'
import type { WorkerJob } from './worker-messages.ts'

/** Host of the mock in virtual time; `.invalid` is no name on any network (RFC 2606). */
const VIRTUAL_AUTHORITY = 'mock.invalid'

/** @param mockUrl of the mock that was started; `undefined`: there is none, or it lives in the engine's thread. */
export function workerJob(run: PreparedRun, mockUrl: string | undefined): WorkerJob {
  const { bundle, files, plan, optionsJson, exports, seed, request, target } = run
  const url = mockUrl ?? `http://${VIRTUAL_AUTHORITY}`
  const isVirtual = request.virtual && target.kind === 'mock'
  return {
    bundle,
    files,
    plan,
    optionsJson,
    exports,
    selectors: selectorsFor(run),
    byPart: request.summary.mode === 'full',
    env: { ...request.env, TARGET: targetVariable(target, url) },
    secretValues: Object.values(request.env),
    seed,
    maxRequests: request.maxRequests,
    keepsRequests: request.raw,
    defaultUserAgent: `headroom/${TOOL_VERSION}`,
    world: isVirtual
      ? { kind: 'virtual', mock: target.config, authority: VIRTUAL_AUTHORITY }
      : { kind: 'sockets' },
  }
}

/** What must be kept of metrics. Samples do not have the system tags that the options leave out. */
function selectorsFor(run: PreparedRun): MetricSelector[] {
  const { thresholds, plan } = run
  const ofSummary = needsK6Figures(run) ? K6_SUMMARY_SELECTORS : []
  const { hiddenTags } = plan.summary
  return [...selectorsOf(thresholds), ...ofSummary].filter(({ tags }) =>
    tags.every(([key]) => !hiddenTags.includes(key)),
  )
}

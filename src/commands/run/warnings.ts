import type { EngineProgress, StopReason } from '../../engine/protocol.ts'
import type { NameSummary } from '../../measure/summary.ts'

interface WarningFacts {
  readonly all: NameSummary
  readonly stopReason: StopReason | undefined
  readonly namesOverflowed: boolean
  readonly progress: EngineProgress
}

const STOPPED: Readonly<Record<StopReason, string>> = {
  interrupt: 'the run was interrupted: the figures cover what ran until then',
  threshold: 'a threshold with abortOnFail ended the run early: the figures cover what ran until then',
  'max-requests': 'the run ended at --max-requests: the figures cover what ran until then',
  abort: 'the script aborted the test: the figures cover what ran until then',
  'script-error': 'an error of the script ended the run: do not use the figures',
  hang: 'the script hung: the figures cover what ran until the last second before that',
}

/** What a reader of the summary must know, each with what to do about it. */
export function runWarnings({ all, stopReason, namesOverflowed, progress }: WarningFacts): string[] {
  const warnings: string[] = []
  if (stopReason !== undefined) warnings.push(STOPPED[stopReason])
  if (progress.exceptionCount > 0) {
    warnings.push(
      `iterations that ended in an exception of the script: ${progress.exceptionCount}; see the messages above`,
    )
  }
  if (progress.interruptedCount > 0 && stopReason === undefined) {
    warnings.push(
      `iterations interrupted because they still ran when gracefulStop was over: ${progress.interruptedCount}; ` +
        'raise gracefulStop if they should count whole',
    )
  }
  if (progress.unbegunCount > 0) {
    warnings.push(
      `iterations that had not begun when maxDuration was over: ${progress.unbegunCount}; ` +
        'raise maxDuration or vus if all should be done',
    )
  }
  if (namesOverflowed) {
    warnings.push(
      'more than 200 request names: the rest is counted as _other; set tags.name on requests whose URLs differ',
    )
  }
  const traffic = trafficWarning(all)
  if (traffic !== undefined) warnings.push(traffic)
  return warnings
}

/** Why the figures say little or nothing. */
function trafficWarning({ durationS, sentCount, outcomeCounts }: NameSummary): string | undefined {
  if (durationS === 0) {
    return 'the load was over before its warm-up: nothing was measured; shorten ext.headroom.warmup'
  }
  if (sentCount === 0) return 'no request was sent: check that the script calls http functions'
  if (outcomeCounts.accepted > 0) return undefined
  return 'no request was accepted: latencies of accepted replies are empty; check keys, URL and the target’s limits'
}

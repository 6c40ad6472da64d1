import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCode } from '../../core/errors.ts'
import { ALL_NAMES } from '../../measure/names.ts'
import { wholeRunLatencyLog } from '../../run-files/latency-log.ts'
import type { RunReader } from '../../run-files/run-reader.ts'

/** latency.hlog as the run has left it; of a run that has left none (an import) one interval from histogram.csv. */
export async function latencyLogReport(run: RunReader): Promise<string> {
  try {
    return await readFile(join(run.path, 'latency.hlog'), 'utf8')
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
  }
  const seconds = (await run.seconds(ALL_NAMES)).filter(({ phase }) => phase !== 'warmup')
  const startS = seconds[0]?.second ?? 0
  const endS = (seconds.at(-1)?.second ?? startS) + 1
  return wholeRunLatencyLog(run.identity.epochMs, { startS, endS }, await run.histograms())
}

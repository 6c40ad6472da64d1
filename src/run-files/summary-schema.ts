import { z } from 'zod'
import { OUTCOMES } from '../measure/outcome.ts'
import { TRAFFIC } from '../measure/snapshot.ts'
import { VERDICT_CODES } from '../measure/summary.ts'
import { SCHEMA_VERSION } from './csv.ts'

const COUNT = z.int().min(0)
const US = z.number().min(0).describe('microseconds')
const WHOLE_US = z.int().min(0).describe('microseconds')
const RATIO = z.number().min(0).describe('a share from 0 to 1, or a quotient')
const PER_SECOND = z.number().min(0).describe('per second')

const DURATION = z
  .object({
    count: COUNT,
    minUs: WHOLE_US.optional(),
    meanUs: US.optional(),
    p50Us: WHOLE_US.optional(),
    p90Us: WHOLE_US.optional(),
    p95Us: WHOLE_US.optional(),
    p99Us: WHOLE_US.optional(),
    p999Us: WHOLE_US.optional(),
    maxUs: WHOLE_US.optional(),
  })
  .describe('quantiles of a duration; absent without a sample')

const PEAK_FIELDS = {
  peakRps: PER_SECOND.optional().describe('the fullest whole window, per second; absent when none fits'),
  meanRps: PER_SECOND.optional(),
  peakToAverageRatio: RATIO.optional(),
  dispersionRatio: RATIO.optional().describe(
    'variance over mean of the counts per window: 0 even, 1 Poisson',
  ),
}

const NAME = z.object({
  name: z.string().describe('request name, or _all'),
  durationS: z.number().min(0),
  offeredCount: COUNT.describe('first attempts'),
  retryCount: COUNT.describe('further attempts'),
  sentCount: COUNT.describe('all attempts'),
  outcomeCounts: z.partialRecord(z.enum(OUTCOMES), COUNT).describe('they add up to sentCount'),
  iterationsDueCount: COUNT.optional().describe('_all only'),
  iterationsDroppedCount: COUNT.optional().describe('_all only'),
  operationsCount: COUNT,
  operationsFailedCount: COUNT,
  offeredRps: PER_SECOND,
  sentRps: PER_SECOND,
  acceptedRps: PER_SECOND,
  capRps: PER_SECOND.optional().describe('what the service admits'),
  acceptedToCapRatio: RATIO.optional(),
  throttledRatio: RATIO.optional(),
  expectedThrottledRatio: RATIO.optional(),
  errorRatio: RATIO.optional(),
  peak1s: z.record(z.enum(TRAFFIC), z.object(PEAK_FIELDS)),
  retryAmplificationRatio: RATIO.optional(),
  inflightMeanCount: z.number().min(0),
  inflightMaxCount: COUNT.optional(),
  responseTimeAccepted: DURATION,
  serviceTimeAccepted: DURATION,
  responseTimeThrottled: DURATION,
  operationDuration: DURATION,
  retryAfter: DURATION,
  scheduleDelay: DURATION.optional().describe('_all only'),
  loopUtilizationMaxRatio: RATIO.optional().describe('_all only, absent in virtual time'),
  sentBytes: COUNT.optional(),
  receivedBytes: COUNT.optional(),
})

const VERDICT = z.object({
  level: z.enum(['VALID', 'SUSPECT', 'INVALID']),
  reasons: z.array(
    z.object({
      level: z.enum(['SUSPECT', 'INVALID']),
      code: z.string().describe(`${VERDICT_CODES.join(', ')}; later versions may know more`),
      what: z.string(),
      todo: z.string(),
    }),
  ),
})

const THRESHOLD = z.object({
  metric: z.string().describe('with its selector'),
  expression: z.string(),
  observed: z.number().optional().describe('absent without data'),
  unit: z.string(),
  result: z.enum(['pass', 'fail', 'no_data']),
  aborted: z.boolean().describe('it ended the run'),
})

const METRIC = z.object({
  name: z.string(),
  type: z.enum(['counter', 'gauge', 'rate', 'trend']),
  isTime: z.boolean().describe('values are milliseconds'),
  values: z.record(z.string(), z.number()).describe("k6's aggregates: count, rate, avg, p(95), …"),
})

/** What summary.json holds. What an imported run does not know is absent. Fields may be added without a new version, as columns of the CSV files. */
export const SUMMARY_SCHEMA: z.ZodType = z
  .object({
    schemaVersion: z.literal(SCHEMA_VERSION),
    runId: z.string(),
    startedAt: z.string().meta({ format: 'date-time', description: 'second 0 of the run' }),
    scenario: z.string(),
    durationS: z.number().min(0).describe('seconds of the measured part: without warm-up and drain'),
    verdict: VERDICT.describe('of the load generator'),
    names: z.array(NAME).min(1).describe('_all first, then request names in order of first use'),
    burst: z.array(z.object({ name: z.string(), traffic: z.enum(TRAFFIC), windowMs: COUNT, ...PEAK_FIELDS })),
    thresholds: z.array(THRESHOLD),
    checks: z.array(z.object({ name: z.string(), passes: COUNT, fails: COUNT })),
    metrics: z.array(METRIC).describe('custom metrics of the script'),
    iterations: z.object({
      dueCount: COUNT.optional(),
      droppedCount: COUNT.optional(),
      startedCount: COUNT.optional(),
      completedCount: COUNT.optional(),
      interruptedCount: COUNT.optional(),
    }),
    warnings: z.array(z.string()),
  })
  .describe('summary.json of a headroom run: everything but the time series and the histograms')

/** The JSON Schema (draft 2020-12) of summary.json. */
export function summaryJsonSchema(): string {
  const schema = z.toJSONSchema(SUMMARY_SCHEMA, { io: 'input' })
  return `${JSON.stringify({ ...schema, title: 'headroom summary.json' }, null, 2)}\n`
}

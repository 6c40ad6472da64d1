/** k6's two outputs of samples, read row by row. Sources: https://grafana.com/docs/k6/latest/results-output/real-time/csv/ and …/json/ */
import { z } from 'zod'
import type { Fields } from './fields.ts'
import { isReadMetric, type K6Point } from './k6-points.ts'
import { numberOf, RowFault } from './request-sample.ts'
import { momentUs } from './sample-time.ts'

/** `undefined` for a metric that is not read. @throws RowFault */
export function k6CsvPoint(fields: Fields): K6Point | undefined {
  const metric = fields.text('metric_name')
  if (!isReadMetric(metric)) return undefined
  return {
    metric,
    timeUs: momentUs(fields.text('timestamp')),
    value: numberOf(fields.text('metric_value'), 'metric_value'),
    tag: (name) => fields.text(name),
  }
}

/** A line that says what a metric is has the type `Metric`. */
const LINE = z.object({
  type: z.string(),
  metric: z.string(),
  data: z.object({
    time: z.string().optional(),
    value: z.number().optional(),
    tags: z.record(z.string(), z.string()).nullish(),
  }),
})

/** `undefined` for a line without a sample that is read. @throws RowFault */
export function k6JsonPoint(line: string): K6Point | undefined {
  const { type, metric, data } = parsed(line)
  if (type !== 'Point' || !isReadMetric(metric)) return undefined
  const { time, value, tags } = data
  if (time === undefined || value === undefined) throw new RowFault('a point has no time or no value')
  return { metric, timeUs: momentUs(time), value, tag: (name) => tags?.[name] ?? '' }
}

function parsed(line: string): z.infer<typeof LINE> {
  try {
    return LINE.parse(JSON.parse(line))
  } catch {
    throw new RowFault('the line is no JSON of k6')
  }
}

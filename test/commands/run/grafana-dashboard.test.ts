/** The dashboard asks for nothing that no run pushes. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { DataPointType, type MetricData } from '@opentelemetry/sdk-metrics'
import { OtlpMetrics } from '../../../src/commands/run/otlp-metrics.ts'

const DASHBOARD = readFileSync(new URL('../../../scenarios/grafana-dashboard.json', import.meta.url), 'utf8')

/** How Prometheus names what comes over OTLP: https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/ */
const UNITS: Readonly<Record<string, string>> = {
  '': '',
  s: '_seconds',
  '{request}': '',
  '{iteration}': '',
  '{request}/s': '_per_second',
}

function prometheusNames({ descriptor, dataPointType }: MetricData): string[] {
  const unit = UNITS[descriptor.unit]
  if (unit === undefined) throw new Error(`no name for the unit ${descriptor.unit}`)
  const name = descriptor.name.replaceAll('.', '_') + unit
  if (dataPointType === DataPointType.SUM) return [`${name}_total`]
  if (dataPointType === DataPointType.GAUGE) return [name]
  return ['_bucket', '_sum', '_count'].map((part) => name + part)
}

const PUSHED = new OtlpMetrics(0)
  .data(
    { inflightCount: 0, capRps: 1, scheduleDelayP99Us: 0, verdict: 'VALID' },
    { startTime: [0, 0], endTime: [0, 0] },
  )
  .flatMap(prometheusNames)

describe('scenarios/grafana-dashboard.json', () => {
  const asked = [...new Set(DASHBOARD.match(/\bheadroom_\w+/g))]

  it('is JSON with panels', () => {
    expect(JSON.parse(DASHBOARD)).toMatchObject({ title: 'headroom', panels: expect.any(Array) })
    expect(asked.length).toBeGreaterThan(10)
  })

  it.each(asked)('%s is pushed', (name) => {
    expect(PUSHED).toContain(name)
  })

  it('every metric is shown somewhere, histograms in one of their parts', () => {
    const shown = PUSHED.filter((name) => !/_(?:sum|count)$/.test(name))
    expect(shown.filter((name) => !asked.includes(name))).toEqual([])
  })

  it('labels are attributes that data points have', () => {
    const labels = DASHBOARD.match(/(?<=[{,])\w+(?==\\")|(?<=by \()[\w, ]+/g) ?? []
    const used = new Set(labels.flatMap((text) => text.split(', ')))
    expect([...used].sort()).toEqual(['instance', 'le', 'name', 'outcome', 'phase'])
  })
})

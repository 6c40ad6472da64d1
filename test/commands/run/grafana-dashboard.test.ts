/** The dashboard asks for nothing that no run pushes, and metrics.txt has what was pushed by the same names. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { DataPointType, type MetricData } from '@opentelemetry/sdk-metrics'
import { OtlpMetrics } from '../../../src/commands/run/otlp-metrics.ts'
import { openMetrics } from '../../../src/run-files/formats/openmetrics.ts'
import { IDENTITY } from '../../support/identity-fixture.ts'
import { SUMMARY } from '../../support/summary-fixture.ts'

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

describe('metrics.txt', () => {
  const families = [...openMetrics(IDENTITY, SUMMARY, SUMMARY.histograms).matchAll(/^# TYPE (\w+) (\w+)$/gm)]
  const samples = families.flatMap(
    ([, name = '', type = '']) =>
      ({ counter: [`${name}_total`], histogram: ['_bucket', '_sum', '_count'].map((part) => name + part) })[
        type
      ] ?? [name],
  )

  it('has everything that is pushed but what is true only while a run goes on', () => {
    const missing = PUSHED.filter((name) => !samples.includes(name))
    expect(missing).toEqual(['headroom_in_flight', 'headroom_schedule_delay_p99_seconds'])
  })

  it('has nothing more than what is known only at the end', () => {
    const ownHistograms = [
      'http_client_request_duration',
      'headroom_operation_duration',
      'headroom_schedule_delay',
    ]
    const own = samples.filter(
      (name) => !PUSHED.includes(name) && !ownHistograms.some((start) => name.startsWith(start)),
    )
    expect(own.sort()).toEqual([
      'headroom_exit_code',
      'headroom_measured_seconds',
      'headroom_run',
      'headroom_threshold_passed',
    ])
  })
})

import { describe, expect, test } from 'vitest'
import type { MockConfig } from '../../mock-server/config.ts'
import { loadLatencyFiles, parseLatencyFile } from '../../mock-server/latency-file.ts'
import type { LatencyConfig } from '../../mock-server/latency.ts'

const values = (...valuesUs: number[]): LatencyConfig => ({ kind: 'values', path: 'f', valuesUs })
const p50AndP99: LatencyConfig = {
  kind: 'quantiles',
  points: [
    { percent: 50, us: 20_000 },
    { percent: 99, us: 80_000 },
  ],
}

describe('a file', () => {
  test.each<[string, string, LatencyConfig]>([
    ['JSON values, plain ones in milliseconds', '[12.5, "13ms", 0]', values(12_500, 13_000, 0)],
    ['JSON percentiles', ' {"p50": "20ms", "p99": 80}', p50AndP99],
    ['a CSV column in milliseconds', 'latency_ms\n12.5\n13\n', values(12_500, 13_000)],
    ['… in microseconds, Windows lines', 'latency_us\r\n12\r\n13\r\n', values(12, 13)],
    ['… in seconds, beside others', 'status,latency_s\n200,0.5\n429,1\n', values(500_000, 1_000_000)],
    ['CSV percentiles', 'percent,latency_ms\n50,20\n99,80\n', p50AndP99],
  ])('%s', (_story, text, expected) => {
    expect(parseLatencyFile('f', text)).toEqual(expected)
  })

  test.each<[string, string, RegExp]>([
    ['broken JSON', '[1,', /^is no JSON/],
    ['JSON of another shape', '[[1]]', /^may hold only durations/],
    ['no values', '[]', /^holds no latency/],
    ['a header alone', 'latency_ms\n', /^holds no latency/],
    ['an empty file', '', /names no column latency_us, latency_ms or latency_s/],
    ['a column without a unit', 'latency\n1\n', /names no column/],
    ['a cell that is no number', 'latency_ms\nfast\n', /^"fast" is no duration/],
    ['a row that is too short', 'a,latency_ms\n1\n', /^"" is no duration/],
    ['a negative latency', 'latency_ms\n-1\n', /^"-1" is no duration/],
    ['a latency above an hour', '["2h"]', /^"2h" is no duration of at most 1h/],
    ['falling percentiles', '{"p50": 20, "p99": 10}', /^quantiles must rise; p99/],
    ['names that are no percentiles', '{"median": 20, "p99": 10}', /^quantiles are/],
    ['too many values', `[${'1,'.repeat(1_000_000)}1]`, /^holds more than 1000000 latencies/],
  ])('%s is refused', (_story, text, expected) => {
    expect(parseLatencyFile('f', text)).toMatch(expected)
  })
})

describe('the files of a mock', () => {
  const resource = (latency: LatencyConfig): MockConfig['resources'][number] => ({
    name: 'main',
    service: { kind: 'custom', refusalStatus: 429 },
    rules: [],
    latency,
  })
  const mock = (...latencies: LatencyConfig[]): MockConfig => ({
    resources: latencies.map(resource),
    decisionsKeptCount: 0,
  })
  const fixed: LatencyConfig = { kind: 'fixed', us: 5 }
  const read = (path: string): Promise<string> =>
    path === 'gone' ? Promise.reject(new Error('ENOENT')) : Promise.resolve(path)

  test('take the place of their names', async () => {
    const config = mock(fixed, { kind: 'file', path: '[1]' })
    expect(await loadLatencyFiles(config, read)).toEqual({
      config: mock(fixed, { kind: 'values', path: '[1]', valuesUs: [1_000] }),
      faults: [],
    })
  })

  test('every one that is no good is said, and where', async () => {
    const config = mock({ kind: 'file', path: 'gone' }, { kind: 'file', path: '[]' })
    expect(await loadLatencyFiles(config, read, '--target')).toEqual({
      faults: [
        { where: '--target', what: 'the latency file gone cannot be read' },
        { where: '--target', what: 'the latency file []: holds no latency' },
      ],
    })
  })
})

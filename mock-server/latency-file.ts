/** Measured latencies out of files, so that a mock is as slow as a real service was. */
import type { Fault } from '../src/core/errors.ts'
import { US_PER_MS, US_PER_S } from '../src/core/units.ts'
import type { ParsedMock } from './config-schema.ts'
import type { MockConfig } from './config.ts'
import { type LatencyConfig, parseLatencyUs, quantilePoint, quantiles } from './latency.ts'

/** More than enough for a distribution, and little enough to send to another process. */
const MAX_VALUES = 1_000_000

/**
 * Replaces every `file:PATH` latency by what the file holds.
 *
 * @param readText gives the text of a file; what it throws becomes a fault.
 * @param where what to call the mock in faults.
 */
export async function loadLatencyFiles(
  config: MockConfig,
  readText: (path: string) => Promise<string>,
  where = 'mock',
): Promise<ParsedMock> {
  const faults: Fault[] = []
  const load = async <Slow extends { readonly latency: LatencyConfig }>(part: Slow): Promise<Slow> => {
    const latency = await loadLatency(part.latency, readText)
    if (typeof latency !== 'string') return { ...part, latency }
    faults.push({ where, what: latency })
    return part
  }
  const { backends, manager } = config
  const resources = await Promise.all(config.resources.map(load))
  const topology = {
    ...(backends !== undefined && { backends: await Promise.all(backends.map(load)) }),
    ...(manager !== undefined && { manager: await load(manager) }),
  }
  return faults.length > 0 ? { faults } : { config: { ...config, resources, ...topology }, faults }
}

async function loadLatency(
  latency: LatencyConfig,
  readText: (path: string) => Promise<string>,
): Promise<LatencyConfig | string> {
  if (latency.kind !== 'file') return latency
  const { path } = latency
  try {
    const read = parseLatencyFile(path, await readText(path))
    return typeof read === 'string' ? `the latency file ${path}: ${read}` : read
  } catch {
    return `the latency file ${path} cannot be read`
  }
}

/**
 * Reads the text of a latency file:
 *
 * - JSON, an array of latencies, in milliseconds or as texts: `[12.5, "13ms"]`
 * - JSON, an object of percentiles: `{"p50": "20ms", "p99": 80}`
 * - CSV with a header line and a column `latency_us`, `latency_ms` or `latency_s`; other columns are left alone. With a
 *   column `percent` (0 to 100) the rows are percentiles.
 *
 * @returns the model, or what is wrong with the file.
 */
export function parseLatencyFile(path: string, text: string): LatencyConfig | string {
  const table = /^\s*[[{]/.test(text) ? parseJson(text) : parseCsv(text)
  if (typeof table === 'string') return table
  if (table.percentiles !== undefined) {
    return quantiles(
      table.percentiles.map((name, index) => quantilePoint(name, table.latencies[index] ?? '')),
    )
  }
  return values(path, table.latencies)
}

/** The columns of a file; a latency is what `parseDurationUs` reads. */
interface LatencyTable {
  readonly latencies: readonly (string | number)[]
  /** As `p99.9`, one for each latency. */
  readonly percentiles?: readonly string[]
}

function values(path: string, latencies: readonly (string | number)[]): LatencyConfig | string {
  if (latencies.length === 0) return 'holds no latency'
  if (latencies.length > MAX_VALUES) return `holds more than ${MAX_VALUES} latencies`
  const valuesUs: number[] = []
  for (const latency of latencies) {
    const us = parseLatencyUs(latency)
    if (us === undefined) return `${JSON.stringify(latency)} is no duration of at most 1h`
    valuesUs.push(us)
  }
  return { kind: 'values', path, valuesUs }
}

function parseJson(text: string): LatencyTable | string {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    return `is no JSON: ${(error as SyntaxError).message}`
  }
  const latencies = Object.values(json as object)
  if (!latencies.every((one) => typeof one === 'string' || typeof one === 'number')) {
    return 'may hold only durations, such as 12.5 (milliseconds) or "13ms"'
  }
  return Array.isArray(json) ? { latencies } : { latencies, percentiles: Object.keys(json as object) }
}

const LATENCY_COLUMN = /^latency_(us|ms|s)$/

const US_PER_UNIT: Readonly<Record<string, number>> = { us: 1, ms: US_PER_MS, s: US_PER_S }

function parseCsv(text: string): LatencyTable | string {
  const [header = [], ...rows] = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => line.split(',').map((cell) => cell.trim()))
  const column = header.findIndex((name) => LATENCY_COLUMN.test(name))
  if (column === -1) return 'its first line names no column latency_us, latency_ms or latency_s'
  const unit = header[column]!.replace(LATENCY_COLUMN, '$1')
  const latencies = rows.map((row) => milliseconds(row[column] ?? '', unit))
  const percent = header.indexOf('percent')
  return percent === -1
    ? { latencies }
    : { latencies, percentiles: rows.map((row) => `p${row[percent] ?? ''}`) }
}

/** A number of milliseconds, or the text when it is no number. */
function milliseconds(text: string, unit: string): string | number {
  return /^\d+(?:\.\d+)?$/.test(text) ? (Number(text) * US_PER_UNIT[unit]!) / US_PER_MS : text
}

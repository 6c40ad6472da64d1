import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { RunFacts } from '../../run-files/run-facts.ts'
import { TOOL_VERSION } from '../version.ts'
import type { ImportRequest } from './request.ts'
import type { SourceFile } from './source-file.ts'

/** Which tool has written the files, as manifest and runs.csv have it. */
export type SourceTool = 'k6-csv' | 'k6-json' | 'jmeter-jtl' | 'locust'

/**
 * Who and what, from the files alone: importing them again gives the same run. Of the machine and the checkout in which the
 * other tool ran nothing is known, so nothing is said.
 *
 * @param epochMs when the run began, milliseconds since 1970
 */
export function importFacts(
  request: ImportRequest,
  tool: SourceTool,
  files: readonly SourceFile[],
  epochMs: number,
): RunFacts {
  const throttled = [429, ...request.throttled]
  const digests = files.map(({ path, sizeBytes, sha256 }) => ({ name: basename(path), sizeBytes, sha256 }))
  const options = { importedFrom: tool, files: digests, throttled }
  const scenario = scenarioOf(request)
  return {
    runId: hashOf({ scenario, tool, throttled, digests: digests.map(({ sha256 }) => sha256) }).slice(0, 16),
    scenario,
    time: 'real',
    epochMs,
    wallStartedAtMs: epochMs,
    toolVersion: TOOL_VERSION,
    nodeVersion: '',
    host: '',
    os: '',
    cpuModel: '',
    cpuCount: 0,
    scriptPath: '',
    scriptSha256: '',
    options,
    optionsSha256: hashOf(options),
    seed: 0,
    targetKind: 'imported',
    target: `imported:${tool}`,
    envNames: [],
    envValues: [],
    mockConfig: undefined,
    commit: undefined,
    branch: undefined,
  }
}

function scenarioOf({ name, files }: ImportRequest): string {
  return name ?? basename(files[0] ?? '').replace(/(?:_stats)?\.(?:csv|jtl|jsonl?|ndjson)(?:\.gz)?$/i, '')
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}

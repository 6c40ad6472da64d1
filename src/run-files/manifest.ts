import { SCHEMA_VERSION } from './csv.ts'
import { publicTarget, redact } from './redact.ts'
import { isoTime, type RunEnd, type RunFacts } from './run-facts.ts'

/** A file of the run directory, as the manifest lists it. */
export interface FileRecord {
  readonly name: string
  readonly sizeBytes: number
  readonly sha256: string
}

/**
 * manifest.json: who, what, where and when, without a secret. Written when traffic starts, with `end` undefined,
 * so that a run which was killed can still be told apart; written again when the run is over.
 */
export function manifestJson(facts: RunFacts, end: RunEnd | undefined, files: readonly FileRecord[]): string {
  const manifest = {
    schemaVersion: SCHEMA_VERSION,
    runId: facts.runId,
    scenario: facts.scenario,
    time: facts.time,
    epoch: isoTime(facts.epochMs),
    wallStartedAt: isoTime(facts.wallStartedAtMs),
    wallFinishedAt: end === undefined ? null : isoTime(end.wallFinishedAtMs),
    exitCode: end?.exitCode ?? null,
    tool: { name: 'headroom', version: facts.toolVersion },
    machine: {
      host: facts.host,
      os: facts.os,
      cpuModel: facts.cpuModel,
      cpuCount: facts.cpuCount,
      nodeVersion: facts.nodeVersion,
    },
    source: { commit: facts.commit ?? null, branch: facts.branch ?? null },
    script: { path: facts.scriptPath, sha256: facts.scriptSha256 },
    seed: facts.seed,
    target: { kind: facts.targetKind, address: publicTarget(facts.target) },
    envNames: facts.envNames,
    optionsSha256: facts.optionsSha256,
    options: redact(facts.options, facts.envValues),
    mock: mockSection(facts, end),
    files,
  }
  return `${JSON.stringify(manifest, null, 2)}\n`
}

function mockSection(facts: RunFacts, end: RunEnd | undefined): object | null {
  if (facts.targetKind !== 'mock') return null
  return {
    config: redact(facts.mockConfig ?? null, facts.envValues),
    counters: redact(end?.mockCounters ?? null, facts.envValues),
  }
}

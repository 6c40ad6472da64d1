import type { RunIdentity } from '../../src/run-files/manifest-reader.ts'
import { END, FACTS } from './summary-fixture.ts'

/** The run of the summary fixture, as its manifest tells of it. */
export const IDENTITY: RunIdentity = {
  runId: FACTS.runId,
  scenario: FACTS.scenario,
  time: FACTS.time,
  epochMs: FACTS.epochMs,
  wallStartedAt: '2026-11-21T02:17:00.000Z',
  exitCode: END.exitCode,
  toolVersion: FACTS.toolVersion,
  nodeVersion: FACTS.nodeVersion,
  host: FACTS.host,
  os: FACTS.os,
  cpuModel: FACTS.cpuModel,
  cpuCount: FACTS.cpuCount,
  commit: 'c0ffee1',
  branch: 'main',
  scriptPath: FACTS.scriptPath,
  scriptSha256: FACTS.scriptSha256,
  optionsSha256: FACTS.optionsSha256,
  options: FACTS.options,
  seed: FACTS.seed,
  targetKind: FACTS.targetKind,
  target: FACTS.target,
  limiterWindowsUs: [],
  capConcurrency: undefined,
}

import { createHash, randomUUID } from 'node:crypto'
import { cpus, hostname, release, type as osType } from 'node:os'
import type { RunFacts } from '../../run-files/run-facts.ts'
import { scriptSha256 } from './data-files.ts'
import type { Revision } from './source-control.ts'
import type { PreparedRun } from './prepare.ts'
import { VIRTUAL_EPOCH_MS } from './script-globals.ts'
import { TOOL_VERSION } from '../version.ts'

/** Who, what, where and when, for the run's files. In virtual time nothing but the folder and the manifest depends on when it ran. */
export function runFacts(run: PreparedRun, revision: Revision, wallStartedAtMs: number): RunFacts {
  const { request, bundle, files, plan, seed, target } = run
  const scriptHash = scriptSha256(bundle, files)
  const mockConfig = target.kind === 'mock' ? target.config : undefined
  const givenConfig = target.kind === 'mock' ? target.givenConfig : undefined
  const { maxRequests } = request
  const identity = request.virtual
    ? { script: scriptHash, plan, mockConfig, maxRequests, seed, TOOL_VERSION }
    : randomUUID()
  return {
    runId: sha256(identity).slice(0, 16),
    scenario: run.scenario,
    time: request.virtual ? 'virtual' : 'real',
    epochMs: request.virtual ? VIRTUAL_EPOCH_MS : wallStartedAtMs,
    wallStartedAtMs,
    ...machineFacts(),
    scriptPath: bundle.file,
    scriptSha256: scriptHash,
    options: plan,
    optionsSha256: optionsSha256({ ...plan, maxRequests }),
    seed,
    targetKind: target.kind,
    target: target.shown,
    envNames: Object.keys(request.env),
    envValues: Object.values(request.env),
    mockConfig: givenConfig,
    ...revision,
  }
}

/**
 * Of what makes a run another test. The same load drawn anew and the service that is tested do not, so seed and mock are
 * left out.
 */
function optionsSha256({
  headroom,
  ...rest
}: PreparedRun['plan'] & { readonly maxRequests: unknown }): string {
  const { seed: _seed, mock: _mock, ...options } = headroom
  return sha256({ ...rest, headroom: options })
}

/** What every run on this machine has in common. */
export function machineFacts(): Pick<
  RunFacts,
  'toolVersion' | 'nodeVersion' | 'host' | 'os' | 'cpuModel' | 'cpuCount'
> {
  const processors = cpus()
  return {
    toolVersion: TOOL_VERSION,
    nodeVersion: process.versions.node,
    host: hostname(),
    os: `${osType()} ${release()}`,
    cpuModel: processors[0]?.model ?? 'unknown',
    cpuCount: processors.length,
  }
}

/** Hex digest of plain data; the order of keys is the program's own and does not change. */
function sha256(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}

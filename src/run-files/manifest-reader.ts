import { z } from 'zod'
import { readJson } from './json-reader.ts'

/** Empty where nothing is said. */
const TEXT = z
  .string()
  .nullish()
  .transform((value) => value ?? '')
const NUMBER = z
  .number()
  .nullish()
  .transform((value) => value ?? undefined)

const MANIFEST = z.object({
  schemaVersion: z.number(),
  runId: z.string(),
  scenario: TEXT,
  time: z.enum(['real', 'virtual']).catch('real'),
  epoch: z.iso.datetime(),
  wallStartedAt: TEXT,
  exitCode: NUMBER,
  tool: z.object({ version: TEXT }).prefault({}),
  machine: z
    .object({ host: TEXT, os: TEXT, cpuModel: TEXT, cpuCount: NUMBER, nodeVersion: TEXT })
    .prefault({}),
  source: z.object({ commit: TEXT, branch: TEXT }).prefault({}),
  script: z.object({ path: TEXT }).prefault({}),
  seed: NUMBER,
  target: z.object({ kind: TEXT, address: TEXT }).prefault({}),
  options: z.unknown().optional(),
  mock: z.unknown().optional(),
})

/** Where a concurrency cap stands: what the script says, or the only resource of the mock. */
const OPTIONS_CAP = z.object({ headroom: z.object({ cap: z.object({ concurrency: z.number() }) }) })
const MOCK_CAP = z.object({
  config: z.object({ resources: z.tuple([z.object({ concurrency: z.number() })]) }),
})

/** Who, what, where and when, as manifest.json has it. Text is empty where nothing is said. */
export interface RunIdentity {
  readonly runId: string
  readonly scenario: string
  readonly time: 'real' | 'virtual'
  /** What second 0 is called in the CSV files, milliseconds since 1970. */
  readonly epochMs: number
  /** ISO 8601, UTC. */
  readonly wallStartedAt: string
  /** `undefined`: the run is under way or was killed. */
  readonly exitCode: number | undefined
  readonly toolVersion: string
  readonly nodeVersion: string
  readonly host: string
  readonly os: string
  readonly cpuModel: string
  readonly cpuCount: number | undefined
  readonly commit: string
  readonly branch: string
  readonly scriptPath: string
  readonly seed: number | undefined
  readonly target: string
  /** How many requests the service lets be under way at once, where that is known. */
  readonly capConcurrency: number | undefined
}

/** @throws UserError (usage) when the file cannot be read or is none of ours */
export async function readIdentity(path: string): Promise<RunIdentity> {
  const { tool, machine, source, script, target, epoch, ...rest } = await readJson(path, MANIFEST)
  return {
    runId: rest.runId,
    scenario: rest.scenario,
    time: rest.time,
    epochMs: Date.parse(epoch),
    wallStartedAt: rest.wallStartedAt,
    exitCode: rest.exitCode,
    toolVersion: tool.version,
    ...machine,
    ...source,
    scriptPath: script.path,
    seed: rest.seed,
    target: target.address,
    capConcurrency: capConcurrencyOf(rest.options, rest.mock),
  }
}

function capConcurrencyOf(options: unknown, mock: unknown): number | undefined {
  const said = OPTIONS_CAP.safeParse(options).data?.headroom.cap.concurrency
  return said ?? MOCK_CAP.safeParse(mock).data?.config.resources[0].concurrency
}

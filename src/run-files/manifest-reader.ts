import { z } from 'zod'
import type { RunIdentity } from '../measure/run-identity.ts'
import { readJson } from './json-reader.ts'

export type { RunIdentity } from '../measure/run-identity.ts'

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
  script: z.object({ path: TEXT, sha256: TEXT }).prefault({}),
  seed: NUMBER,
  target: z.object({ kind: TEXT, address: TEXT }).prefault({}),
  optionsSha256: TEXT,
  options: z.unknown().optional(),
  mock: z.unknown().optional(),
})

/** Where a concurrency cap stands: what the script says, or the only resource of the mock. */
const OPTIONS_CAP = z.object({ headroom: z.object({ cap: z.object({ concurrency: z.number() }) }) })
const MOCK_CAP = z.object({
  config: z.object({ resources: z.tuple([z.object({ concurrency: z.number() })]) }),
})

const MOCK_WINDOWS = z.object({
  config: z.object({
    resources: z.array(z.object({ rules: z.array(z.object({ windowUs: z.number() })).default([]) })),
  }),
})

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
    scriptSha256: script.sha256,
    optionsSha256: rest.optionsSha256,
    options: rest.options,
    seed: rest.seed,
    targetKind: target.kind,
    target: target.address,
    limiterWindowsUs: limiterWindowsUsOf(rest.mock),
    capConcurrency: capConcurrencyOf(rest.options, rest.mock),
  }
}

function capConcurrencyOf(options: unknown, mock: unknown): number | undefined {
  const said = OPTIONS_CAP.safeParse(options).data?.headroom.cap.concurrency
  return said ?? MOCK_CAP.safeParse(mock).data?.config.resources[0].concurrency
}

function limiterWindowsUsOf(mock: unknown): number[] {
  const resources = MOCK_WINDOWS.safeParse(mock).data?.config.resources ?? []
  return resources.flatMap(({ rules }) => rules.map(({ windowUs }) => windowUs))
}

/** Scripts as users would write them, and runs of them. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { headroom, temporaryFolder, type CommandEnd } from './command.ts'

export interface ScriptParts {
  /** Of `ext.headroom.mock`; none: the script names no mock. */
  readonly mock?: string | object
  /** Of the only scenario. */
  readonly scenario?: object
  /** Added to the options. */
  readonly options?: object
  /** Added to `ext.headroom`. */
  readonly headroom?: object
  /** Statements of one iteration. */
  readonly body?: string
  /** Everything else of the module. */
  readonly module?: string
}

/** Twenty requests a second for two seconds, unless told otherwise. */
export const EVEN_LOAD = {
  executor: 'constant-arrival-rate',
  rate: 20,
  duration: '2s',
  preAllocatedVUs: 5,
  maxVUs: 500,
}

/** A k6 script of one scenario, `main`. */
export function scriptText(parts: ScriptParts): string {
  const { mock, scenario = EVEN_LOAD, options = {}, headroom: ours = {}, module = '' } = parts
  const { body = "http.get(`${__ENV.TARGET}/a`, { tags: { name: 'a' } })" } = parts
  const ext = { headroom: { ...(mock !== undefined && { mock }), ...ours } }
  return [
    "import { check, group, sleep, fail } from 'k6'",
    "import http from 'k6/http'",
    `export const options = ${JSON.stringify({ scenarios: { main: scenario }, ext, ...options })}`,
    module,
    `export default function (data) {\n${body}\n}`,
    '',
  ].join('\n')
}

/** The names of requests are those that the mock gives its operations. */
export const RANK_REWARD: ScriptParts = {
  module: `
    const BASE = \`\${__ENV.TARGET}/personalizer/v1.0\`
    const HEADERS = { 'Content-Type': 'application/json', 'Ocp-Apim-Subscription-Key': 'mock-key-1' }
    const BODY = JSON.stringify({ actions: [{ id: 'a', features: [] }, { id: 'b', features: [] }] })`,
  body: `
    const ranked = http.post(\`\${BASE}/rank\`, BODY, { headers: HEADERS, tags: { name: 'rank' } })
    if (ranked.status !== 201) return
    const url = \`\${BASE}/events/\${ranked.json().eventId}/reward\`
    http.post(url, '{"value":1}', { headers: HEADERS, tags: { name: 'reward' } })`,
}

/** A script on the disk, and where its runs go. */
export interface Workplace {
  readonly folder: string
  /** As `--out` takes it. */
  readonly out: string
}

/** Writes `script.ts` into a folder of its own. */
export function workplace(script: ScriptParts | string): Workplace {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'script.ts'), typeof script === 'string' ? script : scriptText(script))
  return { folder, out: join(folder, 'out') }
}

export interface ScriptRun extends Workplace, CommandEnd {}

/** `headroom run script.ts …` in a folder of its own. */
export async function runScript(
  script: ScriptParts | string,
  ...flags: readonly string[]
): Promise<ScriptRun> {
  const place = workplace(script)
  return { ...place, ...(await runAgain(place, ...flags)) }
}

/** Another run in the same folder. */
export function runAgain({ folder, out }: Workplace, ...flags: readonly string[]): Promise<CommandEnd> {
  return headroom(['run', 'script.ts', '--out', out, ...flags], { cwd: folder })
}

import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { MockConfig } from '../../../mock-server/config.ts'
import { capOf } from '../../../mock-server/cap.ts'
import { loadLatencyFiles } from '../../../mock-server/latency-file.ts'
import { parseMockConfig, type ParsedMock } from '../../../mock-server/config-schema.ts'
import { parseMockSpec } from '../../../mock-server/spec.ts'
import type { Fault } from '../../core/errors.ts'
import type { HeadroomPlan } from '../../script/plan.ts'

/** What a run is aimed at. */
export type RunTarget =
  /** No URLs: those that stand in the script. */
  | { readonly kind: 'remote'; readonly urls: readonly URL[]; readonly shown: string }
  | {
      readonly kind: 'mock'
      readonly config: MockConfig
      /** As given: where `config` has what a latency file holds, this has its name. */
      readonly givenConfig: MockConfig
      readonly shown: string
    }

const MOCK = 'mock:'
/** Where a script names its mock. */
export const SCRIPT_MOCK = 'options.ext.headroom.mock'

/**
 * Reads `--target`, or without it the script's `ext.headroom.mock`; a script that needs neither has its URLs in itself.
 * A URL may be several, separated by commas; query and credentials are not part of a base URL.
 *
 * @param needsOne whether the script asks where to: see `asksForTarget`.
 */
export function readTarget(
  flag: string | undefined,
  scriptMock: HeadroomPlan['mock'],
  needsOne: boolean = true,
): { readonly target: RunTarget | undefined; readonly faults: readonly Fault[] } {
  if (flag === undefined && scriptMock === undefined) {
    return needsOne ? { target: undefined, faults: [NO_TARGET] } : { target: OWN_URLS, faults: [] }
  }
  if (flag === undefined) return scriptTarget(scriptMock)
  if (!flag.startsWith(MOCK)) return remoteTarget(flag)
  const spec = flag.slice(MOCK.length)
  return mockTarget(parseMockSpec(spec, '--target'), spec)
}

/** Whether a script, bundled, reads `__ENV.TARGET`. Written in pieces, the name is not found, and the script gets `undefined`. */
export function asksForTarget(code: string): boolean {
  return /\bTARGET\b/.test(code)
}

const OWN_URLS: RunTarget = { kind: 'remote', urls: [], shown: 'the URLs in the script' }

const NO_TARGET: Fault = {
  where: '--target',
  what: 'the script reads __ENV.TARGET, but names no mock, and no target was given',
  todo: 'give --target https://HOST, or --target mock:PROFILE (headroom mock --list shows the profiles)',
}

function scriptTarget(mock: HeadroomPlan['mock'] = ''): ReturnType<typeof readTarget> {
  if (typeof mock === 'string') return mockTarget(parseMockSpec(mock, SCRIPT_MOCK), mock)
  return mockTarget(parseMockConfig(mock, SCRIPT_MOCK), 'of the script')
}

function mockTarget({ config, faults }: ParsedMock, name: string): ReturnType<typeof readTarget> {
  const target: RunTarget | undefined =
    config === undefined ? undefined : { kind: 'mock', config, givenConfig: config, shown: `${MOCK}${name}` }
  return { target, faults }
}

/**
 * The target with the latency files of its mock read; their paths are relative to `cwd`.
 *
 * @param where what to call the mock in faults.
 */
export async function withLatencyFiles(
  target: RunTarget,
  cwd: string,
  where: string,
): Promise<{ readonly target: RunTarget; readonly faults: readonly Fault[] }> {
  if (target.kind === 'remote') return { target, faults: [] }
  const read = (path: string): Promise<string> => readFile(resolve(cwd, path), 'utf8')
  const { config = target.config, faults } = await loadLatencyFiles(target.config, read, where)
  return { target: { ...target, config }, faults }
}

function remoteTarget(flag: string): ReturnType<typeof readTarget> {
  const parts = flag.split(',').map((part) => part.trim())
  const faults = parts.flatMap((part) => urlFaults(part))
  if (faults.length > 0) return { target: undefined, faults }
  const urls = parts.map((part) => new URL(part))
  const shown = urls.map((url) => `${url.origin}${url.pathname === '/' ? '' : url.pathname}`).join(',')
  return { target: { kind: 'remote', urls, shown }, faults: [] }
}

function urlFaults(text: string): Fault[] {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    const todo = 'give an absolute URL such as https://my-service.example, or mock:PROFILE'
    return [{ where: '--target', what: `not a target: ${JSON.stringify(text)}`, todo }]
  }
  if (url.username !== '' || url.search !== '' || url.hash !== '') {
    const todo = 'give the base URL alone; credentials belong in -e KEY=… and the script'
    return [{ where: '--target', what: 'a base URL has no credentials, query or fragment', todo }]
  }
  return []
}

/** The base URLs as the script sees them in `__ENV.TARGET`: without a slash at the end, commas between. */
export function targetVariable(target: RunTarget, mockUrl: string | undefined): string {
  if (target.kind === 'remote') return target.urls.map((url) => url.href.replace(/\/+$/, '')).join(',')
  const { resources, manager } = target.config
  if (resources.length === 1 || manager !== undefined) return mockUrl ?? ''
  return resources.map(({ name }) => `${mockUrl}/r/${name}`).join(',')
}

/** The cap that the load will meet: the mock's own, else what the script says of the service. */
export function capRpsOf(target: RunTarget, scriptCapRps: number | undefined): number | undefined {
  return target.kind === 'mock' ? capOf(target.config).rps : scriptCapRps
}

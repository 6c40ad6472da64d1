import type { MockConfig } from '../../../mock-server/config.ts'
import { capOf } from '../../../mock-server/config.ts'
import { parseMockSpec } from '../../../mock-server/spec.ts'
import type { Fault } from '../../core/errors.ts'

/** What a run is aimed at. */
export type RunTarget =
  | { readonly kind: 'remote'; readonly urls: readonly URL[]; readonly shown: string }
  | { readonly kind: 'mock'; readonly config: MockConfig; readonly shown: string }

const MOCK = 'mock:'

/**
 * Reads `--target`, or without it the script's `ext.headroom.mock`.
 * A URL may be several, separated by commas; query and credentials are not part of a base URL.
 */
export function readTarget(
  flag: string | undefined,
  scriptMock: string | undefined,
): { readonly target: RunTarget | undefined; readonly faults: readonly Fault[] } {
  if (flag === undefined && scriptMock === undefined) return { target: undefined, faults: [NO_TARGET] }
  if (flag === undefined) return mockTarget(scriptMock ?? '', 'options.ext.headroom.mock')
  return flag.startsWith(MOCK) ? mockTarget(flag.slice(MOCK.length), '--target') : remoteTarget(flag)
}

const NO_TARGET: Fault = {
  where: '--target',
  what: 'the script names no mock, and no target was given',
  todo: 'give --target https://HOST, or --target mock:PROFILE (headroom mock --list shows the profiles)',
}

function mockTarget(spec: string, where: string): ReturnType<typeof readTarget> {
  const { config, faults } = parseMockSpec(spec, where)
  const target: RunTarget | undefined =
    config === undefined ? undefined : { kind: 'mock', config, shown: `${MOCK}${spec}` }
  return { target, faults }
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
  const { resources } = target.config
  if (resources.length === 1) return mockUrl ?? ''
  return resources.map(({ name }) => `${mockUrl}/r/${name}`).join(',')
}

/** The cap that the load will meet: the mock's own, else what the script says of the service. */
export function capRpsOf(target: RunTarget, scriptCapRps: number | undefined): number | undefined {
  return target.kind === 'mock' ? capOf(target.config).rps : scriptCapRps
}

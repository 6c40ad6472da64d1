/** What an engine is put to. */
import { formatDuration, US_PER_MS, US_PER_S } from '../../core/units.ts'
import { TRAFFIC } from '../../measure/snapshot.ts'
import type { ClaimMaker } from './claim.ts'
import { serviceTimeClaims, stallClaims, type Stall } from './claims/latency.ts'
import { bytesClaims, outcomeClaims, retryAfterClaims } from './claims/limits.ts'
import {
  arrivalClaims,
  concurrencyClaim,
  peakClaims,
  rateClaims,
  scheduleDelayClaim,
  sentClaim,
} from './claims/traffic.ts'
import type { Load } from './load.ts'

/** Traffic, and what has to come out. */
export interface Case {
  /** As given with `--only`. */
  readonly name: string
  readonly title: string
  readonly target: CaseTarget
  readonly load: Load
  /** Traffic before it changes nothing, so an engine that can leave out the second in which it gets warm may do so. */
  readonly warmsUp?: true
  readonly claims: readonly ClaimMaker[]
}

/** A mock is as `parseMockSpec` reads it. */
export type CaseTarget =
  /** Bytes are counted on the way, which costs a little time. */
  | { readonly kind: 'mock'; readonly spec: string; readonly countsBytes?: true }
  /** In virtual time, without sockets: the mock is the engine's own. */
  | { readonly kind: 'virtual'; readonly spec: string }
  | { readonly kind: 'remote'; readonly url: URL }

/** The mock's time begins before the load: by up to 3 s, and the stall still falls into what is measured as a whole. */
const STALL: Stall = { fromUs: 4 * US_PER_S, stallUs: US_PER_S, latencyUs: 10 * US_PER_MS }

/** The rate is such that a reply of 100 ms never leaves just when another request comes: 17.5 gaps are 100 ms. */
const RATE_RPS = 175

/** Every case against the mock; the quick ones are shorter, and without the claims that need long. */
export function casesFor(isQuick: boolean): readonly Case[] {
  const latencyLoad: Load = [{ rateRps: RATE_RPS, durationS: isQuick ? 2 : 6 }]
  const traffic = [rateClaims, sentClaim, arrivalClaims, concurrencyClaim]
  return [
    {
      name: 'fixed',
      title: 'every reply after 100 ms',
      target: { kind: 'mock', spec: 'custom,latency=100ms' },
      load: latencyLoad,
      warmsUp: true,
      claims: [serviceTimeClaims, ...traffic],
    },
    ...(isQuick ? [] : [bimodal(latencyLoad)]),
    {
      name: 'lognormal',
      title: 'lognormal latency, median 50 ms, p99 400 ms',
      target: { kind: 'mock', spec: 'custom,latency=lognormal:50ms:400ms' },
      load: latencyLoad,
      warmsUp: true,
      claims: [serviceTimeClaims, sentClaim],
    },
    THROTTLED,
    STALLED,
    ...(isQuick ? [] : [SPIKE]),
    LONG,
  ]
}

/**
 * Twenty requests are let through in the first half second, and none until 3.25 s are over: the refusals say 3, 2 and 1
 * seconds, 30, 40 and 30 times.
 */
const THROTTLED: Case = {
  name: 'throttled',
  title: '20 requests in 3.25 s, then 429 with Retry-After',
  target: { kind: 'mock', spec: 'custom,rates=20/3250ms,algorithm=first-hit-window', countsBytes: true },
  load: [{ rateRps: 40, durationS: 3 }],
  claims: [outcomeClaims, retryAfterClaims({ p50S: 2, maxS: 3 }), sentClaim, bytesClaims],
}

const STALLED: Case = {
  name: 'stall',
  title: 'everything stands still for 1 s, open model',
  target: { kind: 'mock', spec: stallSpec(STALL) },
  load: [{ rateRps: 100, durationS: 4 }],
  warmsUp: true,
  claims: [stallClaims(STALL), sentClaim, concurrencyClaim],
}

function bimodal(load: Load): Case {
  return {
    name: 'bimodal',
    title: '19 of 20 replies after 10 ms, the others after 200 ms',
    target: { kind: 'mock', spec: 'custom,latency=quantiles:p95=10ms:p95.001=200ms' },
    load,
    warmsUp: true,
    claims: [serviceTimeClaims, sentClaim],
  }
}

const SPIKE: Case = {
  name: 'spike',
  title: 'twice the traffic for one second of ten',
  target: { kind: 'mock', spec: 'custom,latency=5ms' },
  load: [
    { rateRps: 40, durationS: 4 },
    { rateRps: 80, durationS: 1 },
    { rateRps: 40, durationS: 5 },
  ],
  warmsUp: true,
  claims: [rateClaims, sentClaim, peakClaims(TRAFFIC), arrivalClaims],
}

const LONG: Case = {
  name: 'long',
  title: 'three times the traffic for one minute of three, in virtual time',
  target: { kind: 'virtual', spec: 'custom,latency=20ms' },
  load: [
    { rateRps: 30, durationS: 60 },
    { rateRps: 90, durationS: 60 },
    { rateRps: 30, durationS: 60 },
  ],
  claims: [rateClaims, peakClaims(TRAFFIC)],
}

/** What can be said of a target that is not ours: whether the plan was carried out. */
export function remoteCase(url: URL, rateRps: number, durationS: number): Case {
  return {
    name: 'target',
    title: `${rateRps} requests/s for ${durationS} s to ${url.origin}${url.pathname}`,
    target: { kind: 'remote', url },
    load: [{ rateRps, durationS }],
    warmsUp: true,
    claims: [rateClaims, scheduleDelayClaim, peakClaims(['offered', 'sent'])],
  }
}

function stallSpec({ fromUs, stallUs, latencyUs }: Stall): string {
  const pause = `pause:${formatDuration(stallUs)}@${formatDuration(fromUs)}`
  return `custom,latency=${formatDuration(latencyUs)},fault=${pause}`
}

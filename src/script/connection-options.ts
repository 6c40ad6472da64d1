import * as z from 'zod'
import type { ConnectionPlan } from '../core/connection-plan.ts'
import { US_PER_S } from '../core/units.ts'
import { addressRanges, hostNames, hostOverrides } from './host-options.ts'
import { check, duration, flag, mapChecked, oneOf, strict, whole } from './option-schema.ts'
import type { Checked } from './option-schema.ts'
import { cipherSuites, clientCertificates, tlsVersions } from './tls-options.ts'

/** k6's default. */
const DEFAULT_TTL_US = 300 * US_PER_S

const DNS = strict({
  ttl: z
    .union([z.literal('inf').transform(() => Infinity), duration()], {
      error: "must be a duration such as '5m', '0' for never or 'inf' for ever",
    })
    .default(DEFAULT_TTL_US),
  select: oneOf(['first', 'random', 'roundRobin']).default('random'),
  policy: oneOf(['preferIPv4', 'preferIPv6', 'onlyIPv4', 'onlyIPv6', 'any']).default('preferIPv4'),
})

const SETTINGS = z.object({
  hosts: hostOverrides().default({}),
  dns: DNS.prefault({}),
  tlsAuth: clientCertificates().default([]),
  tlsVersion: tlsVersions().optional(),
  tlsCipherSuites: cipherSuites().default([]),
  noConnectionReuse: flag().default(false),
  noVUConnectionReuse: flag().default(false),
  blacklistIPs: addressRanges().default([]),
  blockHostnames: hostNames().default([]),
  /** 0: no limit. */
  rps: whole(0).default(0),
})

/** The options of k6 that `readConnections` reads. */
export const CONNECTION_KEYS: readonly string[] = Object.keys(SETTINGS.shape)

export interface ConnectionReading {
  readonly connection: ConnectionPlan
  /** `undefined`: no limit. */
  readonly rps: number | undefined
}

/** @param options all that a script gives; what is not about connections is left alone. */
export function readConnections(options: unknown, where: string): Checked<ConnectionReading> {
  return mapChecked(check(SETTINGS, options, where), (settings) => ({
    connection: connectionPlan(settings),
    rps: settings.rps === 0 ? undefined : settings.rps,
  }))
}

function connectionPlan(settings: z.infer<typeof SETTINGS>): ConnectionPlan {
  const { hosts, dns, noConnectionReuse, noVUConnectionReuse, blacklistIPs, blockHostnames } = settings
  return {
    hosts,
    dns: { ttlUs: dns.ttl, select: dns.select, policy: dns.policy },
    tls: {
      certificates: settings.tlsAuth,
      versions: settings.tlsVersion,
      ciphers: settings.tlsCipherSuites,
    },
    noConnectionReuse,
    noVUConnectionReuse,
    blacklistIPs,
    blockHostnames,
  }
}

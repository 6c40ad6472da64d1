import { isIP, isIPv4, isIPv6 } from 'node:net'
import * as z from 'zod'
import { list, record, text } from './option-schema.ts'

/** A name, or `*` and the end of names. */
const NAME = /^(?:\*|\*?[\w.-]+)$/
const NAME_AND_PORT = /^(?:\*|\*?[\w.-]+)(?::\d{1,5})?$/
const MAX_PORT = 65_535

/** Host names, in lower case; each may begin with a `*`. */
export function hostNames(): z.ZodType<readonly string[]> {
  const name = text().refine((value) => NAME.test(value), {
    error: notA('a host name, which may begin with *'),
  })
  return list(name.transform((value) => value.toLowerCase()))
}

/** Addresses and ranges in CIDR notation. */
export function addressRanges(): z.ZodType<readonly string[]> {
  return list(text().refine(isRange, { error: notA('an IP address or a range such as 10.0.0.0/8') }))
}

/** From hosts to addresses. */
export function hostOverrides(): z.ZodType<Readonly<Record<string, string>>> {
  return record(z.unknown()).transform((given, context) => {
    for (const [name, address] of Object.entries(given)) {
      const fault = overrideFault(name, address)
      if (fault !== undefined) context.addIssue({ code: 'custom', message: fault, path: [name] })
    }
    return Object.fromEntries(
      Object.entries(given).map(([name, address]) => [name.toLowerCase(), String(address)]),
    )
  })
}

function overrideFault(name: string, address: unknown): string | undefined {
  if (!NAME_AND_PORT.test(name)) return 'is no host name, which may begin with * and end with a port'
  if (typeof address === 'string' && isEndpoint(address)) return undefined
  return `must be an IP address, with or without a port, not ${JSON.stringify(address)}`
}

/** `10.0.0.1`, `10.0.0.1:80`, `::1`, `[::1]:80`. */
function isEndpoint(text: string): boolean {
  if (isIP(text) !== 0) return true
  const [, v6, v4, port] = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(text) ?? []
  const isAddress = v6 === undefined ? isIPv4(v4 ?? '') : isIPv6(v6)
  return isAddress && Number(port) > 0 && Number(port) <= MAX_PORT
}

function isRange(text: string): boolean {
  const [, address = '', prefix] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const family = isIP(address)
  return family !== 0 && Number(prefix ?? 0) <= (family === 4 ? 32 : 128)
}

function notA(expected: string): (issue: { readonly input?: unknown }) => string {
  return ({ input }) => `must be ${expected}, not ${JSON.stringify(input)}`
}

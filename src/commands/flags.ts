/** Readers of flag values, for commander: each throws what it takes. */
import { InvalidArgumentError } from 'commander'
import { EXIT, UserError } from '../core/errors.ts'
import { parseDurationUs, US_PER_S } from '../core/units.ts'

export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value]
}

type Pairs = Readonly<Record<string, string>>

/** `NAME=VALUE` of a flag, added to what was given before. A value without a name may be a secret and is not shown. */
export function pairsOf(flag: string): (value: string, before?: Pairs) => Pairs {
  return (value, before = {}) => {
    const equals = value.indexOf('=')
    if (equals < 1) throw hiddenFault(flag, 'a value without a name', 'write NAME=VALUE')
    return { ...before, [value.slice(0, equals)]: value.slice(equals + 1) }
  }
}

export type HeaderPair = readonly [name: string, value: string]

const HEADER = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([^\r\n\0]*)$/

/** `Name: value`, added to what was given before. What is no header may be a secret and is not shown. */
export function collectHeader(text: string, before: readonly HeaderPair[] = []): HeaderPair[] {
  const [, name, value] = HEADER.exec(text) ?? []
  if (name === undefined || value === undefined) {
    throw hiddenFault('-H, --header', 'not a header on one line', 'write "Name: value"')
  }
  return [...before, [name, value]]
}

/** Commander would repeat the value. */
function hiddenFault(where: string, what: string, todo: string): UserError {
  return new UserError(EXIT.usage, [{ where, what, todo }])
}

/** An HTTP method, in capitals. */
export function methodName(value: string): string {
  if (!/^[A-Za-z]+$/.test(value)) throw new InvalidArgumentError('it takes a method such as GET or POST.')
  return value.toUpperCase()
}

/** A duration from a second on, in microseconds. */
export function durationFromOneSecond(value: string): number {
  const us = parseDurationUs(value)
  if (us === undefined || us < US_PER_S) {
    throw new InvalidArgumentError('it takes a duration of at least 1s, such as 30s or 2m.')
  }
  return us
}

export function httpUrl(value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw new InvalidArgumentError('it takes an absolute URL such as http://127.0.0.1:8429/.')
}

export function wholeNumber(value: string): number {
  const number = Number(value)
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(number)) {
    throw new InvalidArgumentError('it takes a whole number.')
  }
  return number
}

export function positiveInteger(value: string): number {
  const number = wholeNumber(value)
  if (number === 0) throw new InvalidArgumentError('it takes a whole number from 1.')
  return number
}

export function positiveNumber(value: string): number {
  const number = Number(value)
  if (!/^\d+(\.\d+)?$/.test(value) || number === 0) {
    throw new InvalidArgumentError('it takes a number above 0.')
  }
  return number
}

export function portNumber(value: string): number {
  const port = wholeNumber(value)
  if (port > 65_535) throw new InvalidArgumentError('it takes a port number, 0 to 65535.')
  return port
}

/** Readers of flag values, for commander: each throws what it takes. */
import { InvalidArgumentError } from 'commander'

export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value]
}

/** `NAME=VALUE`, added to what was given before. */
export function collectPair(
  value: string,
  before: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const equals = value.indexOf('=')
  if (equals < 1) throw new InvalidArgumentError('give it as NAME=VALUE.')
  return { ...before, [value.slice(0, equals)]: value.slice(equals + 1) }
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

export function portNumber(value: string): number {
  const port = wholeNumber(value)
  if (port > 65_535) throw new InvalidArgumentError('it takes a port number, 0 to 65535.')
  return port
}

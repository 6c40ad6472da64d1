/** Reading JSON that a client has sent. */

const UTF8 = new TextDecoder('utf-8', { fatal: true })

export type JsonObject = Readonly<Record<string, unknown>>

/** @returns `undefined` for what is no JSON in UTF-8; `undefined` is nothing that JSON can say. */
export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(UTF8.decode(body)) as unknown
  } catch {
    return undefined
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A string with something in it, of at most `maxChars` UTF-16 units. */
export function isText(value: unknown, maxChars: number = Infinity): value is string {
  return typeof value === 'string' && value !== '' && value.length <= maxChars
}

/** Absent and `null` mean the same to these services. */
export function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null
}

/** A whole number from `min` to `max`. */
export function isWhole(value: unknown, min: number, max: number): value is number {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max
}

/** A number from `min` to `max`. */
export function isNumber(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && value >= min && value <= max
}

/** What an optional member of an object has to be. */
export interface MemberRule {
  readonly name: string
  readonly isValid: (value: unknown) => boolean
  /** What it has to be, in words: `true or false`. */
  readonly what: string
}

/** @returns the first fault in words, `top must be a whole number.`, or `undefined`; members without a rule are ignored. */
export function faultInMembers(json: JsonObject, rules: readonly MemberRule[]): string | undefined {
  const broken = rules.find(({ name, isValid }) => !isAbsent(json[name]) && !isValid(json[name]))
  return broken && `${broken.name} must be ${broken.what}.`
}

export function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean'
}

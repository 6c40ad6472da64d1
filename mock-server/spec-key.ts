/** What the keys of a spec are made of, and how their values are read. */
import { parseDurationUs } from '../src/core/units.ts'
import { MAX_LIMIT, MAX_WINDOW_US } from './rule.ts'

/** One key of a spec. */
export interface SpecKey<Options> {
  readonly name: string
  /** What may stand after the equals sign, for people: `N|none`. */
  readonly syntax: string
  /** What it says, in a few words. */
  readonly meaning: string
  /** @returns the options, or what is wrong with the text. */
  readonly read: (text: string) => Options | string
}

/** A whole number from `min` (default 1) to the largest limit. */
export function numberKey<Options>(
  name: string,
  meaning: string,
  toOptions: (count: number) => Options,
  min: 0 | 1 = 1,
): SpecKey<Options> {
  return { name, syntax: 'N', meaning, read: (text) => readCount(text, toOptions, min) }
}

/** As `numberKey`, or `none`, which is `null`. */
export function limitKey<Options>(
  name: string,
  meaning: string,
  toOptions: (count: number | null) => Options,
  min: 0 | 1 = 1,
): SpecKey<Options> {
  const read = (text: string): Options | string =>
    text === 'none' ? toOptions(null) : readCount(text, toOptions, min)
  return { name, syntax: 'N|none', meaning, read }
}

export function choiceKey<Choice extends string | number, Options>(
  name: string,
  meaning: string,
  choices: readonly Choice[],
  toOptions: (choice: Choice) => Options,
): SpecKey<Options> {
  const read = (text: string): Options | string => {
    const choice = choices.find((one) => String(one) === text)
    return choice === undefined ? `"${text}" is none of ${choices.join(', ')}` : toOptions(choice)
  }
  return { name, syntax: choices.join('|'), meaning, read }
}

export function flagKey<Options>(
  name: string,
  meaning: string,
  toOptions: (isOn: boolean) => Options,
): SpecKey<Options> {
  return choiceKey(name, meaning, ['yes', 'no'], (choice) => toOptions(choice === 'yes'))
}

/** `N/WINDOW`. */
export interface Rate {
  readonly limit: number
  readonly windowUs: number
}

/** @returns the rate, or what is wrong with the text. */
export function readRate(text: string): Rate | string {
  const [limitText = '', windowText = '', ...rest] = text.split('/')
  const windowUs = parseDurationUs(windowText)
  const isWindow = windowUs !== undefined && windowUs >= 1 && windowUs <= MAX_WINDOW_US
  if (!isWindow || rest.length > 0) return `"${text}" is no rate such as 100/1s`
  return readCount(limitText, (limit) => ({ limit, windowUs }), 1)
}

export function kebabCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

function readCount<Options>(
  text: string,
  toOptions: (count: number) => Options,
  min: number,
): Options | string {
  const count = /^\d+$/.test(text) ? Number(text) : -1
  return count >= min && count <= MAX_LIMIT
    ? toOptions(count)
    : `"${text}" is no whole number from ${min} to ${MAX_LIMIT}`
}

/** The texts of a Translator call and how many of them it takes: azure-docs translator/service-limits. */
import { isObject, parseJson } from './json-body.ts'
import type { TranslatorErrorCode } from './translator-errors.ts'

/** What one operation takes; characters are code points. */
export interface TextLimits {
  readonly maxElementCount: number
  readonly maxElementCharacters: number
  /** Over all elements. */
  readonly maxCharacters: number
}

/** The elements of a body with what they are charged. */
export interface Elements<Element> {
  readonly elements: readonly Element[]
  readonly characterCount: number
}

/** Reads one element. @returns its text and what is charged for it, or what is wrong with it. */
export type ElementReader<Element> = (
  json: unknown,
) => { element: Element; length: number } | TranslatorErrorCode

/**
 * Reads the array that every operation is sent.
 *
 * @param factor how many times the characters are charged.
 * @returns the code of the first thing that is wrong with it.
 */
export function parseElements<Element>(
  body: Uint8Array,
  limits: TextLimits,
  read: ElementReader<Element>,
  factor = 1,
): Elements<Element> | TranslatorErrorCode {
  const json = parseJson(body)
  if (!Array.isArray(json)) return 400074
  if (json.length === 0) return 400005
  if (json.length > limits.maxElementCount) return 400072
  const elements: Element[] = []
  let sum = 0
  let isTooLong = false
  for (const one of json) {
    const parsed = read(one)
    if (typeof parsed === 'number') return parsed
    elements.push(parsed.element)
    sum += parsed.length
    isTooLong ||= parsed.length > limits.maxElementCharacters
  }
  if (isTooLong) return 400050
  const characterCount = sum * factor
  return characterCount > limits.maxCharacters ? 400077 : { elements, characterCount }
}

/** Clients write the member `Text` or `text`. */
export function readText(json: unknown): { element: string; length: number } | TranslatorErrorCode {
  const text = memberOf(json, 'Text')
  return typeof text === 'string' ? { element: text, length: codePointCount(text) } : 400005
}

/** A member by its name with a capital at the beginning, or by the same without. */
export function memberOf(json: unknown, name: string): unknown {
  if (!isObject(json)) return undefined
  return json[name] ?? json[name.toLowerCase()]
}

export function codePointCount(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}

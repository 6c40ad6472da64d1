/** What a translation asks for: azure-docs Translator/reference/v3-0-translate.md and translator/service-limits. */
import type { TranslatorErrorCode } from './translator-errors.ts'
import { isTranslatable, usualScriptOf } from './translator-languages.ts'
import { parseElements, readText, type TextLimits } from './translator-texts.ts'

/** Characters over all target languages. */
const LIMITS: TextLimits = { maxElementCount: 1_000, maxElementCharacters: 50_000, maxCharacters: 50_000 }
const GENERAL = 'general'

/** `zh-Hans`, whether or not there is such a language. */
const LANGUAGE_TAG = /^[a-z]{2,3}(?:-[a-z]{2,8})*$/i

export interface TranslateRequest {
  readonly texts: readonly string[]
  /** At least one. */
  readonly targets: readonly string[]
  /** `undefined`: to be detected. */
  readonly source: string | undefined
  /** Of the source language, where the texts are said to be written in another; `undefined`: they are not. */
  readonly usualScript: string | undefined
  /** Of each target, where one is asked for: the script to write the translation in as well. */
  readonly targetScripts: readonly string[]
  /** A system of the client's own; `undefined`: the general one. */
  readonly customCategory: string | undefined
  /** Whether the general system may stand in for it. */
  readonly allowsFallback: boolean
  readonly includesAlignment: boolean
  readonly includesSentenceLength: boolean
  /** What is charged: the characters (code points) of the texts, once for each target. */
  readonly characterCount: number
}

/** Reads a translation; the version has been checked. @returns the code of the first thing that is wrong with it. */
export function parseTranslateRequest(
  query: URLSearchParams,
  body: Uint8Array,
): TranslateRequest | TranslatorErrorCode {
  const targets = query.getAll('to').flatMap((languages) => languages.split(','))
  const fault = faultInQuery(query, targets)
  if (fault !== undefined) return fault
  const texts = parseElements(body, LIMITS, readText, targets.length)
  if (typeof texts === 'number') return texts
  const category = query.get('category') ?? GENERAL
  return {
    texts: texts.elements,
    targets,
    source: sourceOf(query),
    usualScript: usualScriptToShow(query),
    targetScripts: query.getAll('toScript'),
    customCategory: category === GENERAL ? undefined : category,
    allowsFallback: query.get('allowFallback') !== 'false',
    includesAlignment: query.get('includeAlignment') === 'true',
    includesSentenceLength: query.get('includeSentenceLength') === 'true',
    characterCount: texts.characterCount,
  }
}

function faultInQuery(query: URLSearchParams, targets: readonly string[]): TranslatorErrorCode | undefined {
  if (targets.length === 0) return 400036
  const fault = targets.map((target) => faultInLanguage(target, 400036)).find((code) => code !== undefined)
  if (fault !== undefined) return fault
  const source = sourceOf(query)
  if (source !== undefined) return faultInLanguage(source, 400035) ?? faultInOptions(query)
  return faultInOptions(query)
}

/** @param malformed the code for what is no language at all. */
export function faultInLanguage(
  language: string,
  malformed: TranslatorErrorCode,
): TranslatorErrorCode | undefined {
  if (!LANGUAGE_TAG.test(language)) return malformed
  return isTranslatable(language) ? undefined : 400019
}

const SCRIPT_CODE = /^[a-z]{4}$/i

const CHOICES: readonly [name: string, choices: readonly string[]][] = [
  ['textType', ['plain', 'html']],
  ['profanityAction', ['noaction', 'marked', 'deleted']],
  ['profanityMarker', ['asterisk', 'tag']],
  ['includeAlignment', ['true', 'false']],
  ['includeSentenceLength', ['true', 'false']],
  ['allowFallback', ['true', 'false']],
]

function faultInOptions(query: URLSearchParams): TranslatorErrorCode | undefined {
  const isKnown = CHOICES.every(([name, choices]) => {
    const value = query.get(name)
    return value === null || choices.includes(value.toLowerCase())
  })
  if (!isKnown) return 400000
  if (!SCRIPT_CODE.test(query.get('fromScript') ?? 'Latn')) return 400018
  if (!query.getAll('toScript').every((script) => SCRIPT_CODE.test(script))) return 400004
  const suggested = query.get('suggestedFrom')
  return suggested === null || LANGUAGE_TAG.test(suggested) ? undefined : 400003
}

function sourceOf(query: URLSearchParams): string | undefined {
  const source = query.get('from')
  return source === null || source === '' ? undefined : source
}

function usualScriptToShow(query: URLSearchParams): string | undefined {
  const [source, script] = [sourceOf(query), query.get('fromScript')]
  if (source === undefined || script === null) return undefined
  const usual = usualScriptOf(source)
  return usual?.toLowerCase() === script.toLowerCase() ? undefined : usual
}

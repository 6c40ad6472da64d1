/** What a translation asks for: azure-docs Translator/reference/v3-0-translate.md and translator/service-limits. */
import { isObject, parseJson } from './json-body.ts'
import type { TranslatorErrorCode } from './translator-errors.ts'

/** Over all target languages. */
const MAX_CHARACTERS = 50_000
const MAX_ELEMENTS = 1_000
const GENERAL = 'general'

/** Codes of `GET /languages`, scope translation. */
const LANGUAGES = new Set(
  (
    'af am ar as az ba bg bn bo bs ca cs cy da de dsb dv el en es et eu fa fi fil fj fo fr fr-ca ga gl gu ha he hi hr ' +
    'hsb ht hu hy id ig ikt is it iu iu-latn ja ka kk km kmr kn ko ku ky ln lo lt lug lv lzh mai mg mi mk ml mn-cyrl ' +
    'mn-mong mr ms mt mww my nb ne nl nso nya or otq pa pl prs ps pt pt-pt ro ru run rw sd si sk sl sm sn so sq ' +
    'sr-cyrl sr-latn st sv sw ta te th ti tk tlh-latn tlh-piqd tn to tr tt ty ug uk ur uz vi xh yo yua yue zh-hans ' +
    'zh-hant zu'
  ).split(' '),
)
/** `zh-Hans`, whether or not there is such a language. */
const LANGUAGE_TAG = /^[a-z]{2,3}(?:-[a-z]{2,8})*$/i

export interface TranslateRequest {
  readonly texts: readonly string[]
  /** At least one. */
  readonly targets: readonly string[]
  /** `undefined`: to be detected. */
  readonly source: string | undefined
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

/** Reads a translation. @returns the code of the first thing that is wrong with it. */
export function parseTranslateRequest(
  query: URLSearchParams,
  body: Uint8Array,
): TranslateRequest | TranslatorErrorCode {
  const targets = query.getAll('to').flatMap((languages) => languages.split(','))
  const fault = faultInQuery(query, targets)
  if (fault !== undefined) return fault
  const texts = parseTexts(parseJson(body))
  if (typeof texts === 'number') return texts
  const lengths = texts.map(codePointCount)
  if (lengths.some((length) => length > MAX_CHARACTERS)) return 400050
  const characterCount = lengths.reduce((sum, length) => sum + length, 0) * targets.length
  if (characterCount > MAX_CHARACTERS) return 400077
  const category = query.get('category') ?? GENERAL
  return {
    texts,
    targets,
    source: sourceOf(query),
    targetScripts: query.getAll('toScript'),
    customCategory: category === GENERAL ? undefined : category,
    allowsFallback: query.get('allowFallback') !== 'false',
    includesAlignment: query.get('includeAlignment') === 'true',
    includesSentenceLength: query.get('includeSentenceLength') === 'true',
    characterCount,
  }
}

function faultInQuery(query: URLSearchParams, targets: readonly string[]): TranslatorErrorCode | undefined {
  if (query.get('api-version') !== '3.0') return 400021
  if (targets.length === 0) return 400036
  const fault = targets.map((target) => faultInLanguage(target, 400036)).find((code) => code !== undefined)
  if (fault !== undefined) return fault
  const source = sourceOf(query)
  if (source !== undefined) return faultInLanguage(source, 400035) ?? faultInOptions(query)
  return faultInOptions(query)
}

/** @param malformed the code for what is no language at all. */
function faultInLanguage(language: string, malformed: TranslatorErrorCode): TranslatorErrorCode | undefined {
  if (!LANGUAGE_TAG.test(language)) return malformed
  return LANGUAGES.has(language.toLowerCase()) ? undefined : 400019
}

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
  const suggested = query.get('suggestedFrom')
  return suggested === null || LANGUAGE_TAG.test(suggested) ? undefined : 400003
}

/** Clients write the member `Text` or `text`. */
function parseTexts(json: unknown): string[] | TranslatorErrorCode {
  if (!Array.isArray(json)) return 400074
  if (json.length === 0) return 400005
  if (json.length > MAX_ELEMENTS) return 400072
  const texts = json.map((element) => (isObject(element) ? (element['Text'] ?? element['text']) : undefined))
  return texts.every((text) => typeof text === 'string') ? texts : 400005
}

function sourceOf(query: URLSearchParams): string | undefined {
  const source = query.get('from')
  return source === null || source === '' ? undefined : source
}

function codePointCount(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}

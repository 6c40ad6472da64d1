/**
 * What Translator v3 does beside translating. Shapes: azure-docs Translator/reference/v3-0-{detect,break-sentence,transliterate,
 * dictionary-lookup,dictionary-examples}.md; what is said is made up, and the same for the same text.
 */
import { Rng } from '../../src/core/rng.ts'
import { detect, sentenceLengths, transliterate } from './translation.ts'
import type { TranslatorErrorCode } from './translator-errors.ts'
import {
  canTransliterate,
  isDictionaryPair,
  isTranslatable,
  isTransliterable,
} from './translator-languages.ts'
import { faultInLanguage } from './translator-requests.ts'
import {
  codePointCount,
  type Elements,
  memberOf,
  parseElements,
  readText,
  type TextLimits,
} from './translator-texts.ts'

export type TextOperation =
  | 'detect'
  | 'break-sentence'
  | 'transliterate'
  | 'dictionary-lookup'
  | 'dictionary-examples'

/** A valid request: what is charged, and the body of the reply. */
export interface TextWork {
  readonly characterCount: number
  readonly answer: () => object[]
}

type Read = (query: URLSearchParams, body: Uint8Array) => TextWork | TranslatorErrorCode

/** Reads a request; the version has been checked. @returns the code of the first thing that is wrong with it. */
export const TEXT_OPERATIONS: Readonly<Record<TextOperation, Read>> = {
  detect: (_query, body) => workOn(parseElements(body, LONG_TEXTS, readText), describeLanguage),
  'break-sentence': readBreakSentence,
  transliterate: readTransliterate,
  'dictionary-lookup': readLookup,
  'dictionary-examples': readExamples,
}

/** azure-docs translator/service-limits. */
const LONG_TEXTS: TextLimits = { maxElementCount: 100, maxElementCharacters: 50_000, maxCharacters: 50_000 }
const SHORT_TEXTS: TextLimits = { maxElementCount: 10, maxElementCharacters: 5_000, maxCharacters: 5_000 }
const TERMS: TextLimits = { maxElementCount: 10, maxElementCharacters: 100, maxCharacters: 1_000 }
/** Of both texts together. */
const PAIRS: TextLimits = { maxElementCount: 10, maxElementCharacters: 200, maxCharacters: 2_000 }
const MAX_TERM_CHARACTERS = 100

const SCRIPT = /^[a-z]{4}$/i

function workOn<Element>(
  parsed: Elements<Element> | TranslatorErrorCode,
  answer: (element: Element) => object,
): TextWork | TranslatorErrorCode {
  if (typeof parsed === 'number') return parsed
  return { characterCount: parsed.characterCount, answer: () => parsed.elements.map(answer) }
}

function describeLanguage(text: string): object {
  const language = detect(text)
  return {
    language,
    score: 1,
    isTranslationSupported: isTranslatable(language),
    isTransliterationSupported: isTransliterable(language),
  }
}

function readBreakSentence(query: URLSearchParams, body: Uint8Array): TextWork | TranslatorErrorCode {
  const language = query.get('language')
  const fault = language === null ? undefined : faultInLanguage(language, 400003)
  if (fault !== undefined) return fault
  return workOn(parseElements(body, LONG_TEXTS, readText), (text) => ({
    ...(language === null && { detectedLanguage: { language: detect(text), score: 1 } }),
    sentLen: sentenceLengths(text),
  }))
}

function readTransliterate(query: URLSearchParams, body: Uint8Array): TextWork | TranslatorErrorCode {
  const language = query.get('language') ?? ''
  const [fromScript, toScript] = [query.get('fromScript') ?? '', query.get('toScript') ?? '']
  if (language === '') return 400003
  if (!SCRIPT.test(fromScript)) return 400018
  if (!SCRIPT.test(toScript)) return 400004
  if (!isTransliterable(language)) return 400080
  if (!canTransliterate(language, fromScript, toScript)) return 400006
  return workOn(parseElements(body, SHORT_TEXTS, readText), (text) => ({
    text: transliterate(text, toScript),
    script: toScript,
  }))
}

function readLookup(query: URLSearchParams, body: Uint8Array): TextWork | TranslatorErrorCode {
  const to = query.get('to') ?? ''
  return faultInPair(query) ?? workOn(parseElements(body, TERMS, readText), (term) => lookUp(term, to))
}

/** An example is of a term and one of the translations that were found for it. */
interface TermPair {
  readonly source: string
  readonly target: string
}

function readExamples(query: URLSearchParams, body: Uint8Array): TextWork | TranslatorErrorCode {
  return faultInPair(query) ?? workOn(parseElements(body, PAIRS, readPair), showExample)
}

function faultInPair(query: URLSearchParams): TranslatorErrorCode | undefined {
  const [from, to] = [query.get('from') ?? '', query.get('to') ?? '']
  const fault = faultInLanguage(from, 400035) ?? faultInLanguage(to, 400036)
  if (fault !== undefined) return fault
  return isDictionaryPair(from, to) ? undefined : 400023
}

function readPair(json: unknown): { element: TermPair; length: number } | TranslatorErrorCode {
  const source = readText(json)
  if (typeof source === 'number') return source
  const target = memberOf(json, 'Translation')
  if (typeof target !== 'string') return 400064
  const targetLength = codePointCount(target)
  if (Math.max(source.length, targetLength) > MAX_TERM_CHARACTERS) return 400050
  return { element: { source: source.element, target }, length: source.length + targetLength }
}

/** Two translations with how sure they are; a text without a letter is in no dictionary. */
function lookUp(term: string, to: string): object {
  const normalizedSource = normalize(term)
  const translations = /\p{L}/u.test(term) ? describeTranslations(normalizedSource, to) : []
  return { normalizedSource, displaySource: term, translations }
}

function describeTranslations(term: string, to: string): object[] {
  const rng = new Rng(`${to}/${term}`)
  const first = Number((0.6 + rng.int(4_000) / 10_000).toFixed(4))
  return [`[${to}] ${term}`, `[${to}] ${term} 2`].map((target, rank) => ({
    normalizedTarget: normalize(target),
    displayTarget: target,
    posTag: 'NOUN',
    confidence: rank === 0 ? first : Number((1 - first).toFixed(4)),
    prefixWord: '',
    backTranslations: [
      { normalizedText: term, displayText: term, numExamples: 1, frequencyCount: 1 + rng.int(1_000) },
    ],
  }))
}

function showExample({ source, target }: TermPair): object {
  return {
    normalizedSource: normalize(source),
    normalizedTarget: normalize(target),
    examples: [
      {
        sourcePrefix: 'This is about ',
        sourceTerm: source,
        sourceSuffix: '.',
        targetPrefix: 'This is about ',
        targetTerm: target,
        targetSuffix: '.',
      },
    ],
  }
}

function normalize(term: string): string {
  return term.trim().toLowerCase()
}

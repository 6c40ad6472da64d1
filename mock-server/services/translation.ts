/** Translations that nobody could mistake for real ones: `[fr] good morning`. The same text always gives the same. */
import type { TranslateRequest } from './translator-requests.ts'

/** The languages whose script gives them away; anything else is taken for English. */
const SCRIPTS: readonly [script: RegExp, language: string][] = [
  [/\p{Script=Hiragana}|\p{Script=Katakana}/u, 'ja'],
  [/\p{Script=Hangul}/u, 'ko'],
  [/\p{Script=Han}/u, 'zh-Hans'],
  [/\p{Script=Cyrillic}/u, 'ru'],
  [/\p{Script=Greek}/u, 'el'],
  [/\p{Script=Arabic}/u, 'ar'],
  [/\p{Script=Hebrew}/u, 'he'],
  [/\p{Script=Devanagari}/u, 'hi'],
  [/\p{Script=Thai}/u, 'th'],
]

const WORD = /\S+/g
const SENTENCE = /[^.!?]+[.!?]*\s*|[.!?]+\s*/g

/** The body of the reply: one element for each text, in order. */
export function translate(request: TranslateRequest): object[] {
  return request.texts.map((text) => ({
    ...(request.source === undefined && { detectedLanguage: { language: detect(text), score: 1 } }),
    translations: request.targets.map((to, index) =>
      translateTo(to, text, request, request.targetScripts[index]),
    ),
    ...(request.usualScript !== undefined && {
      sourceText: { text: transliterate(text, request.usualScript) },
    }),
  }))
}

/** Text in another script, for the eye only: `[Latn] konnichiwa`. */
export function transliterate(text: string, toScript: string): string {
  return text === '' ? '' : `[${toScript}] ${text}`
}

/** @returns the code of the language that a text is in. */
export function detect(text: string): string {
  return SCRIPTS.find(([script]) => script.test(text))?.[1] ?? 'en'
}

function translateTo(
  to: string,
  source: string,
  request: TranslateRequest,
  script: string | undefined,
): object {
  const prefix = source === '' ? '' : `[${to}] `
  const text = prefix + source
  return {
    text,
    to,
    ...(script !== undefined && { transliteration: { script, text } }),
    ...(request.includesAlignment && { alignment: { proj: alignment(source, prefix.length) } }),
    ...(request.includesSentenceLength && {
      sentLen: {
        srcSentLen: sentenceLengths(source),
        transSentLen: sentenceLengths(source, prefix.length),
      },
    }),
  }
}

/** Where each word of the source is in the translation, first and last character: `0:3-5:8`. */
function alignment(source: string, shift: number): string {
  const words = Array.from(source.matchAll(WORD), ({ index, 0: word }) => {
    const last = index + word.length - 1
    return `${index}:${last}-${index + shift}:${last + shift}`
  })
  return words.join(' ')
}

/** @param extra characters that the first sentence has more. */
export function sentenceLengths(source: string, extra = 0): number[] {
  return Array.from(
    source.matchAll(SENTENCE),
    ({ 0: sentence }, index) => sentence.length + (index === 0 ? extra : 0),
  )
}

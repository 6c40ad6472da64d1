/**
 * What the mock of Language says about a text. The shapes are those of azure-rest-api-specs, Language 2022-05-01; what is
 * said comes from word lists and capital letters, so that the same text always gets the same answer. Offsets count UTF-16 units.
 */

/** Results of one document, without what every feature has. */
export type Analysis = (text: string, options: AnalysisOptions) => object

export interface AnalysisOptions {
  readonly isOpinionMining: boolean
  /** Of personal information those that are asked for; empty: all. */
  readonly piiCategories: readonly string[]
  /** Of the text: an ISO 639-1 code. */
  readonly language: string
}

type Label = 'positive' | 'neutral' | 'negative'

interface Scores {
  readonly positive: number
  readonly neutral: number
  readonly negative: number
}

/** A part of a text. */
export interface Span {
  readonly text: string
  readonly offset: number
}

const POSITIVE = new Set(
  'amazing awesome beautiful best clean comfortable delicious excellent fantastic friendly glad good great happy helpful love loved nice perfect pleasant recommend thank thanks wonderful'.split(
    ' ',
  ),
)
const NEGATIVE = new Set(
  'angry awful bad broken complaint dirty disappointed expensive fail failed hate horrible late noisy poor problem rude sad slow terrible unhappy unfortunately worse worst wrong'.split(
    ' ',
  ),
)
/** Words that are no part of a key phrase, and that no name begins with. */
const STOP_WORDS = new Set(
  'a about after all also am an and any are as at be been but by can could did do does for from had has have he her his how i if in is it its me might my need no not of on one or our she should so some that the their them there they this to too up us very was we were what when where which who will with would you your'.split(
    ' ',
  ),
)

const SCORES_OF: Readonly<Record<Label, Scores>> = {
  positive: { positive: 0.95, neutral: 0.04, negative: 0.01 },
  neutral: { positive: 0.05, neutral: 0.9, negative: 0.05 },
  negative: { positive: 0.01, neutral: 0.04, negative: 0.95 },
}

const SENTENCE = /[^\s.!?][^.!?]*[.!?]*/gu
const WORD = /[\p{L}\p{N}'’]+/gu
/** Words in a row, and nothing but spaces between them. */
const WORDS_IN_A_ROW = /[\p{L}\p{N}'’-]+(?: +[\p{L}\p{N}'’-]+)*/gu
const NAME_OR_NUMBER = /\p{Lu}[\p{L}\p{N}'’-]*(?: +\p{Lu}[\p{L}\p{N}'’-]*)*|\b\d+(?:[.,]\d+)*\b/gu

export function analyzeSentiment(text: string, { isOpinionMining }: AnalysisOptions): object {
  const spans = spansOf(text, SENTENCE)
  const sentences = spans.map(({ text: sentence, offset }) => {
    const sentiment = labelOf(sentence)
    const opinions = isOpinionMining ? { targets: [], assessments: [] } : {}
    const confidenceScores = SCORES_OF[sentiment]
    return { sentiment, confidenceScores, offset, length: sentence.length, text: sentence, ...opinions }
  })
  const labels = sentences.map(({ sentiment }) => sentiment)
  return { sentiment: labelOfAll(labels), confidenceScores: meanScores(labels), sentences }
}

export function extractKeyPhrases(text: string): object {
  const phrases = spansOf(text, WORDS_IN_A_ROW).flatMap(({ text: row }) => splitAtStopWords(row))
  return { keyPhrases: [...new Set(phrases)] }
}

export function recognizeEntities(text: string): object {
  const entities = namesIn(text).map(({ text: name, offset }) => {
    const place = { offset, length: name.length, confidenceScore: 0.9 }
    if (/^\d/.test(name)) return { text: name, category: 'Quantity', subcategory: 'Number', ...place }
    return { text: name, category: name.includes(' ') ? 'Person' : 'Organization', ...place }
  })
  return { entities }
}

/** Words with a capital at the beginning, several in a row together, and numbers. */
export function namesIn(text: string): Span[] {
  return spansOf(text, NAME_OR_NUMBER).filter(({ text: name }) => !STOP_WORDS.has(name.toLowerCase()))
}

interface KnownLanguage {
  readonly iso6391Name: string
  readonly name: string
  /** Only this language is written so. */
  readonly script?: RegExp
  /** Words that are common in it. */
  readonly words?: ReadonlySet<string>
}

const KNOWN_LANGUAGES: readonly KnownLanguage[] = [
  { iso6391Name: 'ja', name: 'Japanese', script: /[\p{Script=Hiragana}\p{Script=Katakana}]/u },
  { iso6391Name: 'ko', name: 'Korean', script: /\p{Script=Hangul}/u },
  { iso6391Name: 'zh_chs', name: 'Chinese_Simplified', script: /\p{Script=Han}/u },
  { iso6391Name: 'ru', name: 'Russian', script: /\p{Script=Cyrillic}/u },
  { iso6391Name: 'ar', name: 'Arabic', script: /\p{Script=Arabic}/u },
  { iso6391Name: 'hi', name: 'Hindi', script: /\p{Script=Devanagari}/u },
  speaking('en', 'English', 'the and is of to in you it was for with hello world not this'),
  speaking('fr', 'French', 'le la les et est un une des bonjour tout monde je vous pas dans'),
  speaking('es', 'Spanish', 'el los las es un una y hola mundo que en por muy con no'),
  speaking('de', 'German', 'der die das und ist ein eine nicht ich sie mit zu hallo welt sehr'),
  speaking('it', 'Italian', 'il lo gli e è un una ciao mondo che di per molto non sono'),
  speaking('pt', 'Portuguese', 'o os as é um uma olá mundo que em por muito com não e'),
  speaking('nl', 'Dutch', 'de het een en is niet ik jij met van hallo wereld zeer op te'),
]

export function detectLanguage(text: string): object {
  const written = KNOWN_LANGUAGES.find(({ script }) => script?.test(text) === true)
  if (written !== undefined) return detected(written, 1)
  const words = wordsOf(text)
  if (words.length === 0) return detected({ iso6391Name: '(Unknown)', name: '(Unknown)' }, 0)
  let best = KNOWN_LANGUAGES.find(({ iso6391Name }) => iso6391Name === 'en')!
  let bestCount = 0
  for (const language of KNOWN_LANGUAGES) {
    const count = words.filter((word) => language.words?.has(word) === true).length
    if (count <= bestCount) continue
    best = language
    bestCount = count
  }
  return detected(best, bestCount === 0 ? 0.5 : 1)
}

function speaking(iso6391Name: string, name: string, words: string): KnownLanguage {
  return { iso6391Name, name, words: new Set(words.split(' ')) }
}

function detected({ iso6391Name, name }: KnownLanguage, confidenceScore: number): object {
  return { detectedLanguage: { name, iso6391Name, confidenceScore } }
}

export function spansOf(text: string, pattern: RegExp): Span[] {
  return [...text.matchAll(pattern)].map((match) => ({ text: match[0].trimEnd(), offset: match.index }))
}

function wordsOf(text: string): string[] {
  return (text.match(WORD) ?? []).map((word) => word.toLowerCase())
}

function labelOf(sentence: string): Label {
  const words = wordsOf(sentence)
  const balance =
    words.filter((word) => POSITIVE.has(word)).length - words.filter((word) => NEGATIVE.has(word)).length
  if (balance === 0) return 'neutral'
  return balance > 0 ? 'positive' : 'negative'
}

/** A document with good and with bad in it is mixed; neutral sentences do not count against either. */
function labelOfAll(labels: readonly Label[]): Label | 'mixed' {
  const isPositive = labels.includes('positive')
  const isNegative = labels.includes('negative')
  if (isPositive && isNegative) return 'mixed'
  if (isPositive) return 'positive'
  return isNegative ? 'negative' : 'neutral'
}

/** In hundredths that add up to 1. */
function meanScores(labels: readonly Label[]): Scores {
  const mean = (label: Label): number => {
    const sum = labels.reduce((total, one) => total + SCORES_OF[one][label], 0)
    return Math.round((100 * sum) / Math.max(1, labels.length))
  }
  const [positive, negative] = [mean('positive'), mean('negative')]
  return { positive: positive / 100, neutral: (100 - positive - negative) / 100, negative: negative / 100 }
}

function splitAtStopWords(row: string): string[] {
  const phrases: string[][] = [[]]
  for (const word of row.split(/ +/)) {
    if (STOP_WORDS.has(word.toLowerCase())) phrases.push([])
    else phrases.at(-1)!.push(word)
  }
  return phrases.filter((phrase) => phrase.length > 0).map((phrase) => phrase.join(' '))
}

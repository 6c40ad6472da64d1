/**
 * Personal information, and entities with their articles, as Language finds them. Shapes: azure-rest-api-specs, TextAnalytics v3.1
 * and Language 2022-05-01; what is found comes from patterns and capital letters.
 */
import { Rng } from '../../src/core/rng.ts'
import { drawGuid } from '../guid.ts'
import { type AnalysisOptions, namesIn, type Span, spansOf } from './language-analysis.ts'

/** What gives each category away, the surest first: what one has found is no longer there for the next. */
const PATTERNS: readonly (readonly [category: string, pattern: RegExp])[] = [
  ['Email', /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gu],
  ['URL', /\bhttps?:\/\/[^\s]+/gu],
  ['IPAddress', /\b(?:\d{1,3}\.){3}\d{1,3}\b/gu],
  ['CreditCardNumber', /\b\d{4}(?:[ -]?\d{4}){3}\b/gu],
  ['USSocialSecurityNumber', /\b\d{3}-\d{2}-\d{4}\b/gu],
  ['PhoneNumber', /(?<![\w-])\+?\d{2,4}(?:[ -]\d{2,4}){1,4}\b/gu],
]
const PERSON = 'Person'

/** Those that a client may ask for; the service knows many more. */
export const PII_CATEGORIES: readonly string[] = [PERSON, ...PATTERNS.map(([category]) => category)]

interface Found extends Span {
  readonly category: string
}

export function recognizePersonalInformation(text: string, { piiCategories }: AnalysisOptions): object {
  const isWanted = ({ category }: Found): boolean =>
    piiCategories.length === 0 || piiCategories.includes(category)
  const found = findPersonalInformation(text).filter(isWanted)
  const entities = found.map(({ text: part, offset, category }) => ({
    text: part,
    category,
    offset,
    length: part.length,
    confidenceScore: 0.8,
  }))
  return { redactedText: redact(text, found), entities }
}

/** One entity for each name, with all the places where it stands. */
export function linkEntities(text: string, { language }: AnalysisOptions): object {
  const places = new Map<string, Span[]>()
  for (const span of namesIn(text).filter(({ text: name }) => !/^\d/.test(name))) {
    places.set(span.text, [...(places.get(span.text) ?? []), span])
  }
  return { entities: [...places].map(([name, spans]) => describeLink(name, spans, language)) }
}

function describeLink(name: string, spans: readonly Span[], languageTag: string): object {
  const [language = ''] = languageTag.split('-', 1)
  return {
    bingId: drawGuid(new Rng(name)),
    name,
    matches: spans.map(({ text, offset }) => ({ text, offset, length: text.length, confidenceScore: 0.5 })),
    language,
    id: name,
    url: `https://${language}.wikipedia.org/wiki/${encodeURIComponent(name.replaceAll(' ', '_'))}`,
    dataSource: 'Wikipedia',
  }
}

/** In the order in which they stand; names of two words and more are persons. */
function findPersonalInformation(text: string): Found[] {
  const found: Found[] = []
  let rest = text
  for (const [category, pattern] of PATTERNS) {
    const spans = spansOf(rest, pattern).map((span) => ({ ...span, category }))
    found.push(...spans)
    rest = redact(rest, spans)
  }
  const persons = namesIn(rest).filter(({ text: name }) => name.includes(' '))
  found.push(...persons.map((span) => ({ ...span, category: PERSON })))
  return found.sort((one, other) => one.offset - other.offset)
}

/** With asterisks in place of the parts, as many as they have characters. */
function redact(text: string, parts: readonly Span[]): string {
  return parts.reduce(
    (redacted, { offset, text: part }) =>
      redacted.slice(0, offset) + '*'.repeat(part.length) + redacted.slice(offset + part.length),
    text,
  )
}

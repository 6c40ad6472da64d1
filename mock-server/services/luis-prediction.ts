/** Predictions of a small app that knows a few words for each of its intents. The same query always gives the same. */
import { Rng } from '../../src/core/rng.ts'
import type { PredictRequest } from './luis-requests.ts'

/** The first that has a word of the query is the top intent; `None` where none has. */
const INTENTS: readonly [intent: string, words: RegExp][] = [
  ['BookFlight', /\b(?:book|flight|fly|ticket|tickets)\b/i],
  ['GetWeather', /\b(?:weather|rain|sunny|forecast|temperature)\b/i],
  ['CheckBalance', /\b(?:balance|account|money|bank)\b/i],
  ['Help', /\b(?:help|support|agent|human)\b/i],
  ['Greeting', /\b(?:hi|hello|hey|morning|evening)\b/i],
  ['None', /^/],
]

const NUMBER = /\d+(?:\.\d+)?/g

/** The body of the reply. */
export function predict({ query, isVerbose, showsAllIntents }: PredictRequest): object {
  const rng = new Rng(query)
  const [topIntent] = INTENTS.find(([, words]) => words.test(query))!
  const scores = INTENTS.map(([intent]) => [intent, { score: scoreOf(intent === topIntent, rng) }] as const)
  const intents = showsAllIntents
    ? scores.toSorted(([, one], [, other]) => other.score - one.score)
    : scores.filter(([intent]) => intent === topIntent)
  return {
    query,
    prediction: { topIntent, intents: Object.fromEntries(intents), entities: entitiesIn(query, isVerbose) },
  }
}

function scoreOf(isTop: boolean, rng: Rng): number {
  const share = rng.int(10_000) / 100_000
  return Number((isTop ? 0.85 + share : share).toFixed(5))
}

function entitiesIn(query: string, isVerbose: boolean): object {
  const found = [...query.matchAll(NUMBER)]
  if (found.length === 0) return {}
  const instances = found.map(({ 0: text, index }) => ({
    type: 'builtin.number',
    text,
    startIndex: index,
    length: text.length,
    modelTypeId: 2,
    modelType: 'Prebuilt Entity Extractor',
    recognitionSources: ['model'],
  }))
  return {
    number: found.map(([text]) => Number(text)),
    ...(isVerbose && { $instance: { number: instances } }),
  }
}

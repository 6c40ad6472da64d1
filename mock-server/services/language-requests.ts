/** Routes and bodies of Text Analytics v3 and of Language's `:analyze-text` (azure-rest-api-specs, TextAnalytics and Language). */
import {
  type Analysis,
  analyzeSentiment,
  detectLanguage,
  extractKeyPhrases,
  recognizeEntities,
} from './language-analysis.ts'
import { PII_CATEGORIES, linkEntities, recognizePersonalInformation } from './language-entities.ts'
import {
  badParameter,
  badRequest,
  type DocumentLimits,
  type LanguageDocument,
  type LanguageFault,
  parseDocuments,
} from './language-documents.ts'
import { isAbsent, isObject, parseJson } from './json-body.ts'
import { parameter } from './query.ts'

/** One thing that can be asked about a text. */
export interface Feature extends DocumentLimits {
  /** What the oracle counts it under. */
  readonly operation: string
  /** As messages call it. */
  readonly name: string
  /** As a body for `:analyze-text` calls it. */
  readonly kind: string
  /** What `latest` means; assumed. */
  readonly modelVersion: string
  readonly analyze: Analysis
}

/** What a path asks for. */
export interface LanguageRoute {
  /** With version, as messages name it. */
  readonly apiName: string
  /** Absent: the body says it. */
  readonly feature?: Feature
}

/** One valid request. */
export interface LanguageRequest {
  readonly feature: Feature
  readonly documents: readonly LanguageDocument[]
  readonly modelVersion: string
  readonly showsStatistics: boolean
  readonly isOpinionMining: boolean
  /** Empty: all. */
  readonly piiCategories: readonly string[]
}

/** Most documents of a request: azure-docs language-service/concepts/data-limits.md. */
const SENTIMENT: Feature = {
  operation: 'sentiment',
  name: 'Sentiment',
  kind: 'SentimentAnalysis',
  maxDocumentCount: 10,
  languages: 'de,en,es,fr,hi,it,ja,ko,nl,no,pt-BR,pt-PT,tr,zh-Hans,zh-Hant'.split(','),
  modelVersion: '2022-11-01',
  analyze: analyzeSentiment,
}
const KEY_PHRASES: Feature = {
  operation: 'key-phrases',
  name: 'KeyPhrases',
  kind: 'KeyPhraseExtraction',
  maxDocumentCount: 10,
  languages: 'da,de,en,es,fi,fr,it,ja,ko,nb,nl,no,pl,pt-BR,pt-PT,ru,sv'.split(','),
  modelVersion: '2022-10-01',
  analyze: extractKeyPhrases,
}
const ENTITIES: Feature = {
  operation: 'entities',
  name: 'EntitiesRecognitionGeneral',
  kind: 'EntityRecognition',
  maxDocumentCount: 5,
  languages: 'en,es,de,fr,zh-Hans,ar,cs,da,fi,hu,it,ja,ko,no,nl,pl,pt-BR,pt-PT,ru,sv,tr'.split(','),
  modelVersion: '2023-09-01',
  analyze: recognizeEntities,
}
const PERSONAL_INFORMATION: Feature = {
  operation: 'entities-pii',
  name: 'EntitiesRecognitionPii',
  kind: 'PiiEntityRecognition',
  maxDocumentCount: 5,
  languages: 'en,es,de,fr,zh-Hans,it,ja,ko,pt-BR,pt-PT'.split(','),
  modelVersion: '2023-09-01',
  analyze: recognizePersonalInformation,
}
const LINKING: Feature = {
  operation: 'entities-linking',
  name: 'EntitiesLinking',
  kind: 'EntityLinking',
  maxDocumentCount: 5,
  languages: ['en', 'es'],
  modelVersion: '2021-06-01',
  analyze: linkEntities,
}
const LANGUAGES: Feature = {
  operation: 'languages',
  name: 'Languages',
  kind: 'LanguageDetection',
  maxDocumentCount: 1_000,
  modelVersion: '2022-10-01',
  analyze: detectLanguage,
}

const FEATURES: readonly Feature[] = [
  SENTIMENT,
  KEY_PHRASES,
  ENTITIES,
  PERSONAL_INFORMATION,
  LINKING,
  LANGUAGES,
]

/** By the end of the path of version 3, in lower case. */
const FEATURE_OF_PATH: ReadonlyMap<string, Feature> = new Map([
  ['sentiment', SENTIMENT],
  ['keyphrases', KEY_PHRASES],
  ['entities/recognition/general', ENTITIES],
  ['entities/recognition/pii', PERSONAL_INFORMATION],
  ['entities/linking', LINKING],
  ['languages', LANGUAGES],
])

/** Clients that are given an endpoint with a slash at its end send two at the start, and the service takes them. */
const V3_PATH = /^\/{1,2}text\/analytics\/(v3\.[01])\/(.+)$/i
const ANALYZE_TEXT_PATH = /^\/{1,2}language\/(?::|%3a)analyze-text$/i
/** Versions come and go: any date is taken. */
const MODEL_VERSION = /^(?:latest|\d{4}-\d{2}-\d{2}(?:-preview)?)$/
const API_VERSIONS = ['2022-05-01', '2023-04-01']

/** @param path without the query. */
export function matchLanguageRoute(path: string): LanguageRoute | undefined {
  if (ANALYZE_TEXT_PATH.test(path)) return { apiName: `Language API (${API_VERSIONS.at(-1)!})` }
  const [, version = '', rest = ''] = V3_PATH.exec(path) ?? []
  const feature = FEATURE_OF_PATH.get(rest.toLowerCase())
  return feature && { apiName: `Text Analytics API (${version.toLowerCase()})`, feature }
}

/** Reads the body and the query. @returns the request, or what is wrong with it. */
export function parseLanguageRequest(
  route: LanguageRoute,
  body: Uint8Array,
  query: URLSearchParams,
): LanguageRequest | LanguageFault {
  const json = parseJson(body)
  if (!isObject(json)) return badRequest('The request body must be a JSON object.')
  const showsStatistics = parameter(query, 'showstats')?.toLowerCase() === 'true'
  if (route.feature === undefined) return parseAnalyzeText(json, query, showsStatistics)
  return toRequest(route.feature, {
    documents: json['documents'],
    modelVersion: parameter(query, 'model-version'),
    showsStatistics,
    isOpinionMining: parameter(query, 'opinionmining')?.toLowerCase() === 'true',
    domain: parameter(query, 'domain'),
    piiCategories: parameter(query, 'piicategories')?.split(','),
  })
}

interface Wanted extends Pick<LanguageRequest, 'showsStatistics' | 'isOpinionMining'> {
  readonly documents: unknown
  readonly modelVersion: unknown
  readonly domain: unknown
  readonly piiCategories: unknown
}

function parseAnalyzeText(
  json: Readonly<Record<string, unknown>>,
  query: URLSearchParams,
  showsStatistics: boolean,
): LanguageRequest | LanguageFault {
  const version = parameter(query, 'api-version')
  if (version === undefined || !API_VERSIONS.includes(version)) {
    return badParameter(`api-version must be one of ${API_VERSIONS.join(', ')}.`)
  }
  const {
    kind,
    analysisInput,
    parameters = {},
  } = json as { kind?: unknown; analysisInput?: unknown; parameters?: unknown }
  const feature = FEATURES.find((one) => one.kind === kind)
  if (feature === undefined)
    return badParameter(`kind must be one of ${FEATURES.map((one) => one.kind).join(', ')}.`)
  if (!isObject(analysisInput)) return badRequest('analysisInput must be an object.')
  if (!isObject(parameters)) return badRequest('parameters must be an object.')
  return toRequest(feature, {
    documents: analysisInput['documents'],
    modelVersion: parameters['modelVersion'],
    showsStatistics,
    isOpinionMining: parameters['opinionMining'] === true,
    domain: parameters['domain'],
    piiCategories: parameters['piiCategories'],
  })
}

function toRequest(feature: Feature, wanted: Wanted): LanguageRequest | LanguageFault {
  const { showsStatistics, isOpinionMining } = wanted
  const modelVersion = wanted.modelVersion ?? 'latest'
  if (typeof modelVersion !== 'string' || !MODEL_VERSION.test(modelVersion)) {
    const message = `Invalid model version. Possible values are: latest,${feature.modelVersion}`
    return badParameter(message, 'ModelVersionIncorrect')
  }
  const piiCategories = parsePiiCategories(wanted)
  if ('code' in piiCategories) return piiCategories
  const documents = parseDocuments(wanted.documents, feature)
  if ('code' in documents) return documents
  const used = modelVersion === 'latest' ? feature.modelVersion : modelVersion
  return { feature, documents, modelVersion: used, showsStatistics, isOpinionMining, piiCategories }
}

/** The domain `phi`, health information, is taken and makes no difference here. */
function parsePiiCategories({ domain, piiCategories }: Wanted): readonly string[] | LanguageFault {
  const isDomain = isAbsent(domain) || (typeof domain === 'string' && /^(?:none|phi)$/i.test(domain))
  if (!isDomain) return badParameter('domain must be phi or none.')
  if (isAbsent(piiCategories)) return []
  const isKnown =
    Array.isArray(piiCategories) && piiCategories.every((one) => PII_CATEGORIES.includes(one as string))
  if (isKnown) return piiCategories as string[]
  return badParameter(`piiCategories must be of ${PII_CATEGORIES.join(', ')}.`)
}

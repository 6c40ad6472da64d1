/**
 * Documents as Text Analytics and Language take them. Limits: azure-docs language-service/concepts/data-limits.md; codes and
 * messages as recorded by the tests of azure-sdk-for-js, ai-text-analytics.
 */
import { isAbsent, isObject, isText } from './json-body.ts'

/** Longest document, in text elements (graphemes). */
const MAX_DOCUMENT_ELEMENTS = 5_120
/** What is billed as one text record, in text elements. */
const RECORD_ELEMENTS = 1_000

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' })

export interface LanguageDocument {
  readonly id: string
  readonly text: string
  /** Length of the text in text elements; counting ends one above what is taken. */
  readonly elementCount: number
  /** Of its text: an ISO 639-1 code. */
  readonly language: string
  /** ISO 3166-1, for language detection; `''`: none. */
  readonly countryHint: string
}

/** An error of the whole request or of one document, with the one inside it that says more. */
export interface LanguageFault {
  readonly code: string
  readonly message: string
  readonly innererror: { readonly code: string; readonly message: string }
}

/** What a feature takes. */
export interface DocumentLimits {
  readonly maxDocumentCount: number
  /** Codes of languages; absent: any. */
  readonly languages?: readonly string[]
}

/** Reads the documents of a request. @returns them, or what is wrong with all of them together. */
export function parseDocuments(
  documents: unknown,
  { maxDocumentCount }: DocumentLimits,
): LanguageDocument[] | LanguageFault {
  if (!isAbsent(documents) && !Array.isArray(documents)) return badRequest('documents must be an array.')
  if (isAbsent(documents) || documents.length === 0) {
    return {
      ...INVALID_REQUEST,
      innererror: { code: 'MissingInputRecords', message: 'Missing input records.' },
    }
  }
  if (documents.length > maxDocumentCount) {
    const message = `Batch request contains too many records. Max ${maxDocumentCount} records are permitted.`
    return invalidDocument('InvalidRequest', message, 'InvalidDocumentBatch')
  }
  const read: LanguageDocument[] = []
  for (const [index, one] of documents.entries()) {
    const document = parseDocument(one, index)
    if ('code' in document) return document
    read.push(document)
  }
  if (new Set(read.map(({ id }) => id)).size === read.length) return read
  return invalidDocument(
    'InvalidRequest',
    'Request contains duplicated Ids. Make sure each document has a unique Id.',
  )
}

/** What is wrong with one document; the others are worked on all the same. */
export function faultInDocument(
  document: LanguageDocument,
  limits: DocumentLimits,
): LanguageFault | undefined {
  const { text, elementCount, language, countryHint } = document
  if (text.trim() === '') return invalidDocument('InvalidArgument', 'Document text is empty.')
  if (elementCount > MAX_DOCUMENT_ELEMENTS) {
    const message =
      `A document within the request was too large to be processed. Limit document size to: ${MAX_DOCUMENT_ELEMENTS} ` +
      'text elements. For additional details on the data limitations see https://aka.ms/text-analytics-data-limits'
    return invalidDocument('InvalidArgument', message)
  }
  if (limits.languages !== undefined) return faultInLanguage(language, limits.languages)
  return isCountryHint(countryHint) ? undefined : BAD_COUNTRY_HINT
}

/** How many text records a document is billed as. */
export function countRecords({ elementCount }: LanguageDocument): number {
  return Math.max(1, Math.ceil(elementCount / RECORD_ELEMENTS))
}

/** ASCII has one element for each unit. */
function countElements(text: string): number {
  if (/^\p{ASCII}*$/u.test(text)) return text.length
  const graphemes = GRAPHEMES.segment(text)[Symbol.iterator]()
  let count = 0
  while (count <= MAX_DOCUMENT_ELEMENTS && graphemes.next().done !== true) count++
  return count
}

/** For what no code of its own is published: a request that cannot be read. */
export function badRequest(message: string): LanguageFault {
  return { ...INVALID_REQUEST, innererror: { code: 'InvalidRequestBodyFormat', message } }
}

/** For a parameter of the query or of the body. */
export function badParameter(message: string, code = 'InvalidParameterValue'): LanguageFault {
  return { ...INVALID_REQUEST, innererror: { code, message } }
}

const INVALID_REQUEST = { code: 'InvalidRequest', message: 'Invalid Request.' } as const

const BAD_COUNTRY_HINT: LanguageFault = {
  code: 'InvalidArgument',
  message: 'Invalid Country Hint.',
  innererror: {
    code: 'InvalidCountryHint',
    message: 'Country hint is not valid. Please specify an ISO 3166-1 alpha-2 two letter country code.',
  },
}

function parseDocument(json: unknown, index: number): LanguageDocument | LanguageFault {
  if (!isObject(json)) return badRequest(`documents[${index}] must be an object.`)
  const { id, text, language, countryHint } = json as { [Key in keyof LanguageDocument]?: unknown }
  if (!isText(id))
    return invalidDocument('InvalidRequest', `documents[${index}].id must be a string that is not empty.`)
  if (typeof (text ?? '') !== 'string') return badRequest(`documents[${index}].text must be a string.`)
  if (typeof (language ?? '') !== 'string')
    return badRequest(`documents[${index}].language must be a string.`)
  if (typeof (countryHint ?? '') !== 'string')
    return badRequest(`documents[${index}].countryHint must be a string.`)
  const content = (text as string | null | undefined) ?? ''
  return {
    id,
    text: content,
    elementCount: countElements(content),
    language: isText(language) ? language : 'en',
    countryHint: (countryHint as string | null | undefined) ?? '',
  }
}

/** A code with a region is taken where the language alone is. */
function faultInLanguage(language: string, languages: readonly string[]): LanguageFault | undefined {
  const asked = language.toLowerCase()
  const isKnown = languages.some((one) => {
    const known = one.toLowerCase()
    return known === asked || known.split('-')[0] === asked || asked.startsWith(`${known}-`)
  })
  if (isKnown) return undefined
  const message =
    `Invalid language code. Supported languages: ${languages.join(',')}. ` +
    'For additional details see https://aka.ms/text-analytics/language-support'
  return {
    code: 'InvalidArgument',
    message: 'Invalid Language Code.',
    innererror: { code: 'UnsupportedLanguageCode', message },
  }
}

/** `none` stands for no hint, as `''` does. */
function isCountryHint(hint: string): boolean {
  return hint === '' || hint.toLowerCase() === 'none' || /^[a-z]{2}$/i.test(hint)
}

function invalidDocument(code: string, message: string, innerCode = 'InvalidDocument'): LanguageFault {
  return { code, message: 'Invalid document in request.', innererror: { code: innerCode, message } }
}

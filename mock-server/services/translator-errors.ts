import type { Reply } from './service.ts'

/** Codes are the status and three digits: azure-docs Translator/reference/v3-0-reference.md; 404000 is assumed. */
const MESSAGES = {
  400000: 'One of the request inputs is not valid.',
  400001: 'The scope parameter is invalid.',
  400003: 'A language specifier is missing or invalid.',
  400004: 'A target script specifier is missing or invalid.',
  400005: 'An input text is missing or invalid.',
  400006: 'The combination of language and script is not valid.',
  400018: 'A source script specifier is missing or invalid.',
  400019: 'One of the specified languages is not supported.',
  400021: 'The API version parameter is missing or invalid.',
  400023: 'One of the specified language pair is not valid.',
  400035: 'The source language is not valid.',
  400036: 'The target language is missing or invalid.',
  400050: 'The input text is too long.',
  400064: 'The translation parameter is missing or invalid.',
  400072: 'The array of input text has too many elements.',
  400074: 'The body of the request is not valid JSON.',
  400077: 'The maximum request size has been exceeded.',
  400080: 'Transliteration is not supported for the language or script.',
  401000: 'The request is not authorized because credentials are missing or invalid.',
  401015:
    'The credentials provided are for the Speech API; this request requires credentials for the Text API.',
  403000: 'The operation is not allowed.',
  403001: 'The operation is not allowed because the subscription has exceeded its free quota.',
  404000: 'The requested resource was not found.',
  405000: 'The request method is not supported for the requested resource.',
  408001: 'The translation system requested is being prepared. Please retry in a few minutes.',
  408002:
    'Request timed out waiting on incoming stream. The client may repeat the request without modifications at any later time.',
  415000: 'The Content-Type header is missing or invalid.',
  429000: 'The server rejected the request because the client has exceeded request limits.',
  429001: 'The server rejected the request because the client has exceeded request limits.',
  429002: 'The server rejected the request because the client has exceeded request limits.',
  500000: 'An unexpected error occurred.',
  503000: 'Service is temporarily unavailable. Please retry.',
} as const

export type TranslatorErrorCode = keyof typeof MESSAGES

/** @param status when it is not the one that the code begins with. */
export function translatorError(
  code: TranslatorErrorCode,
  requestId: string,
  status: number = Math.floor(code / 1_000),
): Reply {
  return {
    status,
    headers: [
      ['X-RequestId', requestId],
      ['Content-Type', 'application/json; charset=utf-8'],
    ],
    body: JSON.stringify({ error: { code, message: MESSAGES[code] } }),
  }
}

/** What `GET /languages` of Translator v3 lists: azure-docs Translator/reference/v3-0-languages.md and language-support.md. */

/** Languages of the scope translation. */
const TRANSLATION = (
  'af am ar as az ba bg bn bo bs ca cs cy da de dsb dv el en es et eu fa fi fil fj fo fr fr-CA ga gl gu ha he hi hr ' +
  'hsb ht hu hy id ig ikt is it iu iu-Latn ja ka kk km kmr kn ko ku ky ln lo lt lug lv lzh mai mg mi mk ml mn-Cyrl ' +
  'mn-Mong mr ms mt mww my nb ne nl nso nya or otq pa pl prs ps pt pt-PT ro ru run rw sd si sk sl sm sn so sq ' +
  'sr-Cyrl sr-Latn st sv sw ta te th ti tk tlh-Latn tlh-Piqd tn to tr tt ty ug uk ur uz vi xh yo yua yue zh-Hans ' +
  'zh-Hant zu'
).split(' ')

/** Those of the scope dictionary; one side of a pair is always English. */
const DICTIONARY = (
  'af ar bg bn bs ca cs cy da de el es et fa fi fr he hi hr ht hu id is it ja ko lt lv ms mt mww nb nl pl pt ro ru sk sl ' +
  'sr-Latn sv sw ta th tlh-Latn tr uk ur vi zh-Hans'
).split(' ')

/** The scripts of each language of the scope transliteration, each with those that it can be written in instead. */
const TRANSLITERATION: readonly (readonly [language: string, pairs: string])[] = [
  ['ar', 'Arab>Latn Latn>Arab'],
  ['as', 'Beng>Latn Latn>Beng'],
  ['be', 'Cyrl>Latn Latn>Cyrl'],
  ['bg', 'Cyrl>Latn Latn>Cyrl'],
  ['bn', 'Beng>Latn Latn>Beng'],
  ['el', 'Grek>Latn Latn>Grek'],
  ['fa', 'Arab>Latn Latn>Arab'],
  ['gu', 'Gujr>Latn Latn>Gujr'],
  ['he', 'Hebr>Latn Latn>Hebr'],
  ['hi', 'Deva>Latn Latn>Deva'],
  ['ja', 'Jpan>Latn Latn>Jpan'],
  ['kk', 'Cyrl>Latn Latn>Cyrl'],
  ['kn', 'Knda>Latn Latn>Knda'],
  ['ko', 'Kore>Latn Latn>Kore'],
  ['ky', 'Cyrl>Latn Latn>Cyrl'],
  ['mk', 'Cyrl>Latn Latn>Cyrl'],
  ['ml', 'Mlym>Latn Latn>Mlym'],
  ['mn-Cyrl', 'Cyrl>Latn Latn>Cyrl'],
  ['mr', 'Deva>Latn Latn>Deva'],
  ['ne', 'Deva>Latn Latn>Deva'],
  ['or', 'Orya>Latn Latn>Orya'],
  ['pa', 'Guru>Latn Latn>Guru'],
  ['ru', 'Cyrl>Latn Latn>Cyrl'],
  ['sa', 'Deva>Latn Latn>Deva'],
  ['sd', 'Arab>Latn Latn>Arab'],
  ['si', 'Sinh>Latn Latn>Sinh'],
  ['sr-Cyrl', 'Cyrl>Latn'],
  ['sr-Latn', 'Latn>Cyrl'],
  ['ta', 'Taml>Latn Latn>Taml'],
  ['te', 'Telu>Latn Latn>Telu'],
  ['tg', 'Cyrl>Latn Latn>Cyrl'],
  ['th', 'Thai>Latn'],
  ['tt', 'Cyrl>Latn Latn>Cyrl'],
  ['uk', 'Cyrl>Latn Latn>Cyrl'],
  ['ur', 'Arab>Latn Latn>Arab'],
  ['zh-Hans', 'Hans>Latn Hans>Hant'],
  ['zh-Hant', 'Hant>Latn Hant>Hans'],
]

const TRANSLATABLE = new Set(TRANSLATION.map(lowerCase))
const IN_DICTIONARY = new Set(DICTIONARY.map(lowerCase))
const SCRIPT_PAIRS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  TRANSLITERATION.map(([language, pairs]) => [lowerCase(language), new Set(pairs.toLowerCase().split(' '))]),
)

const RIGHT_TO_LEFT: ReadonlySet<string> = new Set(['Arab', 'Hebr', 'Thaa'])

/** The groups that a client may ask for. */
const SCOPES = ['translation', 'transliteration', 'dictionary'] as const
type Scope = (typeof SCOPES)[number]

export function isTranslatable(language: string): boolean {
  return TRANSLATABLE.has(lowerCase(language))
}

export function isTransliterable(language: string): boolean {
  return SCRIPT_PAIRS.has(lowerCase(language))
}

/** Whether text in that language and script can be written in the other script. */
export function canTransliterate(language: string, fromScript: string, toScript: string): boolean {
  return SCRIPT_PAIRS.get(lowerCase(language))?.has(lowerCase(`${fromScript}>${toScript}`)) === true
}

/** The script that the language is usually written in; `undefined`: it cannot be written in another here. */
export function usualScriptOf(language: string): string | undefined {
  const [, pairs = ''] = TRANSLITERATION.find(([code]) => lowerCase(code) === lowerCase(language)) ?? []
  return pairs === '' ? undefined : pairs.split('>', 1)[0]
}

/** Whether there is a dictionary from one to the other. */
export function isDictionaryPair(from: string, to: string): boolean {
  const [source, target] = [lowerCase(from), lowerCase(to)]
  if (source === 'en') return IN_DICTIONARY.has(target)
  return target === 'en' && IN_DICTIONARY.has(source)
}

/** Reads the parameter `scope`, `translation,dictionary`; absent: all. @returns `undefined` for a group that there is not. */
export function parseScopes(text: string | null): readonly Scope[] | undefined {
  if (text === null || text === '') return SCOPES
  const wanted = text.split(',').map((word) => word.trim().toLowerCase())
  const scopes = SCOPES.filter((scope) => wanted.includes(scope))
  return wanted.every((word) => SCOPES.some((scope) => scope === word)) ? scopes : undefined
}

/** The body of the reply. Names are in English, and each language's name for itself as far as it is known here. */
export function listLanguages(scopes: readonly Scope[]): object {
  return Object.fromEntries(scopes.map((scope) => [scope, GROUPS[scope]()]))
}

const GROUPS: Readonly<Record<Scope, () => object>> = {
  translation: () => Object.fromEntries(TRANSLATION.map((code) => [code, languageOf(code)])),
  transliteration: () =>
    Object.fromEntries(
      TRANSLITERATION.map(([code, pairs]) => [
        code,
        { ...namesOf(code, 'language'), scripts: scriptsOf(pairs) },
      ]),
    ),
  dictionary: () =>
    Object.fromEntries([
      ['en', { ...languageOf('en'), translations: DICTIONARY.map(targetOf) }],
      ...DICTIONARY.map((code) => [code, { ...languageOf(code), translations: [targetOf('en')] }] as const),
    ]),
}

function languageOf(code: string): object {
  const { script = '' } = new Intl.Locale(code).maximize()
  return { ...namesOf(code, 'language'), dir: directionOf(script) }
}

function targetOf(code: string): object {
  return { ...languageOf(code), code }
}

function scriptsOf(pairs: string): object[] {
  const targets = new Map<string, string[]>()
  for (const pair of pairs.split(' ')) {
    const [from = '', to = ''] = pair.split('>')
    targets.set(from, [...(targets.get(from) ?? []), to])
  }
  return [...targets].map(([from, to]) => ({ ...scriptOf(from), toScripts: to.map(scriptOf) }))
}

function scriptOf(code: string): object {
  return { code, ...namesOf(code, 'script'), dir: directionOf(code) }
}

function directionOf(script: string): 'rtl' | 'ltr' {
  return RIGHT_TO_LEFT.has(script) ? 'rtl' : 'ltr'
}

/** A second locale, or what is unknown would be named in the language of the machine. */
function namesOf(code: string, type: 'language' | 'script'): { name: string; nativeName: string } {
  const name = new Intl.DisplayNames(['en'], { type }).of(code) ?? code
  const own = type === 'language' ? [code, 'en'] : ['en']
  return { name, nativeName: new Intl.DisplayNames(own, { type }).of(code) ?? name }
}

function lowerCase(text: string): string {
  return text.toLowerCase()
}

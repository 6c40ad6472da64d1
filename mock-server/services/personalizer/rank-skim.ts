import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  giveUp,
  type JsonSkimmer,
  OPEN_BRACE,
  OPEN_BRACKET,
} from '../json-skim.ts'
import { type EventOptions, MAX_ACTIONS, MAX_ID_CHARS, type RankRequest } from './rank-requests.ts'

type Draft = { -readonly [Key in keyof RankRequest]: RankRequest[Key] }

const MEMBERS = ['actions', 'contextFeatures', 'excludedActions', 'eventId', 'deferActivation'] as const
const ACTION_MEMBERS = ['id', 'features'] as const

/** Reads a Rank that is in order; gives up on any other. */
export function skimRank(skimmer: JsonSkimmer): RankRequest {
  const draft: Draft = {
    actionIds: [],
    excludedIds: [],
    isPlain: true,
    eventId: undefined,
    isDeferred: false,
  }
  if (skimmer.enters(OPEN_BRACE)) {
    do readMember(skimmer, draft)
    while (skimmer.goesOn(CLOSE_BRACE))
  }
  skimmer.end()
  const { actionIds, excludedIds } = draft
  // Also when there are none.
  if (actionIds.every((id) => excludedIds.includes(id))) giveUp()
  return draft
}

function readMember(skimmer: JsonSkimmer, draft: Draft): void {
  switch (MEMBERS[skimmer.key(MEMBERS)]) {
    case 'actions':
      draft.actionIds = readActions(skimmer)
      break
    case 'contextFeatures':
      skimmer.skipObjects()
      break
    case 'excludedActions':
      draft.excludedIds = readTexts(skimmer)
      break
    case 'eventId':
      draft.eventId = readEventId(skimmer)
      break
    case 'deferActivation':
      draft.isDeferred = skimmer.boolean()
      break
    case undefined:
      skimmer.skip()
  }
}

function readActions(skimmer: JsonSkimmer): string[] {
  const ids: string[] = []
  if (!skimmer.enters(OPEN_BRACKET)) return ids
  do ids.push(readAction(skimmer))
  while (skimmer.goesOn(CLOSE_BRACKET))
  return ids.length > MAX_ACTIONS ? giveUp() : ids
}

function readAction(skimmer: JsonSkimmer): string {
  let id = ''
  let hasFeatures = false
  if (!skimmer.enters(OPEN_BRACE)) giveUp()
  do {
    switch (ACTION_MEMBERS[skimmer.key(ACTION_MEMBERS)]) {
      case 'id':
        id = skimmer.string()
        break
      case 'features':
        skimmer.skipObjects()
        hasFeatures = true
        break
      case undefined:
        skimmer.skip()
    }
  } while (skimmer.goesOn(CLOSE_BRACE))
  return id === '' || id.length > MAX_ID_CHARS || !hasFeatures ? giveUp() : id
}

function readTexts(skimmer: JsonSkimmer): string[] {
  const texts: string[] = []
  if (!skimmer.enters(OPEN_BRACKET)) return texts
  do texts.push(skimmer.string())
  while (skimmer.goesOn(CLOSE_BRACKET))
  return texts
}

/** An empty one is as good as none. */
function readEventId(skimmer: JsonSkimmer): EventOptions['eventId'] {
  const id = skimmer.string()
  if (id.length > MAX_ID_CHARS) giveUp()
  return id === '' ? undefined : id
}

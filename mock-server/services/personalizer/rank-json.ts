import type { Ranking } from './choosing.ts'

/** Characters that stand for themselves in JSON; there are others. */
const PLAIN = /^[\w .:-]*$/

/**
 * The answer to a Rank. Written by hand, because Rank is what load tests send most, and `JSON.stringify` takes longer for
 * this than the rest of the answer does.
 */
export function rankJson({ ranking, rewardActionId }: Ranking, eventId: string): string {
  let actions = ''
  for (const { id, probability } of ranking) {
    actions += `${actions === '' ? '' : ','}{"id":${quoted(id)},"probability":${probability}}`
  }
  return `{"ranking":[${actions}],"eventId":${quoted(eventId)},"rewardActionId":${quoted(rewardActionId)}}`
}

function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text)
}

import type { Ranking } from './choosing.ts'

/**
 * The answer to a Rank. Written by hand, because Rank is what load tests send most, and `JSON.stringify` takes longer for
 * this than the rest of the answer does.
 *
 * @param isPlain every id stands for itself in JSON, so none has to be looked at.
 */
export function rankJson({ ranking, rewardActionId }: Ranking, eventId: string, isPlain: boolean): string {
  const quoted = isPlain ? inQuotes : JSON.stringify
  let actions = ''
  for (const { id, probability } of ranking) {
    actions += `${actions === '' ? '' : ','}{"id":${quoted(id)},"probability":${probability}}`
  }
  return `{"ranking":[${actions}],"eventId":${quoted(eventId)},"rewardActionId":${quoted(rewardActionId)}}`
}

function inQuotes(text: string): string {
  return `"${text}"`
}

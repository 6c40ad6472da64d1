import type { DecisionRecord } from '../../mock-server/oracle.ts'
import type { MockServer } from '../../mock-server/server.ts'
import { ask } from '../mock-server/mock-client.ts'

/**
 * For a spec: one request in 2 s. The next is told to come again in 2 s and is refused once more if it comes earlier, which it
 * would if the client waited as long as it does without being told, at most 1 s.
 */
export const ONE_IN_2_S = 'rates=1/2s'

/** What the mock decided on each request, in order. */
export async function verdictsOf(server: MockServer): Promise<DecisionRecord['verdict'][]> {
  const { body } = await ask(server, { path: '/__mock/decisions' })
  const { decisions } = JSON.parse(body) as { decisions: readonly DecisionRecord[] }
  return decisions.map(({ verdict }) => verdict)
}

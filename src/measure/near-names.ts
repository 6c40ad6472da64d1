/** Similarity from which a name is worth suggesting. */
const NEAR = 0.6
const MOST_SUGGESTIONS = 3

function bigrams(text: string): Set<string> {
  const pairs = new Set<string>()
  for (let i = 0; i + 1 < text.length; i++) pairs.add(text.slice(i, i + 2))
  return pairs
}

/** Dice's coefficient of the pairs of letters: unlike an edit distance it forgives a missing word. */
function similarity(a: string, b: string): number {
  const pairsOfA = bigrams(a)
  const pairsOfB = bigrams(b)
  const sharedCount = [...pairsOfA].filter((pair) => pairsOfB.has(pair)).length
  return (2 * sharedCount) / Math.max(pairsOfA.size + pairsOfB.size, 1)
}

/** The known names that look like `name`, the nearest first; none when nothing does. */
export function nearNames(name: string, known: readonly string[]): string[] {
  return known
    .map((candidate) => ({ candidate, score: similarity(name, candidate) }))
    .filter(({ score }) => score >= NEAR)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST_SUGGESTIONS)
    .map(({ candidate }) => candidate)
}

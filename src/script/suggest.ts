/** `did you mean "…"?` for the known word nearest to a misspelt one; `undefined` when none is near. */
export function suggest(word: string, known: readonly string[]): string | undefined {
  const limit = allowedSlips(word)
  const near = known
    .map((candidate) => ({ candidate, slips: countSlips(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ slips }) => slips <= limit)
    .sort((a, b) => a.slips - b.slips)
  return near[0] && `did you mean "${near[0].candidate}"?`
}

/** With more slips, a short word is another word. */
function allowedSlips(word: string): number {
  if (word.length < 2) return 0
  return word.length < 8 ? 1 : 2
}

/** Optimal string alignment distance: letters put in, left out, replaced, or neighbours swapped. */
function countSlips(from: string, to: string): number {
  let last: number[] = []
  let row = Array.from({ length: to.length + 1 }, (_, j) => j)
  for (let i = 0; i < from.length; i++) {
    const next = [i + 1]
    for (let j = 0; j < to.length; j++) {
      const replaced = at(row, j) + (from[i] === to[j] ? 0 : 1)
      const isSwap = j > 0 && from[i] === to[j - 1] && from[i - 1] === to[j]
      const swapped = isSwap ? at(last, j - 1) + 1 : replaced
      next.push(Math.min(replaced, swapped, at(row, j + 1) + 1, at(next, j) + 1))
    }
    last = row
    row = next
  }
  return at(row, to.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? 0
}

/** What the waiting functions of the API tell the guard: a VU waits for one thing at a time. */
export interface WaitGate {
  /** @throws when the script did not wait for what it asked before. */
  enter(what: string): void
  leave(): void
}

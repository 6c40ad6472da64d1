/** Options of the command line that replace those of the script. Unchecked: their faults name the flag. */
export interface OptionOverrides {
  readonly vus?: number | undefined
  readonly duration?: string | undefined
  readonly iterations?: number | undefined
  /** As written, e.g. `10s:50`. */
  readonly stages?: readonly string[] | undefined
  /** Added to the script's tags. */
  readonly tags?: Readonly<Record<string, string>> | undefined
  readonly seed?: number | undefined
}

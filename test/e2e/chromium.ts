/** A headless Chromium where the machine has one. */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Its path; `CHROMIUM_PATH` wins over what stands in `PATH`. */
export const CHROMIUM_PATH: string | undefined = [
  process.env['CHROMIUM_PATH'] ?? '',
  ...(process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name))),
].find((path) => path !== '' && existsSync(path))

export function launchChromium(): Promise<Browser> {
  // What is opened was made here; containers seldom allow the sandbox.
  const args = ['--no-sandbox', '--disable-dev-shm-usage']
  return chromium.launch({ executablePath: CHROMIUM_PATH ?? '', args })
}

import { CountingWindow } from './counting-window.ts'
import type { Quota } from './limiter.ts'

/**
 * Fixed window: the counter starts again at every whole multiple of the window since time 0, as that of
 * envoyproxy/ratelimit. Around a border up to twice the limit passes within one window's length.
 */
export class FixedWindow extends CountingWindow {
  constructor(quota: Quota) {
    super(quota, (atUs, windowUs) => (Math.floor(atUs / windowUs) + 1) * windowUs)
  }
}

import { CountingWindow } from './counting-window.ts'
import type { Quota } from './limiter.ts'

/** First-hit window: the window opens with the first request that finds none open, as in node-rate-limiter-flexible. */
export class FirstHitWindow extends CountingWindow {
  constructor(quota: Quota) {
    super(quota, (atUs, windowUs) => atUs + windowUs)
  }
}

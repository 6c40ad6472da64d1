import TinyQueue from 'tinyqueue'
import type { Dialog } from './bot.ts'

/** An activity of the Bot Framework: whatever its sender has put in, and what the channel adds. */
export type Activity = Readonly<Record<string, unknown>>

/** What one conversation keeps; older activities can no longer be read. An assumption, as is the next. */
const MAX_ACTIVITIES = 100
/** The one used longest ago makes room for a new one. */
const MAX_CONVERSATIONS = 10_000
/** Most activities of one reply: clients read on until it is empty. */
const PAGE_SIZE = 50

interface Scheduled {
  readonly atUs: number
  /** Which was sent how manieth: two of the same time keep their order. */
  readonly number: number
  readonly activity: Activity
}

/** What a client gets that asks for what is new. */
interface Page {
  readonly activities: readonly Activity[]
  /** To ask with the next time. */
  readonly watermark: string
}

/** What has been said in one conversation. */
export class Conversation {
  readonly id: string
  readonly dialog: Dialog = { step: 0, stepCount: 0 }
  /** In the order in which they became visible. */
  readonly #activities: Activity[] = []
  /** Not visible yet, the next first. */
  readonly #scheduled = new TinyQueue<Scheduled>([], byTime)
  #droppedCount = 0
  readonly #startUnixMs: number
  #sentCount = 0

  /** @param startUnixMs the date at time 0. */
  constructor(id: string, startUnixMs: number) {
    this.id = id
    this.#startUnixMs = startUnixMs
  }

  /** Adds an activity that can be read from `atUs` on. @returns its id. */
  add(activity: Activity, atUs: number, nowUs: number): string {
    this.#settle(nowUs)
    const number = this.#sentCount++
    const id = `${this.id}|${String(number).padStart(7, '0')}`
    const timestamp = new Date(this.#startUnixMs + Math.floor(atUs / 1_000)).toISOString()
    const added = { ...activity, id, timestamp, channelId: 'directline', conversation: { id: this.id } }
    this.#scheduled.push({ atUs, number, activity: added })
    return id
  }

  /** @param seenCount the watermark: how many have been read. */
  readFrom(seenCount: number, nowUs: number): Page {
    this.#settle(nowUs)
    const from = Math.max(0, seenCount - this.#droppedCount)
    const activities = this.#activities.slice(from, from + PAGE_SIZE)
    const read = this.#droppedCount + Math.min(from, this.#activities.length) + activities.length
    return { activities, watermark: String(read) }
  }

  #settle(nowUs: number): void {
    while (this.#scheduled.length > 0 && this.#scheduled.peek()!.atUs <= nowUs) {
      this.#activities.push(this.#scheduled.pop()!.activity)
    }
    const excessCount = Math.max(0, this.#activities.length - MAX_ACTIVITIES)
    this.#activities.splice(0, excessCount)
    this.#droppedCount += excessCount
  }
}

function byTime(a: Scheduled, b: Scheduled): number {
  return a.atUs - b.atUs || a.number - b.number
}

/** All conversations of a bot, as many as are kept. */
export class Conversations {
  /** The one used longest ago first. */
  readonly #byId = new Map<string, Conversation>()
  readonly #startUnixMs: number
  #droppedCount = 0

  /** @param startUnixMs the date at time 0. */
  constructor(startUnixMs: number) {
    this.#startUnixMs = startUnixMs
  }

  find(id: string): Conversation | undefined {
    const conversation = this.#byId.get(id)
    if (conversation !== undefined) {
      this.#byId.delete(id)
      this.#byId.set(id, conversation)
    }
    return conversation
  }

  /** Starts the conversation unless it is there already. */
  start(id: string): void {
    if (this.find(id) !== undefined) return
    this.#byId.set(id, new Conversation(id, this.#startUnixMs))
    if (this.#byId.size <= MAX_CONVERSATIONS) return
    const [oldest] = this.#byId.keys()
    this.#byId.delete(oldest!)
    this.#droppedCount++
  }

  state(): object {
    return { conversationCount: this.#byId.size, droppedConversationCount: this.#droppedCount }
  }
}

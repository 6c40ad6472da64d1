import { BlockList, isIPv6 } from 'node:net'

interface Range {
  readonly text: string
  readonly list: BlockList
}

/** Ranges of IP addresses that can say which of them holds an address. */
export class AddressRanges {
  readonly #ranges: readonly Range[]

  /** @param ranges in CIDR notation, or single addresses; valid. */
  constructor(ranges: readonly string[]) {
    this.#ranges = ranges.map((text) => ({ text, list: blockListOf(text) }))
  }

  /** The first range with the address, as it was given. An IPv4 address written as IPv6 is found too. */
  find(address: string): string | undefined {
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    return this.#ranges.find(({ list }) => list.check(address, family))?.text
  }
}

function blockListOf(range: string): BlockList {
  const list = new BlockList()
  const [address = '', prefix] = range.split('/')
  const family = isIPv6(address) ? 'ipv6' : 'ipv4'
  if (prefix === undefined) list.addAddress(address, family)
  else list.addSubnet(address, Number(prefix), family)
  return list
}

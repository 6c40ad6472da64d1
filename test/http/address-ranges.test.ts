import { expect, it } from 'vitest'
import { AddressRanges } from '../../src/http/address-ranges.ts'

const RANGES = new AddressRanges(['10.0.0.0/8', '10.1.0.0/16', '192.0.2.7', '2001:db8::/32', '::1'])

it.each<[address: string, range: string | undefined]>([
  ['10.0.0.0', '10.0.0.0/8'],
  ['10.255.255.255', '10.0.0.0/8'],
  // The first one that holds it.
  ['10.1.2.3', '10.0.0.0/8'],
  ['11.0.0.0', undefined],
  ['192.0.2.7', '192.0.2.7'],
  ['192.0.2.8', undefined],
  ['2001:db8:ffff::1', '2001:db8::/32'],
  ['2001:db9::', undefined],
  ['0:0:0:0:0:0:0:1', '::1'],
  // IPv4 in the clothes of IPv6.
  ['::ffff:10.2.3.4', '10.0.0.0/8'],
])('%s is in %s', (address, range) => {
  expect(RANGES.find(address)).toBe(range)
})

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv4, sourceOf as deviceSourceOf } from '../../../firmware/device/datagrams/address.ts';
import { UsageError } from '../../../tools/cli/errors.ts';
import {
  endpointName,
  hostGroup,
  ipv4Word,
  parseEndpoint,
  plainAddress,
  sourceOf,
} from '../../../host-sim/node-platform/address.ts';
import { EXIT_NO_INTERFACE, NodeFailure } from '../../../host-sim/node-platform/failure.ts';
import {
  broadcastOf,
  checkInterface,
  chooseAddresses,
  isOnLink,
  NetworkWatch,
  type LocalAddress,
} from '../../../host-sim/node-platform/interfaces.ts';

function local(name: string, address: string, netmask: string, internal = false): LocalAddress {
  return { name, address, netmask, internal, family: address.includes(':') ? 'IPv6' : 'IPv4' };
}

const LO = local('lo', '127.0.0.1', '255.0.0.0', true);
const ETH = local('eth0', '192.168.1.7', '255.255.255.0');
const WLAN = local('wlan0', '10.1.2.3', '255.255.0.0');
const TUN = local('tun0', '10.8.0.2', '255.255.255.255');
const ETH6 = local('eth0', 'fe80::1', 'ffff:ffff:ffff:ffff::');
const GLOBAL6 = local('eth0', '2001:db8::1', 'ffff:ffff:ffff:ffff::');
const ALL = [LO, ETH, ETH6, GLOBAL6, WLAN, TUN];

describe('what stands for a sender', () => {
  it('is what a device makes of the same address, and never 0', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant('fe80::1%eth0')), (address) => {
        expect(sourceOf(address)).toBe(deviceSourceOf(address));
        expect(sourceOf(address)).not.toBe(0);
      }),
    );
    expect(sourceOf('0.0.0.0')).toBe(1);
  });

  it('does not change with the kind of socket that heard it', () => {
    expect(plainAddress('::ffff:10.0.0.7')).toBe('10.0.0.7');
    expect(sourceOf('::ffff:10.0.0.7')).toBe(ipv4('10.0.0.7'));
    expect(ipv4Word('10.0.0.7')).toBe(0x0a000007);
  });
});

it.each([
  ['192.168.1.20', '192.168.1.20'],
  ['::ffff:10.0.0.7', '10.0.0.7'],
  ['::1', '0:0:0:0'],
  ['2001:db8::5', '2001:db8:0:0'],
  ['2001:db8:0:0:1::5', '2001:db8:0:0'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
])('%s belongs to the host %s', (address, group) => {
  expect(hostGroup(address)).toBe(group);
});

describe('--peer', () => {
  it.each([
    ['192.168.1.20', '192.168.1.20:19542'],
    ['192.168.1.20:7', '192.168.1.20:7'],
    ['seed.example:65535', 'seed.example:65535'],
    ['fe80::1%eth0', '[fe80::1%eth0]:19542'],
    ['[2001:db8::5]:80', '[2001:db8::5]:80'],
  ])('reads %s', (text, name) => {
    expect(endpointName(parseEndpoint('--peer', text, 19542))).toBe(name);
  });

  it.each(['', ':80', '10.0.0', '10.0.0.256', 'a:0', 'a:65536', 'a:b', 'a b', '-x', 'http://a'])(
    'refuses "%s"',
    (text) => {
      expect(() => parseEndpoint('--peer', text, 19542)).toThrow(UsageError);
    },
  );
});

describe("the computer's addresses", () => {
  it('gives each link its broadcast address', () => {
    expect([LO, ETH, WLAN, TUN].map(broadcastOf)).toEqual(['127.255.255.255', '192.168.1.255', '10.1.255.255', '']);
  });

  it('chooses by name, by address, or all that lead outside', () => {
    expect(chooseAddresses(ALL, '', 'IPv4')).toEqual([ETH, WLAN, TUN]);
    expect(chooseAddresses([LO], '', 'IPv4')).toEqual([LO]);
    expect(chooseAddresses(ALL, 'eth0', 'IPv4')).toEqual([ETH]);
    expect(chooseAddresses(ALL, '10.1.2.3', 'IPv4')).toEqual([WLAN]);
    expect(chooseAddresses(ALL, '127.0.0.9', 'IPv4')).toEqual([{ ...LO, address: '127.0.0.9' }]);
    // Of IPv6 the link's own address: the group does not leave the link either.
    expect(chooseAddresses(ALL, 'eth0', 'IPv6')).toEqual([ETH6]);
    expect(chooseAddresses(ALL, 'eth1', 'IPv4')).toEqual([]);
  });

  it('tells who is on the same link', () => {
    expect(isOnLink('192.168.1.99', ETH)).toBe(true);
    expect(isOnLink('192.168.2.99', ETH)).toBe(false);
    expect(isOnLink('fe80::9%eth0', ETH6)).toBe(true);
    expect(isOnLink('fe80::9%wlan0', ETH6)).toBe(false);
  });

  it('says which interfaces there are when one is not', () => {
    checkInterface('eth0', ALL);
    checkInterface('127.0.0.200', ALL);
    try {
      checkInterface('eth7', ALL);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(NodeFailure);
      expect(error).toMatchObject({ exit_code: EXIT_NO_INTERFACE });
      expect(String(error)).toContain('wlan0 (10.1.2.3)');
    }
  });

  it('notices a change, and only a change', () => {
    let list = [LO, ETH];
    const choose = (all: readonly LocalAddress[]): LocalAddress[] => chooseAddresses(all, 'eth0', 'IPv4');
    const watch = new NetworkWatch({ list: () => list, choose, onChange: () => undefined });
    expect([watch.look(), watch.look()]).toEqual([true, false]);
    list = [LO, ETH, WLAN];
    expect(watch.look()).toBe(false);
    list = [LO, { ...ETH, address: '192.168.1.8' }];
    expect(watch.look()).toBe(true);
    expect(watch.chosen[0].address).toBe('192.168.1.8');
  });
});

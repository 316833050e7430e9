import { describe, expect, test } from 'vitest';
import { checkTarget } from './check-target.ts';
import { isPublicAddress } from './is-public.ts';
import { privateHosts } from './private-hosts.ts';

const verdict = (url: string, list = '') => {
  try {
    checkTarget(url, privateHosts(list));
    return 'may be called';
  } catch (error) {
    return (error as { because: string }).because;
  }
};

describe('addresses', () => {
  test.each([
    ['0.0.0.0', '10.0.0.1', '100.64.0.1', '100.100.100.200', '127.0.0.1', '127.255.255.254', '169.254.169.254'],
    ['172.16.0.1', '172.31.255.255', '192.0.0.192', '192.0.2.1', '192.88.99.1', '192.168.1.1', '198.18.0.1'],
    ['198.51.100.1', '203.0.113.1', '224.0.0.1', '240.0.0.1', '255.255.255.255', '168.63.129.16'],
    ['::', '::1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:0:7f00:1', '::ffff:169.254.169.254', '::ffff:a00:1'],
    ['64:ff9b::7f00:1', '64:ff9b::a9fe:a9fe', '64:ff9b::10.0.0.1', '64:ff9b:1::7f00:1', '64:ff9b:1::808:808'],
    ['2002:7f00:1::', '2002:808:808::', '2001:0:1::1', '2001:db8::1', '2001:2::1', '2001:20::1', '3fff::1'],
    ['fc00::1', 'fd00:ec2::254', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', '100::1', '5f00::1', '4000::1'],
    ['', 'localhost', '1.2.3', '::g', '8.8.8.8.', ' 8.8.8.8'],
  ])('not public: %s %s %s …', (...ips) => {
    expect(ips.filter((ip) => ip !== undefined && isPublicAddress(ip))).toEqual([]);
  });

  test('public, also where a name server of an IPv6-only network dresses it up', () => {
    const ips = [
      '8.8.8.8',
      '1.1.1.1',
      '172.32.0.1',
      '100.128.0.1',
      '2606:4700::1111',
      '::ffff:8.8.8.8',
      '64:ff9b::808:808',
    ];
    expect(ips.filter((ip) => !isPublicAddress(ip))).toEqual([]);
  });
});

describe('URLs, before any name server is asked', () => {
  test.each([
    ['https://example.com/hook', 'may be called'],
    ['http://example.com./hook?x=1#y', 'may be called'],
    ['https://example.com:8443/', 'may be called'],
    ['https://8.8.8.8/', 'may be called'],
    ['https://[2606:4700::1111]/', 'may be called'],
    ['https://example.com:22/', 'port'],
    ['http://example.com:6379/', 'port'],
    ['https://8.8.8.8:5432/', 'port'],
    ['https://user:pass@example.com/', 'credentials'],
    ['https://example.com@127.0.0.1/', 'credentials'],
    ['http://127.0.0.1#@example.com/', 'private'],
    ['http://127.0.0.1\\@example.com/', 'private'],
    ['file:///etc/passwd', 'scheme'],
    ['gopher://127.0.0.1:6379/_FLUSHALL', 'scheme'],
    ['ftp://example.com/', 'scheme'],
    ['data:text/plain,hello', 'scheme'],
    ['javascript:alert(1)', 'scheme'],
    ['//example.com/', 'not a url'],
    ['http://', 'not a url'],
    ['http://[::1', 'not a url'],
    ['http://256.256.256.256/', 'not a url'],
    ['', 'not a url'],
  ])('%s: %s', (url, expected) => expect(verdict(url)).toBe(expected));
});

describe('what the operator lists', () => {
  test.each([
    ['http://127.0.0.1:9999/', '127.0.0.1', 'may be called'],
    ['http://127.0.0.2:9999/', '127.0.0.1', 'private'],
    ['http://2130706433:9999/', '127.0.0.1', 'may be called'],
    ['http://10.1.2.3:81/', '10.0.0.0/8', 'may be called'],
    ['http://[fd00::5]:81/', 'fd00::/8', 'may be called'],
    ['http://[::ffff:10.1.2.3]/', '10.0.0.0/8', 'may be called'],
    ['http://192.168.0.1/', '10.0.0.0/8, fd00::/8', 'private'],
    ['http://localhost:3000/', 'LOCALHOST.', 'may be called'],
    ['http://receiver:3000/', 'receiver', 'may be called'],
    ['http://receiver.:3000/', 'receiver', 'may be called'],
    ['http://evil-receiver:3000/', 'receiver', 'port'],
    ['http://receiver.evil.example:3000/', 'receiver', 'port'],
    ['file://receiver/etc/passwd', 'receiver', 'scheme'],
    ['http://a:b@receiver/', 'receiver', 'credentials'],
  ])('%s with %s: %s', (url, list, expected) => expect(verdict(url, list)).toBe(expected));

  test.each(['10.0.0.0/33', '1.2.3', 'http://receiver', 'receiver:80', 'a b', '*', '0x7f.1/8'])(
    '%s is a mistake',
    (list) => expect(() => privateHosts(list)).toThrow(`"${list}" is neither`),
  );
});

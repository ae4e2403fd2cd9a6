import { describe, expect, it } from 'vitest';
import { parseTargetUrl } from '../../src/config/target-url.js';

describe('a URL', () => {
  it.each([
    ['http://localhost:8080/x', 'http:', 'localhost', 8080, '/x'],
    ['localhost:8080/x', 'http:', 'localhost', 8080, '/x'],
    [':8080', 'http:', 'localhost', 8080, '/'],
    [':8080/a?b=c', 'http:', 'localhost', 8080, '/a?b=c'],
    ['example.com', 'http:', 'example.com', 80, '/'],
    ['https://example.com', 'https:', 'example.com', 443, '/'],
    ['HTTPS://example.com:444', 'https:', 'example.com', 444, '/'],
    ['http://[::1]:9000/', 'http:', '[::1]', 9000, '/'],
    ['http://h/?q=1', 'http:', 'h', 80, '/?q=1'],
    ['http://h?q=1', 'http:', 'h', 80, '/?q=1'],
    ['http://h/a#part', 'http:', 'h', 80, '/a'],
    ['http://h/a/../b', 'http:', 'h', 80, '/a/../b'],
    ['http://h/users/{rand:1:1000}', 'http:', 'h', 80, '/users/{rand:1:1000}'],
    ['http://h/a b/ü', 'http:', 'h', 80, '/a%20b/%C3%BC'],
    ['http://h/a\tb\r\nc\0\x7f', 'http:', 'h', 80, '/a%09b%0D%0Ac%00%7F'],
    ['http://h/"<>\\^`|', 'http:', 'h', 80, '/%22%3C%3E%5C%5E%60%7C'],
    ['http://h/{}/{{seq}', 'http:', 'h', 80, '/%7B%7D/%7Bseq%7D'],
    ['http://h/%7B%9b%zz?', 'http:', 'h', 80, '/%7B%9b%zz?'],
    ['http://h/{row.first #1}?é={seq:8}#x', 'http:', 'h', 80, '/{row.first #1}?%C3%A9={seq:8}'],
  ])('%s is understood', (written, protocol, hostname, port, path) => {
    expect(parseTargetUrl(written)).toMatchObject({ origin: { protocol, hostname, port }, path });
  });

  it('gives its credentials as a header, and shows them nowhere', () => {
    const url = parseTargetUrl('http://ada:p%40ss@localhost/x');
    expect(url).toEqual({
      href: 'http://localhost/x',
      origin: { protocol: 'http:', hostname: 'localhost', port: 80 },
      path: '/x',
      authorization: `Basic ${Buffer.from('ada:p@ss').toString('base64')}`,
    });
  });

  it.each([
    ['ftp://h/x', '"ftp://h/x" is none of http, https, ws and wss'],

    ['http://', '"http://" has no valid host and port'],
    ['http://h:99999/', '"http://h:99999/" has no valid host and port'],
    ['http://ho st/', '"http://ho st/" has no valid host and port'],
    ['http://h\t/x', '"http://h\t/x" has no valid host and port'],
    ['http://h\\x/', '"http://h\\x/" has no valid host and port'],
    ['http://h:0/', '"http://h:0/" has no valid host and port'],
    ['', '"" has no valid host and port'],
    ['http://a:secret@h:x/', '"http://…@h:x/" has no valid host and port'],
  ])('%j is refused', (written, message) => {
    expect(parseTargetUrl(written)).toEqual({
      where: 'URL',
      message,
      remedy:
        'Write a URL such as http://localhost:8080/path, localhost:8080, :8080, :9100-9155 or unix:/run/app.sock.',
    });
  });
});

import { expect, it } from 'vitest';
import { withoutSecrets } from '../../src/experiment/result-document.js';

it('keeps what was typed, but no password and no header', () => {
  const words = [
    'run',
    '-H',
    'Authorization: x',
    '-HCookie: y',
    '--header=A: z',
    'http://u:p@h/a@b',
  ];
  expect(withoutSecrets(words)).toEqual([
    'run',
    '-H',
    'Authorization: …',
    '-HCookie: …',
    '--header=A: …',
    'http://…@h/a@b',
  ]);
  expect(withoutSecrets(['u:p@h:80/x', 'h/@me', '-c', '10k'])).toEqual([
    '…@h:80/x',
    'h/@me',
    '-c',
    '10k',
  ]);
});

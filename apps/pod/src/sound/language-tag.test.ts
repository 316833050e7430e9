import { expect, test } from 'vitest';
import { languageTag } from './language-tag.ts';

test.each([
  ['portuguese', 'pt'],
  ['English', 'en'],
  ['chinese', 'zh'],
  ['pt', 'pt'],
  ['pt-br', 'pt-BR'],
  ['zh-hant-tw', 'zh-Hant-TW'],
  ['haw', 'haw'],
  ['unknown', 'und'],
  ['', 'und'],
  ['klingonish', 'und'],
  ['en"\n#EXT', 'und'],
])('%j is %s', (named, tag) => expect(languageTag(named)).toBe(tag));

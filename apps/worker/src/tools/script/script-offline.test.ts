import { secondsToSay } from '@reverie/media';
import { describe, expect, test } from 'vitest';
import { bare, SAMPLE } from '../../../../../test/support/sample-dream.ts';
import { openScript } from './script.ts';

const signal = new AbortController().signal;

describe('a storyboard made offline', () => {
  const offline = openScript(undefined);
  const storyboard = (transcript: string) => offline.storyboard({ transcript }, signal);

  test('is cut where sentences end, into scenes of some seconds each', async () => {
    const { scenes, title, provider, cost } = await storyboard(SAMPLE);
    expect(scenes.length).toBe(3);
    for (const { text } of scenes) {
      expect(text).toMatch(/\.$/);
      expect(secondsToSay(text)).toBeGreaterThan(3);
      expect(secondsToSay(text)).toBeLessThan(10);
    }
    expect({ title, provider, cost }).toEqual({
      title: 'I was walking through a field of…',
      provider: 'offline',
      cost: 0,
    });
  });

  test('keeps the segments, the title and the style of whoever brought them', async () => {
    const board = await offline.storyboard(
      { transcript: 'unused', segments: [{ text: 'First  this.' }, { text: '然后。' }], title: 'Mine', style: 'ink' },
      signal,
    );
    expect(board.title).toBe('Mine');
    expect(board.scenes).toEqual([
      { text: 'First  this.', prompt: 'First this. Style: ink' },
      { text: '然后。', prompt: '然后。 Style: ink' },
    ]);
  });

  const ODD: Record<string, string> = {
    'one word': 'Water',
    'an emoji': '🌊',
    'punctuation alone': '… — !?',
    'no punctuation': 'and then the house was full of birds and none of them was singing '.repeat(40),
    'no space': 'a'.repeat(20_000),
    'only commas': 'the sea, the wind, the stairs, '.repeat(100),
    'Chinese without punctuation': '我梦见自己在海上行走月亮很近很近'.repeat(60),
    Japanese: '夜の海を歩いていた。月がとても近かった。誰かが私の名前を呼んだ。'.repeat(10),
    Arabic: 'مشيت على الماء وكان القمر قريبا جدا، ثم استيقظت. '.repeat(20),
    Thai: 'ฉันฝันว่ากำลังเดินอยู่บนทะเล'.repeat(40),
    'emoji families': '👩‍👩‍👧‍👦🇩🇪 '.repeat(300),
    'line breaks': 'First\n\n\nthen\r\nthen\tlater.\n'.repeat(50),
    'a desert of white space': `a,${' '.repeat(19_000)}b`,
    'half a surrogate': `\ud800 and \udc00 and more words`,
    'the longest': 'It went on and on, as dreams do. '.repeat(606).slice(0, 20_000),
  };
  test.each(Object.entries(ODD))('speaks the whole text, whatever it is: %s', async (_name, text) => {
    await spokenWhole(text);
  });

  test('speaks the whole text, whatever it is: 400 texts at random', async () => {
    const random = generator(20_261_121);
    const bits = [
      'a',
      'moon',
      ' ',
      ' ',
      ' ',
      '. ',
      ', ',
      '\n',
      '月',
      'の',
      '。',
      '!?',
      '"',
      '(',
      ')',
      '—',
      '3.14',
      '👩‍👧',
      'ё',
      'ﷺ',
      "don't",
      '\u200b',
      '\u0301',
      '¿',
      '[[',
    ];
    for (let i = 0; i < 400; i++) {
      const text = Array.from(
        { length: 1 + Math.floor(random() * 300) },
        () => bits[Math.floor(random() * bits.length)],
      )
        .join('')
        .trim();
      if (text !== '') await spokenWhole(text);
    }
  });

  async function spokenWhole(text: string) {
    const { scenes, title } = await storyboard(text);
    expect(bare(scenes.map((scene) => scene.text).join(''))).toBe(bare(text));
    // Nor do two words become one: what had a space between has one, or a scene's end.
    expect(
      scenes
        .map((scene) => scene.text)
        .join(' ')
        .split(/\s+/).length,
    ).toBeGreaterThanOrEqual(text.trim().split(/\s+/).length);
    expect(scenes.length).toBeGreaterThanOrEqual(1);
    expect(scenes.length).toBeLessThanOrEqual(60);
    for (const scene of scenes) expect(scene.text.trim()).not.toBe('');
    expect(title.trim()).not.toBe('');
    expect(title.length).toBeLessThanOrEqual(121);
  }
});

/** Numbers from 0 to 1, the same for the same seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

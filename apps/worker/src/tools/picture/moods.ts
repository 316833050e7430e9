import type { Dice } from './seed.ts';

export type Rgb = readonly [number, number, number];
export type Land = 'hills' | 'peaks' | 'dunes' | 'trees' | 'city' | 'waves' | 'clouds';
export type Drift = 'snow' | 'embers' | 'fireflies' | 'petals' | 'none';

/** A palette and what is to be seen in it. */
export interface Mood {
  /** Words of a prompt that call for it. */
  words: RegExp;
  /** Zenith, middle and horizon. */
  sky: readonly [Rgb, Rgb, Rgb];
  /** What shines through between the layers of the land. */
  haze: Rgb;
  /** The farthest and the nearest layer of the land. */
  far: Rgb;
  near: Rgb;
  light: Rgb;
  body: 'moon' | 'crescent' | 'sun';
  lands: readonly Land[];
  drift: readonly Drift[];
  /** How clearly stars are seen, 0 to 1. */
  stars: number;
  /** Colours of an aurora, low to high. */
  aurora?: readonly [Rgb, Rgb];
}

const rgb = (hex: string): Rgb => [0, 2, 4].map((i) => Number.parseInt(hex.slice(i, i + 2), 16)) as unknown as Rgb;
const mood = (
  words: RegExp,
  [zenith, middle, horizon, haze, far, near, light]: readonly [string, string, string, string, string, string, string],
  rest: Pick<Mood, 'body' | 'lands' | 'drift' | 'stars' | 'aurora'>,
): Mood => ({
  words,
  sky: [rgb(zenith), rgb(middle), rgb(horizon)],
  haze: rgb(haze),
  far: rgb(far),
  near: rgb(near),
  light: rgb(light),
  ...rest,
});

/** Ten harmonies. Colours in the order zenith, middle, horizon, haze, far land, near land, light. */
export const MOODS: readonly Mood[] = [
  mood(
    /\b(night|midnight|stars?|starry|space|galaxy|moon|moonlit)\b/i,
    ['060a24', '1b2560', '5a5ea6', '6a6fb8', '3d4488', '05071a', 'fdf3d0'],
    { body: 'moon', lands: ['peaks', 'hills'], drift: ['fireflies', 'none'], stars: 1 },
  ),
  mood(
    /\b(north|aurora|ice|icy|arctic|cold|magic|spirit|ghost)\b/i,
    ['030d1f', '0b2b45', '1f6a72', '3c8f8c', '1d5a66', '020b14', 'd8fff0'],
    {
      body: 'crescent',
      lands: ['peaks', 'trees'],
      drift: ['none', 'snow'],
      stars: 0.9,
      aurora: [rgb('3dffa8'), rgb('8a5cff')],
    },
  ),
  mood(
    /\b(sea|ocean|water|waves?|lake|river|swim\w*|under\s?water|boat|ship|island|beach|rain)\b/i,
    ['0b1b4d', '3f5fa8', 'f2b9a0', 'f0b8a8', '6f86b8', '0a1c45', 'fff0d2'],
    { body: 'sun', lands: ['waves'], drift: ['none'], stars: 0.35 },
  ),
  mood(
    /\b(forest|woods?|trees?|jungle|garden|green|leaf|leaves|grass|meadow|field)\b/i,
    ['0d2b33', '2f6a62', 'd9e2a6', 'b9d3a4', '4f8a74', '06181a', 'fff6c8'],
    { body: 'sun', lands: ['trees'], drift: ['fireflies'], stars: 0.1 },
  ),
  mood(
    /\b(fire|flames?|burn\w*|volcano|lava|red|desert|sand|hot|anger|war)\b/i,
    ['2a0a2e', '93203f', 'ff9a4a', 'ff9d5c', 'a8323e', '1c0616', 'ffe9b0'],
    { body: 'sun', lands: ['dunes', 'peaks'], drift: ['embers'], stars: 0.2 },
  ),
  mood(
    /\b(snow\w*|winter|frost|white|mountains?|glacier)\b/i,
    ['3a5a94', '8fb0d8', 'f6dfe2', 'eef0fa', 'a9c0e0', '2c4a7c', 'fffaf0'],
    { body: 'sun', lands: ['peaks', 'trees'], drift: ['snow'], stars: 0 },
  ),
  mood(
    /\b(city|town|street|houses?|home|room|school|office|tower|building|train|car|road|crowd)\b/i,
    ['120a33', '46236e', 'f07a8c', 'd9718f', '6a3a80', '0d0722', 'ffe2b8'],
    { body: 'moon', lands: ['city'], drift: ['none'], stars: 0.5 },
  ),
  mood(
    /\b(fly\w*|flew|flight|sky|clouds?|air|wings?|birds?|angel|heaven|fall\w*|fell|float\w*)\b/i,
    ['2b3f8f', '8a7fc8', 'ffc6b0', 'ffd9cc', 'd9a8c4', '6a5aa8', 'fff3dc'],
    { body: 'sun', lands: ['clouds'], drift: ['none', 'petals'], stars: 0.25 },
  ),
  mood(
    /\b(love|mother|father|child\w*|baby|flowers?|spring|rose|pink|happy|wedding|dance|music)\b/i,
    ['4a2f6e', 'b0659c', 'ffc9b5', 'ffcfc4', 'c27a9c', '2c1440', 'fff0e0'],
    { body: 'moon', lands: ['hills', 'trees'], drift: ['petals'], stars: 0.3 },
  ),
  mood(
    /\b(gold\w*|sun\w*|morning|dawn|light|summer|day|autumn|evening|dusk)\b/i,
    ['27406b', '8f86a0', 'ffd08a', 'ffd59c', 'b98a72', '2a1a2a', 'fff4cf'],
    { body: 'sun', lands: ['hills', 'dunes'], drift: ['fireflies', 'none'], stars: 0.1 },
  ),
];

/** The mood a prompt asks for by its words, the earliest word first; by the dice when it says nothing of the kind. */
export function moodFor(prompt: string, die: Dice): Mood {
  const byChance = die.pick(MOODS);
  const said = MOODS.map((mood) => ({ mood, at: prompt.search(mood.words) })).filter(({ at }) => at >= 0);
  return said.sort((a, b) => a.at - b.at)[0]?.mood ?? byChance;
}

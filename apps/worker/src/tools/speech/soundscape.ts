/** Twelve-tone steps above the root, four notes a chord, four chords a round. */
const ROUNDS = [
  [
    [0, 7, 12, 16],
    [-3, 9, 12, 16],
    [5, 12, 17, 21],
    [-5, 7, 11, 14],
  ],
  [
    [0, 7, 15, 19],
    [-4, 8, 12, 15],
    [3, 10, 15, 19],
    [-2, 10, 14, 17],
  ],
  [
    [0, 12, 16, 23],
    [5, 12, 16, 21],
    [-3, 12, 16, 19],
    [5, 9, 12, 19],
  ],
] as const;
const CHORD_SECONDS = 8;
const ROUND_SECONDS = 4 * CHORD_SECONDS;
const LOUDNESS = [0.16, 0.11, 0.1, 0.08] as const;
/** Nothing in the chords is above 2 kHz, and a quarter of the samples takes a quarter of the time. */
const CHORD_RATE = 12_000;

/**
 * A filter graph that plays slow chords, a few bells and wind, the same for the same seed, with its sound at `[bed]`.
 * About −22 LUFS. Made of numbers only: nothing anybody wrote gets into it.
 */
export function soundscape(seed: number, seconds: number): string {
  const round = ROUNDS[seed % ROUNDS.length]!;
  const root = 110 * 2 ** (((Math.floor(seed / 3) % 7) - 3) / 12);
  const chords = round.map((notes, i) => chord(root, notes, i)).join('+');
  const bells = round.flatMap((notes, i) => [
    bell(pitch(root, notes[2] + 12), i * CHORD_SECONDS + 1.5),
    bell(pitch(root, notes[3] + 12), i * CHORD_SECONDS + 4.25),
    bell(pitch(root, notes[1] + 24), i * CHORD_SECONDS + 6),
  ]);
  const fade = Math.min(2, seconds / 3);
  return [
    `aevalsrc=exprs='${chords}+${bells.join('+')}':s=${CHORD_RATE}:d=${Math.min(ROUND_SECONDS, seconds)}`,
    ...(seconds > ROUND_SECONDS ? [`,aloop=loop=-1:size=${CHORD_RATE * ROUND_SECONDS}`] : []),
    ',aresample=48000,lowpass=f=3500,aecho=0.8:0.6:110|230|370|590:0.4|0.3|0.22|0.15',
    ',apulsator=hz=0.07:amount=0.5,aformat=channel_layouts=stereo[chords];',
    `anoisesrc=color=brown:r=48000:a=0.5:seed=${seed},highpass=f=150,lowpass=f=900,tremolo=f=0.13:d=0.6,volume=0.3`,
    ',aformat=channel_layouts=stereo[wind];',
    // amix halves what it mixes; its option not to came after 4.1, which is what npm has for some machines.
    '[chords][wind]amix=inputs=2:dropout_transition=0,volume=2',
    `,atrim=duration=${seconds},afade=t=in:d=${fade},afade=t=out:st=${seconds - fade}:d=${fade}[bed]`,
  ].join('');
}

/** Whole periods in a round, so that it can be repeated without a click. */
const periodic = (hertz: number) => Math.round(hertz * ROUND_SECONDS) / ROUND_SECONDS;
const pitch = (root: number, step: number) => periodic(root * 2 ** (step / 12));

/** Comes and goes over sixteen seconds, into and out of its neighbours; each note breathes, and is two that beat slowly. */
function chord(root: number, notes: readonly number[], index: number): string {
  const t = `(mod(t-${index * CHORD_SECONDS}+${ROUND_SECONDS / 2},${ROUND_SECONDS})-${ROUND_SECONDS / 2})`;
  const voices = notes.map((step, i) => {
    const hertz = pitch(root, step);
    const breath = `(1+0.3*sin(2*PI*${periodic((2 + i) / ROUND_SECONDS)}*t+${i}))`;
    const beating = hertz + (3 + i) / ROUND_SECONDS;
    return `${LOUDNESS[i]}*${breath}*(sin(2*PI*${hertz}*t)+sin(2*PI*${beating}*t)+0.2*sin(2*PI*${2 * hertz}*t))`;
  });
  return `if(lt(abs(${t}),${CHORD_SECONDS}),cos(PI*${t}/${2 * CHORD_SECONDS})*(${voices.join('+')}),0)`;
}

function bell(hertz: number, at: number): string {
  const t = `mod(t-${at}+${ROUND_SECONDS},${ROUND_SECONDS})`;
  return `if(lt(${t},5),0.1*min(1,80*${t})*exp(-1.5*${t})*sin(2*PI*${hertz}*${t}),0)`;
}

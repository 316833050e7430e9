/** BCP 47 for "nobody knows". */
export const UNDETERMINED = 'und';

const names = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });
const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];

/** `portuguese` → `pt`: every code of two letters by its English name. */
const codes = new Map(
  LETTERS.flatMap((a) => LETTERS.map((b) => a + b)).flatMap((code) => {
    const name = names.of(code)?.toLowerCase();
    return name === undefined ? [] : [[name, code] as const];
  }),
);

/** A language as a player knows it, however a transcription server names it: `Portuguese`, `pt`, `pt-BR`. */
export function languageTag(named: string): string {
  const known = codes.get(named.toLowerCase());
  if (known) return known;
  const [base = ''] = named.split('-');
  return /^[a-z]{2,3}$/i.test(base) && names.of(base) !== undefined ? (canonical(named) ?? UNDETERMINED) : UNDETERMINED;
}

function canonical(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}

const names = new Intl.DisplayNames(['en'], { type: 'language' });

/** Whether two ways to name a language mean the same: `pt`, `pt-BR`, and `portuguese`, as OpenAI has it. */
export function sameLanguage(heard: string, wished: string): boolean {
  const base = baseOf(wished);
  return baseOf(heard) === base || heard.toLowerCase() === names.of(base)?.toLowerCase();
}

/** `pt` of `pt-BR`: transcription servers know no regions. */
export const baseOf = (language: string): string => language.toLowerCase().split('-')[0]!;

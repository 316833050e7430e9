import { ABILITIES, Failure, type PodRun } from '@reverie/contracts';
import type { Providers } from '@reverie/models';

/** Says no before anything begins: what was asked for is never left out in silence. */
export function refuseImpossible(wish: PodRun, { transcribe, translate }: Providers): void {
  const { source_lang, target_lang, enable_dubbing } = wish;
  if (enable_dubbing) {
    const told =
      'this pod has nothing that could dub: send the run without enable_dubbing, or to a pod with such a model';
    throw new Failure('not_configured', told);
  }
  if (target_lang === null || baseOf(target_lang) === baseOf(source_lang ?? '')) return;
  if (!transcribe) throw cannotTranslate(target_lang, ABILITIES.transcribe);
  // Into English a transcription server translates by itself.
  if (!translate && baseOf(target_lang) !== 'en') throw cannotTranslate(target_lang, ABILITIES.translate);
}

const baseOf = (language: string) => language.toLowerCase().split('-')[0];
const cannotTranslate = (into: string, advice: string) =>
  new Failure('not_configured', `this pod cannot translate into ${into}: ${advice}`);

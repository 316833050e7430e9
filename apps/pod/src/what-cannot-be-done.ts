import { ABILITIES, Failure, type PodRun } from '@reverie/contracts';
import type { Providers } from '@reverie/models';
import { isKey } from '@reverie/storage';

/** Says no before anything begins: what was asked for is never left out in silence. */
export function refuseImpossible(wish: PodRun, { transcribe, translate }: Providers): void {
  const { s3_input_key, s3_output_prefix, hls_segment, source_lang, target_lang, enable_dubbing } = wish;
  for (const [name, key] of Object.entries({ s3_input_key, s3_output_prefix })) {
    if (!isKey(key)) throw invalid(`${name} must be a key of the bucket, such as posts/42/master.m3u8`);
  }
  if (hls_segment < 1 || hls_segment > 60) throw invalid('hls_segment must be from 1 to 60 seconds');
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
const invalid = (told: string) => new Failure('input_invalid', told);
const cannotTranslate = (into: string, advice: string) =>
  new Failure('not_configured', `this pod cannot translate into ${into}: ${advice}`);

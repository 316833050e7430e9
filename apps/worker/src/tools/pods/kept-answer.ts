import { parsedJson } from '@reverie/contracts';
import { isStorable } from './storable.ts';

/** It is kept with the job, and shown with the post. */
export const MOST_KEPT_BYTES = 64 * 1024;

/** What a pod answered, as it is kept with the job: its JSON, else its text. What was cut says so. */
export function keptAnswer({ text, whole }: { text: string; whole: boolean }): unknown {
  const said = withoutSignatures(text).toWellFormed().replaceAll('\0', '\uFFFD');
  const value = whole ? parsedJson(said) : undefined;
  if (value !== undefined && isStorable(value) && sizeOf(value) <= MOST_KEPT_BYTES) return value;
  let kept = said;
  // Quotes and controls take up to six times their room in JSON.
  while (sizeOf(kept) > MOST_KEPT_BYTES) kept = kept.slice(0, kept.length * 0.8).toWellFormed();
  return whole && kept.length === said.length ? said : { cut: true, text: kept };
}

/** What a pod says, short enough for a message: of a problem in JSON the sentence for people. */
export const inWords = (text: string): string =>
  withoutSignatures(sentenceIn(text) ?? text)
    .toWellFormed()
    .replaceAll('\0', '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300);

function sentenceIn(text: string): string | undefined {
  const { detail, message, error } = Object(parsedJson(text)) as Record<string, unknown>;
  return [detail, message, error].find((said) => typeof said === 'string');
}

/** The link to the input is for the pod alone, and pods repeat what they were asked. */
const withoutSignatures = (text: string): string =>
  text.replace(/(?<![a-z])(X-Amz-Signature|X-Amz-Security-Token|signature)=[^&"'\\\s<>]+/gi, '$1=…');

const sizeOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

/** A token is at least one byte, so this is never more than the 8,192 tokens that embedding models read of a text. */
const MOST_BYTES_A_TEXT = 8_000;
/** OpenAI takes 2,048 texts and 300,000 tokens at once; smaller answers come sooner and cost less to ask for again. */
const MOST_TEXTS = 256;
const MOST_BYTES = 100_000;

/** The beginning of a text that is too long; nothing is left of half a character. */
export function clip(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= MOST_BYTES_A_TEXT) return text;
  return bytes.toString('utf8', 0, MOST_BYTES_A_TEXT).replace(/\ufffd+$/, '');
}

export interface Batch {
  /** Of its first text among all. */
  index: number;
  texts: string[];
}

/** In order, as many in each as one request may carry. */
export function inBatches(texts: readonly string[]): Batch[] {
  const batches: Batch[] = [];
  let bytes = 0;
  for (const [index, whole] of texts.entries()) {
    const text = clip(whole);
    const size = Buffer.byteLength(text);
    const last = batches.at(-1);
    if (last && last.texts.length < MOST_TEXTS && bytes + size <= MOST_BYTES) {
      last.texts.push(text);
      bytes += size;
    } else {
      batches.push({ index, texts: [text] });
      bytes = size;
    }
  }
  return batches;
}

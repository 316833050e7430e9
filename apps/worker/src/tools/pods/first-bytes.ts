/** The beginning of a body as text, and whether it is all of it. The rest is not read. */
export async function firstBytes(
  body: AsyncIterable<Uint8Array> | null,
  most: number,
): Promise<{ text: string; whole: boolean }> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > most) break; // which also ends the stream
  }
  return { text: Buffer.concat(chunks).subarray(0, most).toString('utf8'), whole: bytes <= most };
}

/** Text of the world as one visible line: no control characters, no lone surrogates, nothing that turns the rest of a line around. */
export const plainText = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/\s+/g, ' ')
    .trim();

/**
 * Without pictographs: no font we bring has them, and an empty box says less than nothing.
 * What is left of their sequences (joiners, tones of skin, flags) goes with them.
 */
export const withoutEmoji = (text: string): string =>
  text.replace(/(?:\p{RI}\p{RI}|[\p{Emoji_Presentation}\u{1f000}-\u{1faff}](?:\p{EMod}|\ufe0f|\u200d)*)+/gu, '');

/**
 * The same as ASS holds it. In ASS only `{`, `}` and `\` mean anything: braces can be escaped, a backslash cannot,
 * so it becomes the one that looks like it.
 */
export const assText = (text: string): string =>
  plainText(text).replaceAll('\\', '\u2216').replaceAll('{', '\\{').replaceAll('}', '\\}');

/**
 * A text, cut where it says what is looked for: whatever the case, and nothing in the words means more than itself.
 * @param {string} text @param {string} words
 * @returns {{ text: string, isMatch: boolean }[]}
 */
export function matches(text, words) {
  if (words === '') return [{ text, isMatch: false }];
  const wanted = new RegExp(`(${words.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')})`, 'giu');
  return text
    .split(wanted)
    .map((piece, at) => ({ text: piece, isMatch: at % 2 === 1 }))
    .filter((piece) => piece.text !== '');
}

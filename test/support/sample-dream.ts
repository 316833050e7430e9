/** A dream of three sentences, as people tell them. */
export const SAMPLE =
  'I was walking through a field of silver grass, and the moon was so close that I could hear it breathing. ' +
  'My grandmother stood at the edge of the water with a lantern. She told me the boat would only carry what I was willing to forget.';

/** A text's letters: what has to be the same however it was cut. */
export const bare = (text: string): string => text.replace(/\s+/g, '');

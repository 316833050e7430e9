/** No person writes deeper, and a database that is asked to keep it would refuse. */
const DEEPEST = 64;

/** Whether what a pod said can be kept as JSON: no NUL, no half of a surrogate pair, not too deep. */
export function isStorable(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return isText(value);
  if (typeof value !== 'object' || value === null) return true;
  return depth < DEEPEST && Object.entries(value).every(([key, each]) => isText(key) && isStorable(each, depth + 1));
}

const isText = (text: string) => text.isWellFormed() && !text.includes('\0');

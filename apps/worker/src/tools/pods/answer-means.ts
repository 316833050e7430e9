/** What a status that answers `POST /run` means. A pod that works for somebody else says 409, 429 or 503. */
export function meaningOf(status: number): 'done' | 'busy' | 'refused' | 'failed' {
  if (status >= 200 && status < 300) return 'done';
  if (status === 409 || status === 429 || status === 503) return 'busy';
  if (status >= 500 || status === 408 || status === 425) return 'failed';
  return 'refused';
}

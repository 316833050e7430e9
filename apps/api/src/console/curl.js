/** One word for a POSIX shell, whatever is in it. @param {string} text */
export const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * The same call for a terminal. The key itself is never in it.
 * @param {{ method: string, url: string, body?: unknown, withKey: boolean }} call
 */
export const curl = ({ method, url, body, withKey }) =>
  [
    'curl',
    method === 'GET' ? '' : `-X ${method}`,
    quoted(url),
    withKey ? '-H "Authorization: Bearer $REVERIE_KEY"' : '',
    body === undefined ? '' : `-H 'Content-Type: application/json' -d ${quoted(JSON.stringify(body))}`,
  ]
    .filter(Boolean)
    .join(' ');

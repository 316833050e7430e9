import { Failure } from '@reverie/contracts';

/** What ffmpeg would follow to other files and hosts, by how it begins or by the word that gives it away. */
const PLAYLISTS: [RegExp, string][] = [
  [/^#EXTM3U/, 'an HLS playlist'],
  [/^ffconcat\s/, 'a list of files (ffconcat)'],
  [/^\[playlist\]/i, 'a playlist'],
  [/^\[reference\]/i, 'a list of addresses (ASF)'],
  [/^v=0\r?\n|^c=IN IP/m, 'a session description (SDP)'],
  [/<(MPD|SmoothStreamingMedia|CompositionPlaylist|asx|smil)[\s>]/i, 'a streaming manifest'],
];

/** Text has none of these bytes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what tells binary from text
const BINARY = /[\x00-\x08\x0e-\x1a\x1c-\x1f]/;

/** Refuses what is text, whatever it is called: a playlist by that name, anything else as no media at all. */
export function refuseText(head: Buffer): void {
  const text = asText(head);
  if (text === undefined) return;
  const playlist = PLAYLISTS.find(([sign]) => sign.test(text))?.[1];
  if (playlist) throw forbidden(playlist);
  const what = /^<(!doctype html|html)/i.test(text) ? 'a web page' : 'text';
  throw new Failure('media_unreadable', `the file is ${what}, not a recording: name the address of the video itself`);
}

export const forbidden = (what: string) =>
  new Failure(
    'media_forbidden',
    `the file is ${what} that names other files, and none of them is opened; send the recording itself`,
  );

function asText(head: Buffer): string | undefined {
  const wide = head[0] === 0xff && head[1] === 0xfe;
  const text = (wide ? head.toString('utf16le') : head.toString('latin1').replace(/^\xef\xbb\xbf/, '')).trim();
  return BINARY.test(text) ? undefined : text;
}

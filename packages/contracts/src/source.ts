import { z } from 'zod';

/** Where a video comes from, once its text has been read. */
export type Source =
  | { kind: 'web'; url: string }
  /** A page with a video on it, which only yt-dlp can get at. */
  | { kind: 'page'; url: string }
  | { kind: 's3'; bucket: string; key: string }
  /** A file that was uploaded here. */
  | { kind: 'upload'; id: string };

/** Sites whose addresses are pages, never files. */
const PAGES =
  /(^|\.)(youtube\.com|youtu\.be|youtube-nocookie\.com|vimeo\.com|dailymotion\.com|twitch\.tv|tiktok\.com|soundcloud\.com)$/;

const UPLOAD = /^upload:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;
const S3 = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.+)$/;

/** Undefined for what is no source at all. */
export function readSource(text: string): Source | undefined {
  const upload = UPLOAD.exec(text);
  if (upload) return { kind: 'upload', id: upload[1]!.toLowerCase() };
  const s3 = S3.exec(text);
  if (s3) return { kind: 's3', bucket: s3[1]!, key: s3[2]! };
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const { hostname } = new URL(text);
  return { kind: PAGES.test(hostname.replace(/\.$/, '')) ? 'page' : 'web', url: text };
}

/** A source as a caller writes it. */
export const SourceText = z
  .string()
  .trim()
  .min(1)
  .max(4_000)
  .refine(
    (text) => readSource(text) !== undefined,
    'must be an http(s) address, s3://bucket/key, or upload:<id> of a finished upload',
  )
  .describe('An http(s) address of a file or of a page yt-dlp knows, `s3://bucket/key`, or `upload:<id>`');

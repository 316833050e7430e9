import { extname } from 'node:path';

const TYPES: Record<string, string> = {
  '.aac': 'audio/aac',
  '.ass': 'text/x-ssa',
  '.bin': 'application/octet-stream',
  '.flac': 'audio/flac',
  '.gif': 'image/gif',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.json': 'application/json',
  '.jsonl': 'application/x-ndjson',
  '.log': 'text/plain',
  '.m4a': 'audio/mp4',
  '.mkv': 'video/x-matroska',
  '.mov': 'video/quicktime',
  '.mp3': 'audio/mpeg',
  '.mp4': 'video/mp4',
  '.ogg': 'audio/ogg',
  '.opus': 'audio/ogg',
  '.png': 'image/png',
  '.srt': 'application/x-subrip',
  '.ts': 'video/mp2t',
  '.txt': 'text/plain',
  '.vtt': 'text/vtt',
  '.wav': 'audio/wav',
  '.webm': 'video/webm',
  '.webp': 'image/webp',
};

/** The content type a key's extension stands for, where a store keeps none. Keys are ours, so this table is complete by adding a row. */
export const contentTypeOf = (key: string): string => TYPES[extname(key).toLowerCase()] ?? 'application/octet-stream';

interface Said {
  STORAGE?: 'fs' | 's3' | undefined;
  STORAGE_TYPE?: 'postgres' | 's3' | 'hybrid' | undefined;
  FILE_STORAGE?: 'fs' | 's3' | undefined;
  S3_BUCKET?: string | undefined;
}

/** What document 002's kinds of storage say about files. Result rows are in Postgres with each of them. */
const FILES_WITH = { postgres: 'fs', s3: 's3', hybrid: undefined } as const;

/** Where files are: what the three variables about it agree on. Two that contradict each other start nothing. */
export function whereFilesAre(env: Said): { kind: 'fs' } | { kind: 's3'; bucket: string } {
  const said = [
    { by: 'STORAGE', where: env.STORAGE, as: env.STORAGE },
    { by: 'FILE_STORAGE', where: env.FILE_STORAGE, as: env.FILE_STORAGE },
    { by: 'STORAGE_TYPE', where: env.STORAGE_TYPE && FILES_WITH[env.STORAGE_TYPE], as: env.STORAGE_TYPE },
  ].filter(({ where }) => where !== undefined);
  const [first] = said;
  const other = said.find(({ where }) => where !== first?.where);
  if (first && other) {
    throw new Error(
      `cannot start: ${first.by}=${first.as} puts files into ${NAMES[first.where!]}, and ${other.by}=${other.as} into ${NAMES[other.where!]}. Set one of the two`,
    );
  }
  const hybrid = env.STORAGE_TYPE === 'hybrid';
  const kind = first?.where ?? (hybrid || env.S3_BUCKET ? 's3' : 'fs');
  if (kind === 'fs') return { kind };
  if (env.S3_BUCKET) return { kind, bucket: env.S3_BUCKET };
  throw new Error(`cannot start: ${first ? `${first.by}=${first.as}` : 'STORAGE_TYPE=hybrid'} needs S3_BUCKET`);
}

const NAMES = { fs: 'a folder', s3: 'S3' } as const;

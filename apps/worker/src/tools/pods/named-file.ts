import { isKey } from '@reverie/storage';

/**
 * The file a manifest names, as a path below the prefix; undefined: it lies elsewhere, or nowhere. `prefix` is what pods
 * are told. A name is a key, `s3://bucket/key`, an address whose path ends with the key, or a path below the prefix.
 */
export function fileNamed(said: string, prefix: { key: string; uri: string }): string | undefined {
  const below = /^[a-z][a-z\d+.-]*:\/\//i.test(said) ? byAddress(said, prefix) : byKey(said, prefix.key);
  return below !== undefined && isKey(below) ? below : undefined;
}

const byKey = (said: string, key: string): string => (said.startsWith(`${key}/`) ? said.slice(key.length + 1) : said);

/** A bucket of that name may be anybody's behind another scheme; of s3 it must be ours. */
function byAddress(said: string, { key, uri }: { key: string; uri: string }): string | undefined {
  if (said.startsWith('s3://')) return said.startsWith(`${uri}/`) ? said.slice(uri.length + 1) : undefined;
  const path = pathOf(said);
  const at = path?.lastIndexOf(`/${key}/`) ?? -1;
  return at < 0 ? undefined : path!.slice(at + key.length + 2);
}

function pathOf(address: string): string | undefined {
  try {
    const { protocol, pathname } = new URL(address);
    return /^(https?|file):$/.test(protocol) ? decodeURIComponent(pathname) : undefined;
  } catch {
    return undefined;
  }
}

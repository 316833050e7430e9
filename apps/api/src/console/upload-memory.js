/** Which upload a file belongs to, also after the page was closed: the same file chosen again goes on. @param {File} file */
export function memoryOf({ name, size, lastModified }) {
  const entry = `reverie.upload.${size}.${lastModified}.${name}`;
  return {
    get: () => localStorage.getItem(entry),
    /** @param {string} id */
    set: (id) => localStorage.setItem(entry, id),
    forget: () => localStorage.removeItem(entry),
  };
}

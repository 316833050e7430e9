import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { generated } from './docs/generated.ts';

/** `npm run docs`: writes the documents that are read off the code. */
mkdirSync('docs', { recursive: true });
for (const [file, content] of Object.entries(await generated())) {
  const same = existsSync(file) && readFileSync(file, 'utf8') === content;
  if (!same) writeFileSync(file, content);
  console.log(`${same ? 'as it was' : 'written  '}  ${file}`);
}

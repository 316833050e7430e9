import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { scripts, text } from '../support/deploy-files.ts';

describe('Dockerfile', () => {
  const dockerfile = text('Dockerfile');
  const copied = [...dockerfile.matchAll(/^COPY (.+) (\S+)$/gm)].flatMap(([, from]) => from!.split(' '));

  test('has the Node that is pinned, and the pnpm that npm start uses', () => {
    const { nodeVersion } = parseYaml(text('pnpm-workspace.yaml')) as { nodeVersion: string };
    expect(dockerfile).toContain(`FROM node:${nodeVersion}-bookworm-slim`);
    const [pnpm] = /pnpm@[\d.]+/.exec(text('scripts/launch/install.mjs'))!;
    expect(dockerfile).toContain(`npx -y ${pnpm} install --prod --no-optional --frozen-lockfile`);
  });

  test('installs from every manifest of the workspace', () => {
    const manifests = ['apps', 'packages'].flatMap((dir) =>
      readdirSync(dir).map((name) => `${dir}/${name}/package.json`),
    );
    const wanted = [
      'package.json',
      'pnpm-lock.yaml',
      'pnpm-workspace.yaml',
      ...manifests.filter((file) => existsSync(file)),
    ];
    expect(wanted.filter((file) => !copied.includes(file))).toEqual([]);
  });

  test('copies what is there, and nothing that .dockerignore keeps out', () => {
    const ignored = text('.dockerignore')
      .split('\n')
      .filter((line) => line && !line.startsWith('#'));
    expect(copied.filter((path) => !existsSync(path) || ignored.includes(path))).toEqual([]);
    expect(ignored).toEqual(expect.arrayContaining(['.env', '.git', '**/node_modules']));
  });

  test('runs the API by default, under a user who owns nothing, with signals passed on', () => {
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/^ENTRYPOINT \["tini", "-s", "--"\]$/m);
    expect(dockerfile).toContain('CMD ["node", "apps/api/src/main.ts"]');
    for (const tool of ['ffmpeg', 'espeak-ng', 'tini'])
      expect(dockerfile).toMatch(new RegExp(`install .*\\b${tool}\\b`));
    expect(scripts(dockerfile).filter((file) => !existsSync(file))).toEqual([]);
  });
});

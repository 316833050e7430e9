import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { postgresRoom } from './postgres-room.ts';
import { unprivileged as user } from './unprivileged.ts';

test('is the folder itself for an ordinary user', () => {
  const dir = mkdtempSync(join(tmpdir(), 'reverie-room-'));
  expect(postgresRoom(dir, { user: undefined, durable: false })).toBe(dir);
  rmSync(dir, { recursive: true });
});

describe.skipIf(!user)('for root, in a folder that nobody cannot enter', () => {
  const room = (closed: string) => postgresRoom(join(closed, 'postgres'), { user, durable: false });

  test('is elsewhere, the same the next time, and gone when the folder is', () => {
    const closed = mkdtempSync(join(tmpdir(), 'reverie-closed-'));
    const elsewhere = room(closed);
    expect(elsewhere).not.toContain(closed);
    expect(room(closed)).toBe(elsewhere);

    rmSync(closed, { recursive: true });
    mkdirSync(closed, { mode: 0o700 });
    expect(room(closed)).not.toBe(elsewhere);
    expect(existsSync(elsewhere)).toBe(false);
    rmSync(closed, { recursive: true });
  });
});

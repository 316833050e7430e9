# One image for all apps: the API is `node apps/api/src/main.ts`, a worker `node apps/worker/src/main.ts`, the reference
# pod `node apps/pod/src/main.ts`. There is no build step, Node runs the TypeScript as it is.
FROM node:24.21.0-bookworm-slim

# ffmpeg with libx264, libass and freetype; espeak-ng speaks where there is no OPENAI_API_KEY; tini passes SIGTERM on.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates espeak-ng ffmpeg fonts-noto-cjk tini \
  && rm -rf /var/lib/apt/lists/*

WORKDIR /app

# Manifests first: as long as they stay the same, so does the layer with the packages.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY apps/api/package.json apps/api/
COPY apps/pod/package.json apps/pod/
COPY apps/worker/package.json apps/worker/
COPY packages/contracts/package.json packages/contracts/
COPY packages/db/package.json packages/db/
COPY packages/embedded/package.json packages/embedded/
COPY packages/media/package.json packages/media/
COPY packages/models/package.json packages/models/
COPY packages/net/package.json packages/net/
COPY packages/pipelines/package.json packages/pipelines/
COPY packages/queue/package.json packages/queue/
COPY packages/storage/package.json packages/storage/
RUN npx -y pnpm@12.21.0 install --prod --no-optional --frozen-lockfile \
  && rm -rf /root/.npm /root/.local /root/.cache

COPY apps apps
COPY packages packages
COPY drizzle drizzle

ENV NODE_ENV=production
USER node
# -s: tini also reaps where it is not process 1, as on Fly.
ENTRYPOINT ["tini", "-s", "--"]
CMD ["node", "apps/api/src/main.ts"]

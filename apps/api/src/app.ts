import helmet from '@fastify/helmet';
import Fastify, { type FastifyBaseLogger } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { auth } from './plugins/auth.ts';
import { board } from './plugins/board.ts';
import { bodyTime } from './plugins/body-time.ts';
import { webConsole } from './plugins/console.ts';
import { idleConnections } from './plugins/idle-connections.ts';
import { metrics } from './plugins/metrics.ts';
import { openapi } from './plugins/openapi.ts';
import { problems, sendProblem } from './plugins/problems.ts';
import { jsonBodies } from './plugins/signed.ts';
import { admin } from './routes/admin.ts';
import type { Api } from './routes/api.ts';
import { artifactPuts } from './routes/artifact-puts.ts';
import { artifacts } from './routes/artifacts.ts';
import { captionJobs } from './routes/captions.ts';
import { dreamVideo } from './routes/dream-video.ts';
import { dreams } from './routes/dreams.ts';
import { folders } from './routes/folders.ts';
import { health } from './routes/health.ts';
import { jobControls } from './routes/job-controls.ts';
import { jobStream } from './routes/job-stream.ts';
import { jobWait } from './routes/job-wait.ts';
import { jobs } from './routes/jobs.ts';
import { posts } from './routes/posts.ts';
import { reports } from './routes/reports.ts';
import { segmentEvents } from './routes/segment-events.ts';
import { segments } from './routes/segments.ts';
import { uploads } from './routes/uploads.ts';
import { videoParts } from './routes/video-parts.ts';
import { videoSearch } from './routes/video-search.ts';
import { videos } from './routes/videos.ts';
import { webhookDeliveries } from './routes/webhook-deliveries.ts';
import { webhookEndpoints } from './routes/webhook-endpoints.ts';
import { webhook } from './sources/webhook.ts';

/** What is mounted where. */
export async function buildApp(api: Api) {
  const app = Fastify({
    loggerInstance: api.log as FastifyBaseLogger,
    bodyLimit: 256 * 1024,
    frameworkErrors: (error, request, reply) => sendProblem(request, reply, error),
    trustProxy: api.config.trustProxy,
    routerOptions: { maxParamLength: 2_048 }, // an artifact's key is one parameter
    requestTimeout: 0, // see bodyTime
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);

  problems(app);
  bodyTime(app);
  idleConnections(app);
  jsonBodies(app);
  auth(app, { db: api.db, mode: api.config.auth });
  // Whether all of a host is HTTPS is for whoever ends the TLS to say.
  await app.register(helmet, { contentSecurityPolicy: false, strictTransportSecurity: false });
  await openapi(app, api.config);

  await app.register(dreams(api));
  await app.register(dreamVideo(api));
  await app.register(jobs(api));
  await app.register(jobControls(api));
  await app.register(jobWait(api));
  await app.register(jobStream(api));
  await app.register(captionJobs(api));
  await app.register(videos(api));
  await app.register(videoParts(api));
  await app.register(videoSearch(api));
  await app.register(posts(api));
  await app.register(segments(api));
  await app.register(segmentEvents(api));
  await app.register(webhook(api));
  await app.register(artifacts(api));
  await app.register(folders(api));
  await app.register(artifactPuts(api));
  await app.register(uploads(api));
  await app.register(reports(api));
  await app.register(webhookEndpoints(api));
  await app.register(webhookDeliveries(api));
  await app.register(admin(api));
  await app.register(health(api));
  metrics(app, api);
  await board(app, api.queue);
  webConsole(app, api);
  return app;
}

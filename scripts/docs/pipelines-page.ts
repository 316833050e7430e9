import { hasEnded, JOB_MOVES, JOB_STATUSES } from '@reverie/contracts';
import { dependencies, PIPELINES, type Pipeline, type Stage } from '@reverie/pipelines';
import { GENERATED, mermaid, page, table } from './markdown.ts';

const INTRODUCTION = `# Pipelines

A pipeline is an input and an ordered list of stages. A stage starts when every stage whose results it needs has ended
well, so stages that do not need each other run side by side. \`POST /jobs\` takes all of them; the input is checked
before the job is accepted.

A stage is tried again after a failure that may pass, until its attempts are used up. It is stopped, and that counts
as such a failure, when it takes longer than its limit or shows no progress for the time given.`;

const LIFE = `## The life of a job

These are the only moves there are. What has ended stays as it is until somebody asks for a retry, which repeats only
the stages that are not finished.`;

/** docs/pipelines.md */
export const pipelinesPage = (): string =>
  page(GENERATED, INTRODUCTION, ...PIPELINES.flatMap(pipelineParts), LIFE, lifeOfAJob());

const pipelineParts = (pipeline: Pipeline): string[] => [
  `## ${pipeline.name}`,
  `${pipeline.summary}.`,
  graph(pipeline),
  '### Input',
  table(['Field', 'Type', 'Required', 'What it is'], inputRows(pipeline)),
  '### Stages',
  table(
    ['Stage', 'Fleet', 'Needs', 'Gives', 'Time limit', 'Without progress', 'Attempts'],
    pipeline.stages.map(stageRow),
  ),
];

/** A fan-out is drawn as many: one task for each of its parts. */
function graph(pipeline: Pipeline): string {
  const boxes = pipeline.stages.map(({ kind, name, fleet }) =>
    kind === 'fanOut' ? `  ${name}[["${name}<br>${fleet}, a task a part"]]` : `  ${name}["${name}<br>${fleet}"]`,
  );
  const arrows = pipeline.stages.flatMap((stage) => {
    const before = dependencies(pipeline, stage);
    // What another one waits for already is waited for anyway: fewer arrows say the same.
    const direct = before.filter((each) => !before.some((other) => reaches(pipeline, other, each)));
    return (direct.length === 0 ? ['input'] : direct.map(({ name }) => name)).map(
      (from) => `  ${from} --> ${stage.name}`,
    );
  });
  return mermaid(['flowchart LR', '  input(("input"))', ...boxes, ...arrows]);
}

const reaches = (pipeline: Pipeline, stage: Stage, earlier: Stage): boolean =>
  dependencies(pipeline, stage).some((each) => each === earlier || reaches(pipeline, each, earlier));

function inputRows({ input }: Pipeline): string[][] {
  const { properties = {}, required = [] } = input.toJSONSchema({ io: 'input', unrepresentable: 'any' }) as JsonSchema;
  return Object.entries(properties).map(([name, field]) => [
    `\`${name}\``,
    typeOf(field),
    required.includes(name) ? 'yes' : field.default === undefined ? 'no' : `no, \`${String(field.default)}\``,
    field.description ?? '',
  ]);
}

interface JsonSchema {
  type?: string;
  format?: string;
  enum?: unknown[];
  default?: unknown;
  description?: string;
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
}

function typeOf({ type, format, enum: choices, items, properties, maxLength, maxItems }: JsonSchema): string {
  if (choices) return choices.map((choice) => `\`${String(choice)}\``).join(', ');
  if (type === 'array') return `up to ${maxItems ?? 'any number of'} of: ${typeOf(items ?? {})}`;
  if (type === 'object') {
    return `{ ${Object.entries(properties ?? {})
      .map(([name, field]) => `${name}: ${typeOf(field)}`)
      .join(', ')} }`;
  }
  return [format ?? type ?? 'anything', maxLength && `up to ${maxLength} characters`].filter(Boolean).join(', ');
}

const stageRow = ({ name, fleet, needs, gives, limits }: Stage): string[] => [
  `\`${name}\``,
  fleet,
  namesIn(needs),
  namesIn(gives),
  `${limits.seconds} s`,
  `${limits.stillSeconds} s`,
  String(limits.attempts),
];

const namesIn = ({ shape }: Stage['needs']): string =>
  Object.entries(shape as Record<string, { safeParse(value: unknown): { success: boolean } }>)
    .map(([name, field]) => (field.safeParse(undefined).success ? `\`${name}\`?` : `\`${name}\``))
    .join(', ');

function lifeOfAJob(): string {
  const moves = JOB_STATUSES.flatMap((from) => JOB_MOVES[from].map((to) => ({ from, to })));
  return mermaid([
    'stateDiagram-v2',
    `  [*] --> ${JOB_STATUSES[0]}: submit`,
    ...moves.map(({ from, to }) => `  ${from} --> ${to}${hasEnded(from) ? ': retry' : ''}`),
    ...JOB_STATUSES.filter((status) => JOB_MOVES[status].length === 0).map((status) => `  ${status} --> [*]`),
  ]);
}

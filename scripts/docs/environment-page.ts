import { GENERATED, page, table } from './markdown.ts';
import { type Variable, variableGroups } from './variables.ts';

const INTRODUCTION = `# Environment

All settings are environment variables. They are read once at start; every mistake is told at once, by name. An empty
value is the same as none. What stands in the environment wins over the \`.env\` file, and \`VL_CONFIG_FILE\` names
another file. Where a variable has several names, the first one that is set counts, and the one in front is ours.

\`npm start\` needs none of them: it chooses for itself what is missing, and says so. [.env.example](../.env.example) has
the same list to copy.`;

/** docs/environment.md */
export const environmentPage = (): string =>
  page(
    GENERATED,
    INTRODUCTION,
    ...variableGroups().flatMap(({ title, variables }) => [
      `## ${title}`,
      table(['Variable', 'Read by', 'Default', 'What for'], variables.map(rowOf)),
    ]),
  );

const rowOf = ({ name, aliases, readBy, required, secret, shown, allowed, purpose }: Variable): string[] => [
  [`\`${name}\``, ...aliases.map((alias) => `or \`${alias}\``)].join('<br>'),
  readBy,
  required ? '**required**' : (shown ?? '–'),
  [`${purpose}.`, allowed && `Allowed: ${allowed}.`, secret && '**Secret.**'].filter(Boolean).join(' '),
];

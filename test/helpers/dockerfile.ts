import { readFileSync } from 'node:fs';
import { DockerfileParser } from 'dockerfile-ast';

/** The Dockerfile of the project. */
export const dockerfile = DockerfileParser.parse(readFileSync('Dockerfile', 'utf8'));

/** The arguments of the COPY lines from a stage, the target last; null for those from the context. */
export const copiesFrom = (stage: string | null): string[][] =>
  dockerfile
    .getCOPYs()
    .filter((copy) => (copy.getFromFlag()?.getValue() ?? null) === stage)
    .map((copy) => copy.getArguments().map((argument) => argument.getValue()));

/** The raw arguments of all instructions of this name. */
export const contentsOf = (keyword: string): (string | null)[] =>
  dockerfile
    .getInstructions()
    .filter((instruction) => instruction.getKeyword() === keyword)
    .map((instruction) => instruction.getArgumentsContent());

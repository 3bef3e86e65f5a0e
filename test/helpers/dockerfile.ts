import { readFileSync } from 'node:fs';
import { DockerfileParser } from 'dockerfile-ast';

/** The Dockerfile of the project. */
export const dockerfile = DockerfileParser.parse(readFileSync('Dockerfile', 'utf8'));

/** Words of the COPY lines of a stage, the target last; null for those from the context. */
export const copiesFrom = (stage: string | null): string[][] =>
  dockerfile
    .getCOPYs()
    .filter((copy) => (copy.getFromFlag()?.getValue() ?? null) === stage)
    .map((copy) => copy.getArguments().map((argument) => argument.getValue()));

/** The arguments, as they stand, of all instructions of this name. */
export const contentsOf = (keyword: string): (string | null)[] =>
  dockerfile
    .getInstructions()
    .filter((instruction) => instruction.getKeyword() === keyword)
    .map((instruction) => instruction.getArgumentsContent());

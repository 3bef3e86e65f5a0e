import { writeFileSync } from 'node:fs';
import { COPY, DOCUMENT, findRefused, readThirdParty, toDocument } from './third-party.ts';

const thirdParty = readThirdParty();
const refused = findRefused(thirdParty);
if (refused.length > 0) throw new Error(`licences that are not allowed:\n${refused.join('\n')}`);
const document = toDocument(thirdParty);
for (const file of [DOCUMENT, COPY]) writeFileSync(file, document);
process.stdout.write(`${DOCUMENT}: ${thirdParty.bundled.length} packages are distributed with the program\n`);

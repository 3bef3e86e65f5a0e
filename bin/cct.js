#!/usr/bin/env node
import { runProcess } from '../dist/cct.cjs';

await runProcess(process);

#!/usr/bin/env node
import { runProcess } from '../dist/cct.js';

await runProcess(process);

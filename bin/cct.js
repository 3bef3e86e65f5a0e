#!/usr/bin/env node
const { runProcess } = require('../dist/cct.cjs');

void runProcess(process);

#!/usr/bin/env node
import { main } from '../dist/cli/main.js';

// Connections that a failed start left open must not keep the command alive.
process.exit(await main(process.argv.slice(2)));

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildConsole } from './console-build.ts';

// `npm start`: the console alone, configured by the environment. It is built first where its sources changed.
const { folder } = await buildConsole();
// Many systems set HOSTNAME to the machine's own name, to which the server would bind.
Object.assign(process.env, {
  NODE_ENV: 'production',
  HOSTNAME: process.env.HOST ?? '0.0.0.0',
  PORT: process.env.PORT ?? '3000',
});
process.chdir(folder);
await import(pathToFileURL(join(folder, 'server.js')).href);

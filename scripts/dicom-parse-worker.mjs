// Reads and draws DICOM objects off the event loop. Started by path from the working directory, so
// that development, tests and the built server run the same file.
import './ts-hooks.mjs';
import { parentPort } from 'node:worker_threads';

const { runTask } = await import('../src/lib/server/archive/parse-tasks.ts');

parentPort.on('message', async ({ id, task }) => {
	parentPort.postMessage({ id, ...(await runTask(task)) });
});
parentPort.postMessage({ ready: true });

// Draws one synthetic study at a time, off the main thread.
import { parentPort } from 'node:worker_threads';
import './ts-hooks.mjs';

const { echoStudy } = await import('../src/lib/server/seed/synth/echo-study.ts');
const { carotidStudy } = await import('../src/lib/server/seed/synth/carotid-study.ts');

parentPort.on('message', async ({ scanned, heart }) => {
	const files = heart
		? await echoStudy(scanned, heart.values, heart.plan)
		: await carotidStudy(scanned);
	parentPort.postMessage(files);
});

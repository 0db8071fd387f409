import * as core from '@cornerstonejs/core';
import { init as initLoader } from '@cornerstonejs/dicom-image-loader';
import { scheme } from '../image-ids.ts';
import { loadPicture, metadataOf } from './picture-loader.ts';

/** Everything of the engine that is shared: workers, graphics contexts, cache. */
export interface Runtime {
	engine: core.RenderingEngine;
	/** True when stills are drawn without the graphics card. */
	onCpu: boolean;
	/** Give it back; the last one to do so frees all of it. */
	release(): void;
}

const engineId = 'readroom';
const workers = 'dicomImageLoader';
let users = 0;
let running: { engine: core.RenderingEngine; onCpu: boolean } | null = null;
let prepared = false;

/**
 * The one owner of the engine: counts its users and frees memory, workers and graphics contexts
 * when the last has gone. Only call from the browser.
 */
export function acquire(): Runtime {
	running ??= start();
	users++;
	let held = true;
	return {
		...running,
		release() {
			if (!held) return;
			held = false;
			if (--users === 0) stop();
		}
	};
}

function start() {
	const { engineMode, contexts } = { engineMode: 'contextPool' as const, contexts: 1 };
	core.init({
		rendering: { renderingEngineMode: engineMode, webGlContextCount: contexts }
	} as Parameters<typeof core.init>[0]);
	if (!prepared) {
		prepared = true;
		const threads = Math.max(1, Math.min(4, (navigator.hardwareConcurrency ?? 2) - 1));
		initLoader({ maxWebWorkers: threads });
		core.imageLoader.registerImageLoader(scheme, loadPicture);
		core.metaData.addProvider(metadataOf, 10_000);
		// Ours is the cache that decides; this one holds the stills on the screen.
		core.cache.setMaxCacheSize(128 * 1024 * 1024);
	}
	const onCpu = core.getShouldUseCPURendering();
	return { engine: new core.RenderingEngine(engineId), onCpu };
}

function stop() {
	running?.engine.destroy();
	running = null;
	core.cache.purgeCache();
	core.getWebWorkerManager().terminate(workers);
}

/** After a lost graphics context: from here on the processor draws. */
export function useProcessor(): void {
	core.setUseCPURendering(true, false);
	running?.engine.destroy();
	if (running) running = { engine: new core.RenderingEngine(engineId), onCpu: true };
}

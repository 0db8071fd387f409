import * as core from '@cornerstonejs/core';
import { init as initLoader } from '@cornerstonejs/dicom-image-loader';
import { scheme } from '../image-ids.ts';
import { loadPicture, metadataOf } from './picture-loader.ts';

/** Everything of the engine that is shared: workers, graphics contexts, cache. */
export interface Runtime {
	readonly engine: core.RenderingEngine;
	/** Stills are drawn without the graphics card: there is none, or it was lost. */
	readonly onProcessor: boolean;
	/** Called after a lost graphics context: the engine is a new one, viewports have to be made anew. */
	whenReplaced(listener: () => void): () => void;
	/** Give it back; the last one to do so frees all of it. */
	release(): void;
}

const engineId = 'readroom';
const workers = 'dicomImageLoader';
const replaced = new Set<() => void>();
let users = 0;
let running: core.RenderingEngine | null = null;
let prepared = false;

/**
 * The one owner of the engine: counts its users and frees memory, workers and graphics contexts
 * when the last has gone. Only call from the browser.
 */
export function acquire(): Runtime {
	prepare();
	users++;
	let held = true;
	return {
		get engine() {
			running ??= new core.RenderingEngine(engineId);
			return running;
		},
		get onProcessor() {
			return core.getShouldUseCPURendering();
		},
		whenReplaced(listener) {
			replaced.add(listener);
			return () => replaced.delete(listener);
		},
		release() {
			if (!held) return;
			held = false;
			if (--users === 0) stop();
		}
	};
}

function prepare() {
	if (prepared) return;
	prepared = true;
	// Without WebGL the engine turns to the processor by itself. One context is enough for stills.
	core.init({ rendering: { webGlContextCount: 1 } } as Parameters<typeof core.init>[0]);
	const threads = Math.max(1, Math.min(4, (navigator.hardwareConcurrency ?? 2) - 1));
	initLoader({ maxWebWorkers: threads });
	core.imageLoader.registerImageLoader(scheme, loadPicture);
	core.metaData.addProvider(metadataOf, 10_000);
	// What is decoded is kept by the playback; this cache holds the stills on the screen.
	core.cache.setMaxCacheSize(128 * 1024 * 1024);
	core.eventTarget.addEventListener(core.Enums.Events.WEBGL_CONTEXT_LOST, useProcessor);
}

function stop() {
	running?.destroy();
	running = null;
	core.cache.purgeCache();
	core.getWebWorkerManager().terminate(workers);
}

/** The graphics card went away (driver, sleep, another tab): from here on the processor draws. */
function useProcessor() {
	if (!running || core.getShouldUseCPURendering()) return;
	core.setUseCPURendering(true, false);
	running.destroy();
	running = null;
	for (const listener of replaced) listener();
}

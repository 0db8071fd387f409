import type { Point } from './regions.ts';

/** Values shown black and white, in the image's own numbers (0–255 for 8-bit pictures). */
export interface Window {
	centre: number;
	width: number;
}

/** How a person has set one viewport; independent of its size on the screen. */
export interface Presentation {
	/** 1 fits the whole image. */
	zoom: number;
	/** The image point in the middle; null is the image's own middle. */
	centre: Point | null;
	/** Null: as acquired. */
	window: Window | null;
}

export const asAcquired: Presentation = { zoom: 1, centre: null, window: null };

export interface ImageSize {
	columns: number;
	rows: number;
	/** Height of a pixel divided by its width. */
	pixelAspect: number;
}

/** CSS pixels. */
export interface Size {
	width: number;
	height: number;
}

/** Screen = image · scale + offset, in CSS pixels of the viewport. */
export interface Placement {
	scaleX: number;
	scaleY: number;
	left: number;
	top: number;
}

export function place(image: ImageSize, viewport: Size, presentation: Presentation): Placement {
	const tall = image.rows * image.pixelAspect;
	const fit = Math.min(viewport.width / image.columns, viewport.height / tall);
	const scaleX = Math.max(fit, 1e-6) * presentation.zoom;
	const scaleY = scaleX * image.pixelAspect;
	const [column, row] = presentation.centre ?? [image.columns / 2, image.rows / 2];
	return {
		scaleX,
		scaleY,
		left: viewport.width / 2 - column * scaleX,
		top: viewport.height / 2 - row * scaleY
	};
}

export function toScreen({ scaleX, scaleY, left, top }: Placement, [column, row]: Point): Point {
	return [column * scaleX + left, row * scaleY + top];
}

export function toImage({ scaleX, scaleY, left, top }: Placement, [x, y]: Point): Point {
	return [(x - left) / scaleX, (y - top) / scaleY];
}

const zoomLimits = { least: 0.25, most: 32 };

/** Zooms by a factor and keeps the image point under `at` (screen) where it is. */
export function zoomAbout(
	image: ImageSize,
	viewport: Size,
	presentation: Presentation,
	factor: number,
	at: Point
): Presentation {
	const zoom = Math.min(zoomLimits.most, Math.max(zoomLimits.least, presentation.zoom * factor));
	const held = toImage(place(image, viewport, presentation), at);
	const after = place(image, viewport, { ...presentation, zoom });
	const centre: Point = [
		held[0] + (viewport.width / 2 - at[0]) / after.scaleX,
		held[1] + (viewport.height / 2 - at[1]) / after.scaleY
	];
	return { ...presentation, zoom, centre: kept(image, centre) };
}

/** Moves the picture by screen pixels; its middle can be reached, never lost. */
export function panBy(
	image: ImageSize,
	viewport: Size,
	presentation: Presentation,
	[dx, dy]: Point
): Presentation {
	const { scaleX, scaleY } = place(image, viewport, presentation);
	const [column, row] = presentation.centre ?? [image.columns / 2, image.rows / 2];
	return { ...presentation, centre: kept(image, [column - dx / scaleX, row - dy / scaleY]) };
}

const kept = (image: ImageSize, [column, row]: Point): Point => [
	Math.min(image.columns, Math.max(0, column)),
	Math.min(image.rows, Math.max(0, row))
];

/** A drag to the right widens, a drag upwards brightens: 1 px is 1/256 of `range` of values. */
export function windowBy(window: Window, range: number, [dx, dy]: Point): Window {
	const step = (range > 0 ? range : 1) / 256;
	return {
		width: Math.max(step, window.width + dx * step),
		centre: window.centre + dy * step
	};
}

/** out = in · slope + intercept, both from 0 to 1, for 8-bit pictures. */
export function rampOf({ centre, width }: Window): { slope: number; intercept: number } {
	return { slope: 255 / width, intercept: -(centre - width / 2) / width };
}

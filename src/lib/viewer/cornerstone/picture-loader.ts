import { Enums, utilities } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';

/** A still as the engine takes it: colours without alpha, or greys. */
export interface Still {
	imageId: string;
	rows: number;
	columns: number;
	pixelAspect: number;
	/** Three samples a pixel, or one. */
	samples: Uint8Array | Float32Array;
	colour: boolean;
	least: number;
	most: number;
}

const stills = new Map<string, Still>();

/** The engine asks by id only; whoever shows a still puts it here first and takes it away after. */
export const stillStore = {
	put: (still: Still) => void stills.set(still.imageId, still),
	remove: (imageId: string) => void stills.delete(imageId)
};

/** Our image loader: the pixels are decoded already, it only dresses them for the engine. */
export function loadPicture(imageId: string) {
	const still = stills.get(imageId);
	return {
		promise: still
			? Promise.resolve(imageOf(still))
			: Promise.reject(new Error(`No still for ${imageId}`))
	};
}

function imageOf(still: Still): Types.IImage {
	const { imageId, rows, columns, samples, colour, least, most } = still;
	const voxelManager = utilities.VoxelManager.createImageVoxelManager({
		scalarData: samples,
		width: columns,
		height: rows,
		numberOfComponents: colour ? 3 : 1
	} as Parameters<typeof utilities.VoxelManager.createImageVoxelManager>[0]);
	const image = {
		imageId,
		minPixelValue: least,
		maxPixelValue: most,
		slope: 1,
		intercept: 0,
		windowCenter: (least + most) / 2,
		windowWidth: most > least ? most - least : 1,
		voiLUTFunction: Enums.VOILUTFunctionType.LINEAR,
		getPixelData: () => samples,
		getCanvas: undefined,
		rows,
		columns,
		height: rows,
		width: columns,
		color: colour,
		rgba: false,
		numberOfComponents: colour ? 3 : 1,
		rowPixelSpacing: still.pixelAspect,
		columnPixelSpacing: 1,
		invert: false,
		photometricInterpretation: colour ? 'RGB' : 'MONOCHROME2',
		sizeInBytes: samples.byteLength,
		dataType: colour ? 'Uint8Array' : 'Float32Array',
		stats: {},
		voxelManager
	};
	return image as unknown as Types.IImage;
}

/** The modules the engine asks for, in pixels: one unit is one column. */
export function metadataOf(type: string, imageId: unknown): unknown {
	const still = typeof imageId === 'string' ? stills.get(imageId) : undefined;
	if (!still) return undefined;
	const { rows, columns, colour } = still;
	switch (type) {
		case Enums.MetadataModules.IMAGE_PIXEL:
			return {
				rows,
				columns,
				samplesPerPixel: colour ? 3 : 1,
				photometricInterpretation: colour ? 'RGB' : 'MONOCHROME2',
				bitsAllocated: colour ? 8 : 32,
				bitsStored: colour ? 8 : 32,
				highBit: colour ? 7 : 31,
				pixelRepresentation: 0
			};
		case Enums.MetadataModules.IMAGE_PLANE:
			return {
				frameOfReferenceUID: imageId,
				rows,
				columns,
				imageOrientationPatient: [1, 0, 0, 0, 1, 0],
				rowCosines: [1, 0, 0],
				columnCosines: [0, 1, 0],
				imagePositionPatient: [0, 0, 0],
				pixelSpacing: [still.pixelAspect, 1],
				rowPixelSpacing: still.pixelAspect,
				columnPixelSpacing: 1
			};
		case Enums.MetadataModules.GENERAL_SERIES:
			return { modality: 'US' };
		case Enums.MetadataModules.VOI_LUT:
			return {
				windowCenter: [(still.least + still.most) / 2],
				windowWidth: [still.most - still.least]
			};
		case Enums.MetadataModules.MODALITY_LUT:
			return { rescaleSlope: 1, rescaleIntercept: 0 };
		default:
			return undefined;
	}
}

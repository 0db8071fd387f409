import type { VesselMap } from '../vessel-map.ts';

/** The frame of both pictures of the legs: outer and inner contour. */
export const legs: Pick<VesselMap, 'width' | 'height' | 'outline'> = {
	width: 264,
	height: 384,
	outline: [
		[
			[70, 62],
			[54, 100],
			[50, 150],
			[58, 214],
			[66, 246],
			[62, 272],
			[58, 300],
			[64, 340],
			[54, 366],
			[50, 380]
		],
		[
			[128, 132],
			[124, 170],
			[114, 222],
			[108, 250],
			[112, 290],
			[104, 338],
			[100, 366],
			[88, 380]
		]
	]
};

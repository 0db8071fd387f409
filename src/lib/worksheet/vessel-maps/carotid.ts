import type { VesselMap } from '../vessel-map.ts';

/** Arch, carotids and vertebrals. The left carotid and subclavian come from the arch itself. */
export const carotid: VesselMap = {
	id: 'carotid',
	width: 240,
	height: 236,
	outline: [
		// Jaw, neck and shoulder.
		[
			[10, 4],
			[8, 50],
			[12, 92],
			[11, 122],
			[6, 136],
			[1, 142]
		]
	],
	trunk: {
		width: 17,
		points: [
			[84, 235],
			[90, 218],
			[112, 210],
			[142, 212],
			[156, 235]
		]
	},
	vessels: [
		{
			id: 'innominate',
			name: 'brachiocephalic trunk',
			label: 'BCT',
			width: 11,
			paired: false,
			at: [66, 200],
			points: [
				[104, 206],
				[96, 188],
				[84, 172]
			]
		},
		{
			id: 'subclavian',
			name: 'subclavian artery',
			label: 'SUBCL',
			width: 9,
			paired: true,
			at: [26, 166],
			points: [
				[84, 172],
				[66, 162],
				[46, 166],
				[20, 184]
			],
			left: {
				points: [
					[142, 206],
					[152, 184],
					[168, 164],
					[194, 166],
					[220, 184]
				],
				at: [212, 166]
			}
		},
		{
			id: 'cca',
			name: 'common carotid artery',
			label: 'CCA',
			width: 9,
			paired: true,
			at: [76, 140],
			points: [
				[84, 172],
				[83, 140],
				[84, 108]
			],
			left: {
				points: [
					[126, 204],
					[138, 182],
					[156, 150],
					[156, 108]
				],
				at: [166, 140]
			}
		},
		{
			id: 'vertebral',
			name: 'vertebral artery',
			label: 'VERT',
			width: 6,
			paired: true,
			at: [37, 110],
			points: [
				[62, 162],
				[46, 142],
				[42, 100],
				[43, 58],
				[58, 29],
				[90, 18],
				[117, 12]
			]
		},
		{
			id: 'eca',
			name: 'external carotid artery',
			label: 'ECA',
			width: 6,
			paired: true,
			at: [111, 42],
			points: [
				[86, 92],
				[95, 78],
				[98, 62],
				[97, 48]
			]
		},
		{
			id: 'bulb',
			name: 'carotid bulb',
			label: 'BULB',
			width: 14,
			paired: true,
			at: [72, 104],
			points: [
				[84, 106],
				[83, 96],
				[80, 88]
			]
		},
		{
			id: 'ica',
			name: 'internal carotid artery',
			label: 'ICA',
			width: 8,
			paired: true,
			at: [68, 66],
			points: [
				[80, 86],
				[76, 70],
				[76, 52],
				[82, 34]
			]
		}
	]
};

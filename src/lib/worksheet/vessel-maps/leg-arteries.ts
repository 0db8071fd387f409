import type { VesselMap } from '../vessel-map.ts';
import { legs } from './legs.ts';

/** From the aorta to the feet. */
export const legArteries: VesselMap = {
	...legs,
	id: 'leg_arteries',
	vessels: [
		{
			id: 'aorta',
			name: 'abdominal aorta',
			label: 'AO',
			width: 11,
			paired: false,
			at: [150, 18],
			points: [
				[132, 6],
				[132, 26],
				[132, 44]
			]
		},
		{
			id: 'common_iliac',
			name: 'common iliac artery',
			label: 'CIA',
			width: 8,
			paired: true,
			at: [104, 60],
			points: [
				[132, 46],
				[122, 62],
				[112, 76]
			]
		},
		{
			id: 'external_iliac',
			name: 'external iliac artery',
			label: 'EIA',
			width: 8,
			paired: true,
			at: [84, 90],
			points: [
				[112, 78],
				[102, 94],
				[92, 112]
			]
		},
		{
			id: 'cfa',
			name: 'common femoral artery',
			label: 'CFA',
			width: 8,
			paired: true,
			at: [78, 116],
			points: [
				[91, 115],
				[88, 123],
				[87, 131]
			]
		},
		{
			id: 'dfa',
			name: 'deep femoral artery',
			label: 'DFA',
			width: 6,
			paired: true,
			at: [60, 160],
			points: [
				[86, 134],
				[76, 148],
				[71, 166],
				[70, 188]
			]
		},
		{
			id: 'sfa_prox',
			name: 'proximal superficial femoral artery',
			label: 'SFA',
			width: 7,
			paired: true,
			at: [118, 190],
			points: [
				[87, 134],
				[91, 150],
				[94, 166]
			]
		},
		{
			id: 'sfa_mid',
			name: 'middle superficial femoral artery',
			width: 7,
			paired: true,
			points: [
				[94, 170],
				[96, 187],
				[97, 203]
			]
		},
		{
			id: 'sfa_dist',
			name: 'distal superficial femoral artery',
			width: 7,
			paired: true,
			points: [
				[97, 207],
				[96, 222],
				[92, 238]
			]
		},
		{
			id: 'popliteal',
			name: 'popliteal artery',
			label: 'POP',
			width: 7,
			paired: true,
			at: [76, 258],
			points: [
				[91, 242],
				[88, 256],
				[87, 272]
			]
		},
		{
			id: 'ata',
			name: 'anterior tibial artery',
			label: 'ATA',
			width: 5,
			paired: true,
			at: [62, 316],
			points: [
				[86, 276],
				[75, 288],
				[71, 312],
				[74, 342]
			]
		},
		{
			id: 'peroneal',
			name: 'peroneal artery',
			label: 'PER',
			width: 5,
			paired: true,
			at: [92, 361],
			points: [
				[88, 276],
				[87, 294],
				[84, 316],
				[84, 346]
			]
		},
		{
			id: 'pta',
			name: 'posterior tibial artery',
			label: 'PTA',
			width: 5,
			paired: true,
			at: [122, 322],
			points: [
				[88, 276],
				[97, 292],
				[98, 318],
				[95, 352]
			]
		},
		{
			id: 'dpa',
			name: 'dorsalis pedis artery',
			label: 'DPA',
			width: 5,
			paired: true,
			at: [54, 358],
			points: [
				[74, 346],
				[70, 358],
				[64, 370]
			]
		}
	]
};

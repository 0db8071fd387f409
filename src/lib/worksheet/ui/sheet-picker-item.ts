/** What every line of a `SheetPicker` has: pressing it must not take the focus from the input. */
export const sheetPickerItem = {
	class: 'touch flex h-8 items-center gap-2 rounded-sm px-2 text-13 data-selected:bg-hover',
	onpointerdown: (event: PointerEvent) => event.preventDefault()
};

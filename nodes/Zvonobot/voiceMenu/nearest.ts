/** The known name that was probably meant, or undefined when none is near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
	const given = name.toLowerCase();
	const ranked = known
		.map((candidate) => ({ candidate, distance: distance(given, candidate.toLowerCase()) }))
		.sort((one, other) => one.distance - other.distance);
	const [best] = ranked;
	const most = Math.max(1, Math.floor(given.length / 3));
	return best !== undefined && best.distance <= most ? best.candidate : undefined;
}

/** How many letters have to be added, removed or changed (Levenshtein). */
function distance(from: string, to: string): number {
	let row = Array.from({ length: to.length + 1 }, (_, index) => index);
	for (const [index, letter] of [...from].entries()) {
		const next = [index + 1];
		for (const [column, other] of [...to].entries()) {
			const changed = (row[column] ?? 0) + (letter === other ? 0 : 1);
			next.push(Math.min(changed, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
		}
		row = next;
	}
	return row[to.length] ?? 0;
}

/**
 * Runs `task` for 0..count-1, at most `limit` at once, started in order. A task that returns false
 * stops further ones from starting; those under way are waited for, never abandoned.
 */
export async function runPool(
	count: number,
	limit: number,
	task: (index: number) => Promise<boolean>,
): Promise<void> {
	let next = 0;
	let proceed = true;
	const worker = async () => {
		while (proceed && next < count) {
			const index = next++;
			if (!(await task(index))) proceed = false;
		}
	};
	await Promise.all(Array.from({ length: Math.min(limit, count) }, worker));
}

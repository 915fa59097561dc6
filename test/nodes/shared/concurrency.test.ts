import { sleep } from 'n8n-workflow';
import { runPool } from '../../../nodes/shared/concurrency';

/** Tasks that end when the test says so. */
function manualTasks() {
	const started: number[] = [];
	const finish = new Map<number, (proceed: boolean) => void>();
	const task = async (index: number) => {
		started.push(index);
		return await new Promise<boolean>((resolve) => finish.set(index, resolve));
	};
	const end = async (index: number, proceed = true) => {
		finish.get(index)?.(proceed);
		await sleep(0);
	};
	return { started, task, end };
}

it('runs every index once, started in order', async () => {
	const started: number[] = [];

	await runPool(100, 7, async (index) => {
		started.push(index);
		await sleep(index % 3);
		return true;
	});

	expect(started).toEqual(Array.from({ length: 100 }, (_, index) => index));
});

it('has at most the limit under way, and as many as the limit', async () => {
	let underWay = 0;
	let most = 0;

	await runPool(50, 5, async () => {
		most = Math.max(most, ++underWay);
		await sleep(1);
		underWay--;
		return true;
	});

	expect(most).toBe(5);
});

it('works one after another with a limit of 1', async () => {
	const { started, task, end } = manualTasks();
	const pool = runPool(2, 1, task);

	expect(started).toEqual([0]);
	await end(0);
	expect(started).toEqual([0, 1]);
	await end(1);
	await pool;
});

it('starts the next one as soon as any one ends', async () => {
	const { started, task, end } = manualTasks();
	const pool = runPool(4, 2, task);

	expect(started).toEqual([0, 1]);
	await end(1);
	expect(started).toEqual([0, 1, 2]);
	await end(2);
	expect(started).toEqual([0, 1, 2, 3]);
	await end(0);
	await end(3);
	await pool;
});

it('starts nothing more after a task that returned false', async () => {
	const { started, task, end } = manualTasks();
	const pool = runPool(10, 2, task);

	await end(0, false);
	await end(1);
	await pool;

	expect(started).toEqual([0, 1]);
});

it('waits for those under way after a task that returned false', async () => {
	const { task, end } = manualTasks();
	let over = false;
	const pool = runPool(10, 2, task).then(() => (over = true));

	await end(0, false);
	expect(over).toBe(false);
	await end(1);
	await pool;

	expect(over).toBe(true);
});

it.each([
	['nothing to do', 0, 10, 0],
	['fewer tasks than the limit', 3, 10, 3],
])('is done with %s', async (_, count, limit, runs) => {
	const task = jest.fn(async () => true);

	await runPool(count, limit, task);

	expect(task).toHaveBeenCalledTimes(runs);
});

it('passes on what a task throws', async () => {
	const failing = runPool(3, 1, async () => await Promise.reject(new Error('broken')));

	await expect(failing).rejects.toThrow('broken');
});

import { Attempts } from '../../../nodes/shared/attempts';

const NOW = 1_000_000;
const LATER = NOW + 60_000;

/** What becomes of a series of tries, right (true) or wrong (false), at one key. */
function takeAll(attempts: Attempts, id: string, tries: readonly boolean[], allowed = 3) {
	return tries.map((right) => attempts.take(id, right, allowed, LATER, NOW));
}

const sizeOf = (attempts: Attempts) => attempts['counts'].size;

describe('a key', () => {
	it('is accepted once, and is used up for right and wrong codes alike', () => {
		expect(takeAll(new Attempts(), 'a', [true, true, false, true])).toEqual([
			'verified',
			'used',
			'used',
			'used',
		]);
	});

	it('is accepted at the last attempt', () => {
		expect(takeAll(new Attempts(), 'a', [false, false, true])).toEqual([
			'wrong_code',
			'wrong_code',
			'verified',
		]);
	});

	it('stops working after as many wrong codes as allowed, also for the right one', () => {
		expect(takeAll(new Attempts(), 'a', [false, false, false, true, false])).toEqual([
			'wrong_code',
			'wrong_code',
			'wrong_code',
			'too_many_attempts',
			'too_many_attempts',
		]);
	});

	it.each([1, 3, 100])('has exactly %i wrong attempts, however many are made', (allowed) => {
		const tries = Array.from({ length: 1000 }, () => false);

		const judged = takeAll(new Attempts(), 'a', tries, allowed);

		expect(judged.filter((attempt) => attempt === 'wrong_code')).toHaveLength(allowed);
		expect(judged.lastIndexOf('wrong_code')).toBe(allowed - 1);
	});

	it('is counted by itself', () => {
		const attempts = new Attempts();
		takeAll(attempts, 'a', [false, false, false]);
		takeAll(attempts, 'b', [true]);

		expect(takeAll(attempts, 'c', [false, true])).toEqual(['wrong_code', 'verified']);
		expect(takeAll(attempts, '__proto__', [true, true])).toEqual(['verified', 'used']);
	});

	it('keeps its wrong attempts when another limit is asked for', () => {
		const attempts = new Attempts();
		takeAll(attempts, 'a', [false, false, false], 3);

		expect(takeAll(attempts, 'a', [true], 2)).toEqual(['too_many_attempts']);
		expect(takeAll(attempts, 'a', [false, true], 5)).toEqual(['wrong_code', 'verified']);
	});
});

describe('the memory', () => {
	it('keeps no more than it may, and forgets the oldest first', () => {
		const attempts = new Attempts(3);
		for (const id of ['a', 'b', 'c', 'd']) takeAll(attempts, id, [true]);

		expect(sizeOf(attempts)).toBe(3);
		expect(['b', 'c', 'd'].flatMap((id) => takeAll(attempts, id, [true]))).toEqual([
			'used',
			'used',
			'used',
		]);
		expect(takeAll(attempts, 'a', [true])).toEqual(['verified']);
		expect(sizeOf(attempts)).toBe(3);
	});

	it('forgets nothing when full and a known key comes again', () => {
		const attempts = new Attempts(2);
		takeAll(attempts, 'a', [true]);
		takeAll(attempts, 'b', [true]);

		for (let time = 0; time < 10; time++) takeAll(attempts, 'b', [false]);

		expect(takeAll(attempts, 'a', [true])).toEqual(['used']);
	});

	it('lets go of what has expired, although there is room', () => {
		const attempts = new Attempts(100);
		for (let id = 0; id < 50; id++) attempts.take(`early ${id}`, false, 3, NOW + 1, NOW);

		attempts.take('late', false, 3, LATER, NOW + 1);

		expect(sizeOf(attempts)).toBe(1);
	});

	it('keeps what has not expired', () => {
		const attempts = new Attempts(100);
		attempts.take('a', true, 3, NOW + 2, NOW);

		attempts.take('b', true, 3, LATER, NOW + 1);

		expect(attempts.take('a', true, 3, NOW + 2, NOW + 1)).toBe('used');
	});

	it('holds a single key when it may hold no more', () => {
		const attempts = new Attempts(1);

		expect(takeAll(attempts, 'a', [false, true, true])).toEqual(['wrong_code', 'verified', 'used']);
		expect(takeAll(attempts, 'b', [true, true])).toEqual(['verified', 'used']);
		expect(sizeOf(attempts)).toBe(1);
	});

	it('never grows beyond its bound, and remembers the newest', () => {
		const attempts = new Attempts(100);
		for (let id = 0; id < 10_000; id++) {
			expect(takeAll(attempts, String(id), [true, true])).toEqual(['verified', 'used']);
		}

		expect(sizeOf(attempts)).toBe(100);
		expect(takeAll(attempts, '9900', [true])).toEqual(['used']);
	});

	it('counts the last 100,000 keys unless it is told otherwise', () => {
		const attempts = new Attempts();
		for (let id = 0; id < 100_002; id++) attempts.take(String(id), true, 3, LATER, NOW);

		expect(sizeOf(attempts)).toBe(100_000);
		expect(takeAll(attempts, '2', [true])).toEqual(['used']);
		expect(takeAll(attempts, '1', [true])).toEqual(['verified']);
	});
});

describe('an attempt that somebody else judges', () => {
	it('counts while it is under way, and no more when nobody could judge it', () => {
		const attempts = new Attempts();
		const begin = () => attempts.begin('a', 2, LATER, NOW);

		expect([begin(), begin(), begin()]).toEqual([undefined, undefined, 'too_many_attempts']);
		attempts.drop('a');
		expect([begin(), begin()]).toEqual([undefined, 'too_many_attempts']);
		expect(attempts.wrong('a')).toBe(0);
	});

	it('knows of attempts before this process, and counts none of them twice', () => {
		const attempts = new Attempts();

		expect(attempts.begin('a', 3, LATER, NOW, 1)).toBeUndefined();
		attempts.judge('a', false);
		expect(attempts.wrong('a')).toBe(2);
		expect(attempts.begin('a', 3, LATER, NOW, 1)).toBeUndefined();
		attempts.judge('a', false);
		expect(attempts.begin('a', 3, LATER, NOW, 1)).toBe('too_many_attempts');
	});

	it('verifies once, although two were right at the same time', () => {
		const attempts = new Attempts();
		attempts.begin('a', 3, LATER, NOW);
		attempts.begin('a', 3, LATER, NOW);

		expect([attempts.judge('a', true), attempts.judge('a', true)]).toEqual(['verified', 'used']);
		expect(attempts.begin('a', 3, LATER, NOW)).toBe('used');
	});
});

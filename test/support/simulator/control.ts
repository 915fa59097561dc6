import type { FastifyInstance } from 'fastify';

import type { Clock } from './clock';
import { parseFault, type Faults } from './faults';
import type { Journal } from './journal';
import type { MobilgroupSimulator } from './mobilgroup';
import { parseOptions as parseMobilgroupOptions } from './mobilgroup/options';
import type { PlusofonSimulator, UserCallTarget } from './plusofon';
import type { UserCallOptions } from './plusofon/hooks';
import { parseOptions } from './plusofon/options';
import { isRecord } from './types';
import type { ZvonobotSimulator } from './zvonobot';
import { parseOptions as parseZvonobotOptions } from './zvonobot/options';
import { parseDelivery, parsePlay, parseTarget as parseCall } from './zvonobot/play';

/** Requests under this path steer the simulator and never reach a provider or the journal. */
export const CONTROL_PREFIX = '/_sim/';

export interface Controlled {
	journal: Journal;
	faults: Faults;
	clock: Clock;
	plusofon: PlusofonSimulator;
	mobilgroup: MobilgroupSimulator;
	zvonobot: ZvonobotSimulator;
	reset: () => void;
}

/** The simulator's actions over HTTP, for tests that run in another process. */
export function registerControl(app: FastifyInstance, of: Controlled): void {
	app.setErrorHandler(async (error, _request, reply) => {
		const message = error instanceof Error ? error.message : String(error);
		return await reply.code(400).send({ error: message });
	});

	app.get('/_sim/journal', async () => of.journal.snapshot());
	app.delete('/_sim/journal', async () => {
		of.journal.clear();
		return { ok: true };
	});

	app.get('/_sim/faults', async () => of.faults.pending());
	/** One fault or a list of them. */
	app.post('/_sim/faults', async ({ body }) => {
		const list: unknown[] = Array.isArray(body) ? body : [body];
		of.faults.add(...list.map(parseFault));
		return { ok: true };
	});
	app.delete('/_sim/faults', async () => {
		of.faults.clear();
		return { ok: true };
	});

	app.post('/_sim/reset', async () => {
		of.reset();
		return { ok: true };
	});
	app.post('/_sim/clock', async ({ body }) => {
		if (!isRecord(body) || typeof body.advanceMs !== 'number') {
			throw new Error('advanceMs must be a number');
		}
		of.clock.advance(body.advanceMs);
		return { now: of.clock.now() };
	});

	app.get('/_sim/plusofon', async () => of.plusofon.snapshot());
	app.get('/_sim/plusofon/pins', async () =>
		Object.fromEntries(of.plusofon.snapshot().keys.map(({ key, pin }) => [key, pin])),
	);
	app.patch('/_sim/plusofon', async ({ body }) => {
		of.plusofon.setOptions(parseOptions(body));
		return of.plusofon.options;
	});
	/** {key} or {phone} says who calls; {how} is UserCallOptions. */
	app.post('/_sim/plusofon/user-calls', async ({ body }) => {
		if (!isRecord(body)) throw new Error('a key or a phone is needed');
		return await of.plusofon.userCalls(parseTarget(body), parseUserCall(body.how));
	});

	app.get('/_sim/mobilgroup', async () => of.mobilgroup.snapshot());
	app.patch('/_sim/mobilgroup', async ({ body }) => {
		of.mobilgroup.setOptions(parseMobilgroupOptions(body));
		return of.mobilgroup.options;
	});

	app.get('/_sim/zvonobot', async () => of.zvonobot.snapshot());
	app.patch('/_sim/zvonobot', async ({ body }) => {
		of.zvonobot.setOptions(parseZvonobotOptions(body));
		return of.zvonobot.options;
	});
	/** The call with this id, or the newest one of this phone; {steps, ...how} is PlayRequest. */
	app.post<{ Params: { call: string } }>(
		'/_sim/zvonobot/calls/:call/play',
		async ({ params, body }) => {
			const { steps, ...how } = parsePlay(body);
			return await of.zvonobot.play(parseCall(params.call), steps, how);
		},
	);
	/** {url, headers, body}: any webhook whatever, true or forged. */
	app.post('/_sim/zvonobot/deliveries', async ({ body }) => {
		return await of.zvonobot.deliver(parseDelivery(body));
	});
}

function parseTarget(body: Record<string, unknown>): UserCallTarget {
	if (typeof body.key === 'string') return { key: body.key };
	if (typeof body.phone === 'string') return { phone: body.phone };
	throw new Error('a key or a phone is needed');
}

function parseUserCall(value: unknown): UserCallOptions {
	if (value === undefined) return {};
	if (!isRecord(value)) throw new Error('how must be an object');
	const how: UserCallOptions = {};
	if (value.encoding === 'json' || value.encoding === 'form') how.encoding = value.encoding;
	else if (value.encoding !== undefined) throw new Error('encoding must be json or form');
	if (typeof value.phone === 'string') how.phone = value.phone;
	if (typeof value.key === 'string') how.key = value.key;
	if (typeof value.times === 'number') how.times = value.times;
	if (typeof value.parallel === 'boolean') how.parallel = value.parallel;
	if (typeof value.retries === 'number') how.retries = value.retries;
	if (typeof value.retryDelayMs === 'number') how.retryDelayMs = value.retryDelayMs;
	return how;
}

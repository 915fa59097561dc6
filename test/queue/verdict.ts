import type { IDataObject } from 'n8n-workflow';

import { AFTER, MOBILGROUP, ZVONOBOT } from '../host/flows';
import { itemsOf } from '../host/n8n';
import { NOT_VERIFIED, VERIFIED } from '../host/waiting';
import type { ChargeEntry } from '../support/simulator/journal';
import type { Person, Tally } from './client';
import type { Killed } from './cluster';
import { isOver, type Kept } from './executions';
import { ANSWERED, KINDS, NO_ANSWER, type Kind } from './flows';
import { confirms } from './people';

/** How a flow ended: as for somebody who has confirmed, as for somebody who has not, or not at all. */
export type End = 'verified' | 'refused' | 'lost';

/** Why a flow may be lost: a process was killed while it was at work on it. */
export type Excuse = 'worker' | 'webhook process' | 'given up';

/** What became of one flow. */
export interface Verdict {
	person: Person;
	end: End;
	/** How often the flow has gone on; more than once would be a wait that was ended twice. */
	ends: number;
	excuse: Excuse | undefined;
	paid: number;
	/** For messages: its executions with their statuses. */
	executions: string[];
}

export interface Evidence {
	people: Person[];
	executions: Kept[];
	charges: ChargeEntry[];
	killed: Killed;
	/** Requests that a process was at work on when it ended. */
	cutOff: number;
	/** Executions. */
	givenUp: Set<string>;
}

export function judge({ people, executions, charges, killed, givenUp }: Evidence): Verdict[] {
	const byPhone = new Map<string, Kept[]>();
	for (const kept of executions) {
		for (const phone of kept.phones) byPhone.set(phone, [...(byPhone.get(phone) ?? []), kept]);
	}
	const paid = new Map<string, number>();
	for (const { phone = '' } of charges) paid.set(phone, (paid.get(phone) ?? 0) + 1);
	return people.map((person) => {
		const own = byPhone.get(person.phone) ?? [];
		const excuses: Array<[Excuse, boolean]> = [
			['worker', killed.phones.has(person.phone)],
			['webhook process', person.wasCutOff],
			['given up', own.some(({ id }) => givenUp.has(id))],
		];
		return {
			person,
			...endOf(person, own),
			excuse: excuses.find(([, applies]) => applies)?.[0],
			paid: paid.get(person.phone) ?? 0,
			executions: own.map(({ id, status }) => `${id} ${status}`),
		};
	});
}

function endOf(person: Person, executions: Kept[]): Pick<Verdict, 'end' | 'ends'> {
	const over = executions.filter(isOver);
	const jsonOf = (...nodes: string[]): IDataObject[] =>
		over
			.flatMap((kept) =>
				nodes.flatMap((node) => [0, 1, 2, 3].flatMap((output) => itemsOf(kept, node, output))),
			)
			.map(({ json }) => json);
	const found = FINDERS[person.kind](jsonOf, person.phone);
	const end = found.good > 0 ? 'verified' : found.bad > 0 ? 'refused' : 'lost';
	return { end, ends: found.good + found.bad };
}

type Finder = (
	jsonOf: (...nodes: string[]) => IDataObject[],
	phone: string,
) => { good: number; bad: number };

/** Sign-ups are refused until somebody is verified; that may be asked often, and is counted once. */
const signUp =
	(send: string, check: string): Finder =>
	(jsonOf) => {
		const isVerified = jsonOf(check).some(({ verified }) => verified === true);
		const isSent = jsonOf(send).some(({ key }) => typeof key === 'string');
		return { good: isVerified ? 1 : 0, bad: !isVerified && isSent ? 1 : 0 };
	};

const wait =
	(good: string[], bad: string): Finder =>
	(jsonOf) => ({ good: jsonOf(...good).length, bad: jsonOf(bad).length });

const FINDERS: Record<Kind, Finder> = {
	flashCall: signUp('Send Flash Call', 'Check PIN'),
	sealed: signUp(MOBILGROUP, MOBILGROUP),
	callWait: wait([VERIFIED], NOT_VERIFIED),
	codeWait: wait([VERIFIED], NOT_VERIFIED),
	verifyWait: wait([VERIFIED], NOT_VERIFIED),
	callAndWait: wait(ANSWERED, NO_ANSWER),
	trigger: (jsonOf, phone) => {
		const events = jsonOf(AFTER).filter((event) => event.phone === phone);
		const good = events.filter(({ status }) => status === 'finished').length;
		const isCreated = jsonOf(ZVONOBOT).some(({ callId }) => callId !== undefined);
		return { good, bad: good > 0 ? 0 : Math.max(events.length, isCreated ? 1 : 0) };
	},
};

/** One line for a message. */
export function describeVerdict({ person, end, ends, excuse, paid, executions }: Verdict): string {
	const { kind, phone, conduct } = person;
	return `${kind} ${conduct} ${phone}: ${end} (${ends}), paid ${paid}, ${excuse ?? 'no excuse'}; executions ${executions.join(', ')}`;
}

const COLUMNS = [44, 8, 10, 9, 7];

function row(...cells: Array<string | number>): string {
	return cells
		.map((cell, index) => {
			const text = typeof cell === 'number' ? cell.toLocaleString('en') : cell;
			const width = COLUMNS[index] ?? 0;
			return index === 0 ? text.padEnd(width) : text.padStart(width);
		})
		.join('');
}

/** What happened, for whoever ran it. */
export function summary(
	verdicts: Verdict[],
	{ killed, cutOff, givenUp, charges }: Evidence,
	tally: Tally,
): string {
	const count = (test: (verdict: Verdict) => boolean) => verdicts.filter(test).length;
	const kinds = Object.entries(KINDS).map(([kind, { label }]) => {
		const ended = (end: End) => count((one) => one.person.kind === kind && one.end === end);
		return row(
			label,
			count((one) => one.person.kind === kind),
			ended('verified'),
			ended('refused'),
			ended('lost'),
		);
	});
	const ended = (end: End) => count((one) => one.end === end);
	const lostTo = (excuse: Excuse) => count((one) => one.end === 'lost' && one.excuse === excuse);
	const { forged, unsure, begunAgain, replayed } = tally;
	return [
		row('', 'flows', 'verified', 'refused', 'lost'),
		...kinds,
		row('All', verdicts.length, ended('verified'), ended('refused'), ended('lost')),
		'',
		`The killed worker was at work on ${killed.ran.size} executions, with which ${lostTo('worker')} flows were lost;`,
		`  ${killed.saved.size} of its waits were only in the database.`,
		`The killed webhook process was at work on ${cutOff} requests, with which ${lostTo('webhook process')} flows were lost.`,
		`n8n gave up ${givenUp.size} executions without a job, with which ${lostTo('given up')} flows were lost.`,
		`Of the lost flows, ${count(({ end, paid }) => end === 'lost' && paid > 0)} had been paid for.`,
		`Starts whose answer was lost: ${unsure}; ${begunAgain} of them had not arrived, and were sent again.`,
		`Forged callbacks and requests: ${forged.sent}; accepted: ${forged.accepted.length}.`,
		`Events that were delivered once more in the end: ${replayed}; that started a flow again: ${count(({ person, ends }) => person.kind === 'trigger' && ends > 1)}.`,
		`Paid requests: ${charges.length}; flows with more than one: ${count(({ paid }) => paid > 1)}.`,
	].join('\n');
}

/** Whether the flow ended as it has to for this person. */
export function isRight({ person, end }: Verdict): boolean {
	return end === (confirms(person) ? 'verified' : 'refused');
}

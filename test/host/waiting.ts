import type { IDataObject } from 'n8n-workflow';

import { itemsOf, post, type Answer, type Execution, type Host, type WorkflowFile } from './n8n';
import type { Stage } from './stage';
import type { SimulatorClient } from '../support/simulator/client';
import type { ChargeEntry } from '../support/simulator/journal';

export const VERIFIED = 'Verified';
export const NOT_VERIFIED = 'Not Verified';
export const WRONG_CODE = 'Wrong Code';

/** An execution that waits. */
export interface Started {
	executionId: string;
	/** With n8n's token; a GET or POST to it is a request for the wait. */
	resumeUrl: string;
	/** Digits of the person's number. */
	phone: string;
}

let phones = 0;

/** A number that no other test uses. */
export function newPhone(): string {
	phones += 1;
	return String(79_160_000_000 + phones);
}

/** What the tests of waiting operations do again and again. */
export class Waits {
	readonly host: Host;

	readonly simulator: SimulatorClient;

	constructor(private readonly stage: Stage) {
		({ host: this.host, simulator: this.simulator } = stage);
	}

	/** Saves a flow and publishes it. */
	async publish(flow: WorkflowFile): Promise<string> {
		const id = await this.save(flow);
		await this.host.activate(id);
		return id;
	}

	async save(flow: WorkflowFile): Promise<string> {
		return await this.host.importWorkflow(flow, Object.values(this.stage.credentials));
	}

	/** Starts a published flow; its execution may not wait yet. */
	async begin(path: string, items?: IDataObject[]): Promise<Started> {
		const phone = newPhone();
		const { status, body } = await post(this.host.webhookUrl(path), {
			items: items ?? [{ phone }],
		});
		expect(status).toBe(200);
		return { ...(body as Omit<Started, 'phone'>), phone };
	}

	/** The same, and waits until it waits. */
	async start(path: string, items?: IDataObject[]): Promise<Started> {
		const started = await this.begin(path, items);
		await this.host.waitForStatus(started.executionId, 'waiting');
		return started;
	}

	async ended({ executionId }: Started, timeoutMs?: number): Promise<Execution> {
		await this.host.waitForStatus(executionId, 'success', timeoutMs);
		return await this.host.execution(executionId);
	}

	/** Where Plusofon reports the call of this person. */
	async hookOf(phone: string): Promise<URL> {
		const url = await this.simulator.hookUrlOf(await this.simulator.lastKey(phone));
		return new URL(url ?? '');
	}

	/** Every time that this person was called, or a number was paid for. */
	async chargesOf(phone: string): Promise<ChargeEntry[]> {
		const { charges } = await this.simulator.journal();
		return charges.filter((charge) => charge.phone === phone);
	}
}

/** The data of the items that came out at each of the given nodes. */
export function outcomes(execution: Execution, ...nodes: string[]): IDataObject[][] {
	return nodes.map((node) => itemsOf(execution, node).map(({ json }) => json));
}

/** The one item of a verified person, and none of another. */
export function expectVerified(execution: Execution, phone: string): void {
	expect(outcomes(execution, VERIFIED, NOT_VERIFIED)).toEqual([
		[expect.objectContaining({ verified: true, reason: 'verified', phone })],
		[],
	]);
}

/** The one item of a person who is not verified, and none of another. */
export function expectNotVerified(execution: Execution, reason: string): void {
	expect(outcomes(execution, VERIFIED, NOT_VERIFIED)).toEqual([
		[],
		[expect.objectContaining({ verified: false, reason })],
	]);
}

/** A page as a browser asks for it. */
export async function open(url: string): Promise<Answer & { type: string }> {
	const response = await fetch(url, { headers: { accept: 'text/html,application/xhtml+xml' } });
	const type = response.headers.get('content-type') ?? '';
	return { status: response.status, body: await response.text(), type };
}

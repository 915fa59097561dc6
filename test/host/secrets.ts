/* eslint-disable @n8n/community-nodes/no-restricted-imports -- development equipment: never runs inside n8n */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import type { IDataObject } from 'n8n-workflow';

/** The fields of our credentials that nobody may see. */
const SECRET_FIELDS = ['accessToken', 'token', 'apiKey'];
/** Anything shorter would be found by chance. */
const SHORTEST = 10;

/** Everything that must not turn up where n8n keeps and logs things. */
export class Secrets {
	private readonly known = new Set<string>();

	add(secret: string): void {
		if (secret.length < SHORTEST) {
			throw new Error(`A secret of ${secret.length} characters cannot be looked for`);
		}
		this.known.add(secret);
	}

	all(): string[] {
		return [...this.known];
	}

	addCredential(data: IDataObject): void {
		for (const field of SECRET_FIELDS) if (field in data) this.add(String(data[field]));
	}

	/** Where they stand in these files and folders, in whatever spelling. */
	foundIn(paths: string[]): string[] {
		const spellings = [...this.known].flatMap(spellingsOf);
		return paths.flatMap(filesIn).flatMap(({ file, name }) => {
			const content = readFileSync(file);
			return spellings
				.map((spelling) => ({ spelling, at: content.indexOf(spelling) }))
				.filter(({ at }) => at >= 0)
				.map(({ spelling, at }) => {
					const before = content.subarray(Math.max(0, at - 120), at).toString('utf8');
					return `${name}: …${before.replace(/\s+/g, ' ')}[${spelling.slice(0, 4)}…]`;
				});
		});
	}
}

function spellingsOf(secret: string): string[] {
	const bytes = Buffer.from(secret);
	return [
		...new Set([
			secret,
			encodeURIComponent(secret),
			bytes.toString('base64').replace(/=+$/, ''),
			bytes.toString('base64url'),
			bytes.toString('hex'),
		]),
	];
}

function filesIn(path: string): Array<{ file: string; name: string }> {
	try {
		return readdirSync(path, { withFileTypes: true, recursive: true })
			.filter((entry) => entry.isFile())
			.map((entry) => join(entry.parentPath, entry.name))
			.map((file) => ({ file, name: relative(path, file) }));
	} catch {
		return [{ file: path, name: path }];
	}
}

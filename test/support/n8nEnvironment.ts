/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// n8n-core reads these when it is loaded, and would use the developer's own n8n folder otherwise.
process.env.N8N_USER_FOLDER = mkdtempSync(join(tmpdir(), 'n8n-engine-'));
process.env.N8N_ENCRYPTION_KEY = 'for tests only';
// Expressions without the isolated engine, whose native module is not built here.
process.env.N8N_EXPRESSION_ENGINE = 'legacy';
// Its error reporter would print every refusal that a test provokes.
process.env.N8N_LOG_LEVEL = 'silent';

// The second lint pass: all rules of eslint-plugin-n8n-nodes-base on what is published. The config of the
// first pass has to stay n8n's default to the letter.
import tsParser from '@typescript-eslint/parser';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';

const { community, credentials, nodes } = n8nNodesBase.configs;

export default [
	{ ignores: ['dist/', '**/node_modules/', 'test/', 'scripts/', '*.js', '*.mjs'] },
	{
		files: ['**/*.ts', 'package.json'],
		plugins: { 'n8n-nodes-base': n8nNodesBase },
		languageOptions: { parser: tsParser, parserOptions: { extraFileExtensions: ['.json'] } },
	},
	{ files: ['package.json'], rules: community.rules },
	{
		files: ['credentials/**/*.ts'],
		rules: {
			...credentials.rules,
			// Wants a path on n8n's own documentation site, which community nodes do not have.
			'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
		},
	},
	{
		files: ['nodes/**/*.ts'],
		rules: {
			...nodes.rules,
			// These two ask for strings where the first pass asks for NodeConnectionTypes.
			'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
			'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
		},
	},
];

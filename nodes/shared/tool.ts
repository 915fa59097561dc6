/** Whether an AI agent runs a node of this type: n8n gives it a type of its own then. */
export function isToolType(type: string): boolean {
	return type.endsWith('Tool');
}

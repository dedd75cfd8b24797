/** Attribute values as OpenTelemetry has them, as JSON. Whole numbers beyond 2^53 are strings. */
export type AttributeValue = string | number | boolean | null | AttributeValue[] | { [key: string]: AttributeValue };
export type Attributes = Record<string, AttributeValue>;

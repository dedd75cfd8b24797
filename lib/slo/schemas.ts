// What the API of SLOs takes and gives.
export * from './definition-schemas.ts';
export * from './draft-schemas.ts';
export * from './exclusion-schemas.ts';
export * from './figure-schemas.ts';
export * from './policy-schemas.ts';

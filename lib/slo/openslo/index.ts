export { type ReadOpenSlo, type ReadSlo, readOpenSlo } from './read.ts';
export type { PlaceName, Places } from './reading.ts';
export { writeOpenSlo } from './write.ts';

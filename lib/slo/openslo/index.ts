export { type ReadOpenSlo, type ReadSlo, readOpenSlo } from './read.ts';
export { writeOpenSlo } from './write.ts';

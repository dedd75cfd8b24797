export { isLoopback, loadReceiverConfig, type ReceiverConfig, receiverSettings } from './config.ts';
export { migrateTelemetry } from './migrate.ts';
export { type Receiver, startReceiver } from './receiver.ts';

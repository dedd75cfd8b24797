export { alertingHealth } from './health.ts';
export { jobs } from './jobs.ts';
export { listAlerts } from './list-alerts.ts';
export { deliveryLimitBytes, receiveAlerts, setAside } from './receive-alerts.ts';
export { routes } from './routes.ts';
export { seeAlert } from './see-alert.ts';

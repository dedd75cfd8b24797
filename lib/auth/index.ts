export { type Authenticated, authenticate } from './authenticate.ts';
export { hashPassword } from './password.ts';
export { routes } from './routes.ts';
export { authOptions, cookieNames, trustedProxies } from './session.ts';
export { issueSetUpToken, needsSetUp } from './set-up.ts';
export { selectInstall } from './store.ts';

import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { QueryProvider } from '#components/shell/query-provider.tsx';
import { config } from '#lib/core/config.ts';
import { commandsFor } from './commands.ts';
import { ConsoleFrame } from './console-frame.tsx';
import { requirePerson } from './session.ts';

/** The frame round every page, for whoever is signed in. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const { name, role } = await requirePerson();
  const zone = (await cookies()).get('quarterdeck-zone')?.value === 'local' ? 'local' : 'utc';
  const { QD_DEFAULT_ENVIRONMENT, QD_DEMO } = config();
  return (
    <QueryProvider>
      <ConsoleFrame
        person={{ name, role }}
        commands={commandsFor(role)}
        defaultEnvironment={QD_DEFAULT_ENVIRONMENT}
        nowMs={Date.now()}
        zone={zone}
        demo={QD_DEMO}
      >
        {children}
      </ConsoleFrame>
    </QueryProvider>
  );
}

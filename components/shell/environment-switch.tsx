'use client';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useEnvironment } from '../ui/environment.tsx';
import { Menu } from '../ui/menu.tsx';

/** Which environment is looked at; the address says so, and anything but production is loud about it. */
export function EnvironmentSwitch() {
  const { current, all } = useEnvironment();
  const router = useRouter();
  const pathname = usePathname();
  const params = useSearchParams();
  const go = (name: string) => {
    const next = new URLSearchParams(params);
    next.set('env', name);
    router.push(`${pathname}?${next}`);
  };
  return (
    <Menu
      label="Environment"
      items={all.map((one) => ({
        id: one.name,
        label: one.name,
        hint: one.production ? 'production' : undefined,
        checked: one.name === current.name,
        onSelect: () => go(one.name),
      }))}
      trigger={
        <button type="button" className="btn env" aria-label={`Environment: ${current.name}`}>
          {current.production ? null : <span aria-hidden="true">▚</span>}
          <span className="clip">{current.name}</span> <span className="faint">▾</span>
        </button>
      }
    />
  );
}
